"""Receivers of all that one resource is linked to, put together by cell: one list for all of its outputs."""

from __future__ import annotations

from math import floor, isnan
from typing import Any, NamedTuple

import numpy as np

from matching.kernel.compiling import AHEAD, bits_in, inlined, soon_read
from matching.kernel.lanes import (
    BLOCK,
    CODE,
    CUT,
    FALL,
    FULL,
    INVERSE,
    LANES,
    MATERIAL,
    NEED,
    REFUSED,
    SHARE,
    SITE,
    VALUE,
    X,
    Y,
    Z,
    address_of,
)
from matching.kernel.pair import LOG_2
from matching.kernel.ranking import tail_of
from matching.kernel.tables import ALONE, CHOOSY, GOODS, INTRICATE, NEVER_GOODS, Local, Problem

NONE = np.uint64(0)
# Bits of ``NEED`` and ``REFUSED`` above those of properties.
MOST_PROPERTIES = 24
MOST_NEAR = np.uint64(1 << MOST_PROPERTIES)
ASKED, UNMET = 1 << 30, 1 << 29
IS_GOODS, IS_NEVER_GOODS, BARRED = 1 << 25, 1 << 26, 1 << 27
# What a link says of all its receivers. ``conflicts`` are those of what it needs but for what is presumed,
# ``never`` the qualities that must be said; ``hard`` tells that only the full score can tell.
SAID = np.dtype(
    [
        *((name, np.uint64) for name in ("refused", "offered", "needed", "conflicts", "nature", "never")),
        *((name, np.float32) for name in ("full", "fall", "cut", "material")),
        *((name, np.int32) for name in ("number", "fit_row", "hard")),
    ],
    align=True,
)
# A longer reach is left to the exact score: single precision would blur the distance.
FAR_KM = 700.0


class Merged(NamedTuple):
    """What all receivers put together have in common: the best of each term of the distance and material."""

    material: float
    full_km: float
    half_km: float
    cut_km: float
    least_half_km: float
    intricate: int


@inlined
def shift_of(chosen: Any) -> Any:
    """Return how far masks of properties can be moved down without losing any that is chosen."""
    return bits_in(~chosen & (chosen - np.uint64(1))) if chosen != NONE else NONE


@inlined
def squeezed(mask: Any, chosen: Any, shift: Any) -> Any:
    """Return the bits of ``mask`` that are in ``chosen``, moved together where they lie too far apart."""
    rest = mask & chosen
    if chosen >> shift < MOST_NEAR:
        return np.int64(rest >> shift)
    found = np.int64(0)
    while rest != NONE:
        lowest = rest & (~rest + np.uint64(1))
        found |= np.int64(1) << np.int64(bits_in(chosen & (lowest - np.uint64(1))))
        rest ^= lowest
    return found


@inlined
def merge(problem: Problem, resource: int, offered: Any, local: Local) -> Merged:
    """Fill ``local`` with the receivers of ``resource``, strongest link first in each cell.

    Parameters
    ----------
    offered
        Properties that one of the outputs has: no other matters.
    """
    links, cells = problem.links, problem.postings.start.shape[1]
    common = _count(problem, resource, cells, local)
    total = 0
    for cell in range(cells):
        count = local.start[cell]
        local.start[cell] = total
        total += count
    for n in range(links.start[resource], links.start[resource + 1]):
        _place_all(problem, links.order[n], n - links.start[resource], local)
    # Each cell's place has moved to its end, where the next begins.
    for cell in range(cells - 1, 0, -1):
        local.start[cell] = local.start[cell - 1]
    local.start[0] = 0
    intricate, shift = 0, shift_of(offered)
    for place in range(total):
        soon_read(problem.postings.met, local.source[min(place + AHEAD, total - 1)])
        intricate += _put(problem, place, offered, shift, local)
    _close(total, local)
    return Merged(common[0], common[1], common[2], common[3], common[4], intricate)


@inlined
def _count(problem: Problem, resource: int, cells: int, local: Local) -> Any:
    """Count the receivers of each cell; return the best of each term, as ``Merged`` has them."""
    links, postings, t = problem.links, problem.postings, problem.terms[0]
    material, full, half, cut, least_half = -np.inf, 0.0, 0.0, 0.0, np.inf
    for cell in range(cells):
        local.start[cell] = 0
    for n in range(links.start[resource], links.start[resource + 1]):
        b = problem.bases[links.order[n]]
        first, last = postings.start[b.met, 0], postings.start[b.met, cells - 1]
        for p in range(first, last):
            local.start[postings.cell[p]] += 1
        if first < last:
            material = max(material, t.material * b.log_strength)
            full, half, cut = max(full, b.full_km), max(half, b.half_km), max(cut, b.cut_km)
            least_half = min(least_half, b.half_km)
    return material, full, half, cut, least_half


