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
from matching.kernel.tables import ALONE, CHOOSY, GOODS, INTRICATE, NEVER_GOODS, Local, Problem

NONE = np.uint64(0)
# Bits of ``NEED`` and ``REFUSED`` above those of properties.
MOST_PROPERTIES = 24
MOST_NEAR = np.uint64(1 << MOST_PROPERTIES)
ASKED, UNMET = 1 << 30, 1 << 29
IS_GOODS, IS_NEVER_GOODS, BARRED = 1 << 25, 1 << 26, 1 << 27
# A longer reach is left to the exact score: single precision would blur the distance.
FAR_KM = 700.0
# Numbers that a link says of all its receivers.
BY_LINK = 4


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
    links, starts = problem.links, problem.postings.start
    cells = starts.shape[1]
    common = _count(problem, resource, cells, local)
    total = 0
    for cell in range(cells):
        count = local.start[cell]
        local.start[cell] = total
        total += count
    for n in range(links.start[resource], links.start[resource + 1]):
        _place_all(problem, n, n - links.start[resource], local)
    # Each cell's place has moved to its end, where the next begins.
    for cell in range(cells - 1, 0, -1):
        local.start[cell] = local.start[cell - 1]
    local.start[0] = 0
    intricate, shift = 0, shift_of(offered)
    for place in range(total):
        soon_read(problem.postings.met, local.source[min(place + AHEAD, total - 1)])
        intricate += _put(problem, place, links.start[resource], offered, shift, local)
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
def _place_all(problem: Problem, n: int, slot: int, local: Local) -> None:
    """Give each receiver of a link its place, and work out what the link says of all of them."""
    b, t, postings = problem.bases[problem.links.order[n]], problem.terms[0], problem.postings
    cut = floor(b.cut_km * 10 + 1e-6)
    if cut / 10 > b.cut_km:
        cut -= 1
    beyond = b.cut_km > FAR_KM
    numbers, at = local.by_link, slot * BY_LINK
    numbers[at], numbers[at + 1] = b.full_km * 10, 0.0 if beyond else t.distance * LOG_2 / b.half_km / 10
    numbers[at + 2], numbers[at + 3] = np.inf if beyond else cut, t.material * b.log_strength
    local.refused[slot] = (b.refused & ~b.accepted) | (t.default_refused & ~(b.accepted | b.presumed))
    starts = postings.start[b.met]
    for p in range(starts[0], starts[len(starts) - 1]):
        cell = postings.cell[p]
        place = local.start[cell]
        local.start[cell] = place + 1
        local.source[place], local.link[place] = p, slot


@inlined
def _put(problem: Problem, place: int, first_link: int, offered: Any, shift: Any, local: Local) -> int:
    """Write what is known of a receiver; return whether only the full score can tell what it is worth."""
    slot, m, t = local.link[place], problem.postings.met[local.source[place]], problem.terms[0]
    number = problem.links.order[first_link + slot]
    b = problem.bases[number]
    numbers, codes, by_link = local.numbers, local.codes, slot * BY_LINK
    at = address_of(place)
    numbers[at + X], numbers[at + Y], numbers[at + Z] = m.x, m.y, m.z
    numbers[at + FULL], numbers[at + FALL] = local.by_link[by_link], local.by_link[by_link + 1]
    numbers[at + CUT], numbers[at + MATERIAL] = (
        local.by_link[by_link + 2],
        local.by_link[by_link + 3] + np.float32(0.5 * t.material * m.log_certainty),
    )
    numbers[at + VALUE], numbers[at + INVERSE], numbers[at + SHARE] = m.value, m.inverse, m.share
    codes[at + CODE], codes[at + SITE] = m.code, m.site
    if m.marks & ALONE and _is_unfit(problem, m, b):
        numbers[at + MATERIAL] += np.float32(t.material * t.log_unfit_receiver)
    need, bad, unsaid = _properties(problem, m, b, t, local.refused[slot], offered, shift)
    hard = m.marks & INTRICATE or unsaid or b.cut_km > FAR_KM or b.condition_start < b.condition_stop
    if hard:
        need = ASKED
        if isnan(m.x):
            numbers[at + X], numbers[at + Y], numbers[at + Z] = 0, 0, 0
            numbers[at + CUT], numbers[at + FALL] = np.inf, 0
    codes[at + NEED], codes[at + REFUSED] = need, bad
    local.rank[place], local.link[place] = m.rank, -1 - number if hard else number
    return int(hard)


@inlined
def _is_unfit(problem: Problem, m: Any, b: Any) -> bool:
    """Tell whether the receiver's activity is not one that the link's rule names."""
    return bool(b.fit_row >= 0 and not problem.links.fits[b.fit_row, problem.flows[m.flow].activity])


@inlined
def _properties(problem: Problem, m: Any, b: Any, t: Any, refused: Any, offered: Any, shift: Any) -> Any:
    """Return what a receiver asks for, what it refuses and whether it asks for what must be said."""
    needed = m.has | b.needed
    bad = refused | (b.needed_conflicts & ~needed & ~b.presumed)
    if m.marks & CHOOSY:
        i = problem.flows[m.flow]
        bad |= i.refuses | (i.conflicts & ~(needed | b.nature))
    asked = needed & t.asked_qualities
    missing = asked & ~b.offered
    need = squeezed(missing, offered, shift) | (ASKED if asked != NONE else 0)
    if missing & ~offered != NONE:
        need |= UNMET
    # A quality that must be said refuses where nobody says it; ``bad`` has no bit for what is not offered.
    never = needed & ~b.offered & t.never_assumed
    barred = b.offered & bad != NONE or never & ~offered != NONE
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