@inlined
def _say(b: Any, t: Any, number: int, said: Any) -> None:
    """Write what a link says of all its receivers."""
    cut = floor(b.cut_km * 10 + 1e-6)
    if cut / 10 > b.cut_km:
        cut -= 1
    beyond = b.cut_km > FAR_KM
    said.full, said.fall = b.full_km * 10, 0.0 if beyond else t.distance * LOG_2 / b.half_km / 10
    said.cut, said.material = np.inf if beyond else cut, t.material * b.log_strength
    said.refused = (b.refused & ~b.accepted) | (t.default_refused & ~(b.accepted | b.presumed))
    said.offered, said.needed, said.nature = b.offered, b.needed, b.nature
    said.conflicts, said.never = b.needed_conflicts & ~b.presumed, t.never_assumed & ~b.offered
    said.number, said.fit_row = number, b.fit_row
    said.hard = beyond or b.condition_start < b.condition_stop


@inlined
def _place_all(problem: Problem, number: int, slot: int, local: Local) -> None:
    """Give each receiver of a link its place, and write what the link says of all of them."""
    b, postings = problem.bases[number], problem.postings
    _say(b, problem.terms[0], number, local.said[slot])
    starts = postings.start[b.met]
    for p in range(starts[0], starts[len(starts) - 1]):
        cell = postings.cell[p]
        place = local.start[cell]
        local.start[cell] = place + 1
        local.source[place], local.link[place] = p, slot


@inlined
def _put(problem: Problem, place: int, offered: Any, shift: Any, local: Local) -> int:
    """Write what is known of a receiver; return whether only the full score can tell what it is worth."""
    m, said, t = problem.postings.met[local.source[place]], local.said[local.link[place]], problem.terms[0]
    numbers, codes, at = local.numbers, local.codes, address_of(place)
    numbers[at + X], numbers[at + Y], numbers[at + Z] = m.x, m.y, m.z
    numbers[at + FULL], numbers[at + FALL], numbers[at + CUT] = said.full, said.fall, said.cut
    numbers[at + VALUE], numbers[at + INVERSE], numbers[at + SHARE] = m.value, m.inverse, m.share
    codes[at + CODE], codes[at + SITE] = m.code, m.site
    material = said.material + np.float32(0.5 * t.material * m.log_certainty)
    if m.marks & ALONE and _is_unfit(problem, m, said.fit_row):
        material += np.float32(t.material * t.log_unfit_receiver)
    numbers[at + MATERIAL] = material
    need, bad, unsaid = _properties(problem, m, said, offered, shift)
    number = said.number
    local.tail[place], local.link[place] = tail_of(m.rank, number), number
    hard = m.marks & INTRICATE != 0 or unsaid or said.hard != 0
    if hard:
        need, local.link[place] = ASKED, -1 - number
        if isnan(m.x):
            numbers[at + X], numbers[at + Y], numbers[at + Z] = 0, 0, 0
            numbers[at + CUT], numbers[at + FALL] = np.inf, 0
    codes[at + NEED], codes[at + REFUSED] = need, bad
    return int(hard)


@inlined
def _is_unfit(problem: Problem, m: Any, fit_row: int) -> bool:
    """Tell whether the receiver's activity is not one that the link's rule names."""
    return bool(fit_row >= 0 and not problem.links.fits[fit_row, problem.flows[m.flow].activity])


@inlined
def _properties(problem: Problem, m: Any, said: Any, offered: Any, shift: Any) -> Any:
    """Return what a receiver asks for, what it refuses and whether it asks for what must be said."""
    needed = m.has | said.needed
    bad = said.refused | (said.conflicts & ~needed)
    if m.marks & CHOOSY:
        i = problem.flows[m.flow]
        bad |= i.refuses | (i.conflicts & ~(needed | said.nature))
    asked = needed & problem.terms[0].asked_qualities
    missing = asked & ~said.offered
    need = squeezed(missing, offered, shift) | (ASKED if asked != NONE else 0)
    if missing & ~offered != NONE:
        need |= UNMET
    # A quality that must be said refuses where nobody says it; ``bad`` has no bit for what is not offered.
    never = needed & said.never
    barred = said.offered & bad != NONE or never & ~offered != NONE
    code = squeezed(bad, offered, shift)
    if m.marks & GOODS:
        code |= IS_GOODS
    if m.marks & NEVER_GOODS:
        code |= IS_NEVER_GOODS
    if barred:
        code |= BARRED
    return need, code, never & offered != NONE


@inlined
def _close(total: int, local: Local) -> None:
    """Fill the last block with receivers that nothing reaches."""
    for at in range(total, (total // LANES + 1) * LANES):
        first = address_of(at)
        for column in range(BLOCK // LANES):
            local.numbers[first + np.uint64(column * LANES)] = 0
        local.numbers[first + CUT] = -1
