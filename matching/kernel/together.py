"""The search for many outputs, compiled: those of one resource read one list of receivers, by sixteens.

What an output could score with each receiver is worked out roughly, with a margin; the best are scored again
to single precision; where a rounding could fall on either side, the full score decides.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matching.kernel.asking import ask, is_plain
from matching.kernel.cells import NONE
from matching.kernel.choosing import places_above, put_in_order
from matching.kernel.compiling import bits_in, compiled, inlined, soon_read
from matching.kernel.gathering import Held, Wanted, gather, judged
from matching.kernel.lanes import FINE_COLUMNS, LANES, UNSURE, Question, address_of, fine_scores
from matching.kernel.logarithms import CURVE_ERROR, NEAR_ERROR
from matching.kernel.merging import MOST_PROPERTIES, merge, shift_of
from matching.kernel.pair import LOG_2
from matching.kernel.ranking import AIMS, LINK_BITS, RANK_BITS
from matching.kernel.tables import COUNT, Local, Problem

# Count of an output that is left to the search one by one.
LEFT = -1.0
# What single precision may add to a rough sum of logarithms, with room.
ROUGH_MARGIN = 2e-5
# More tenths of a km than a rough distance may be off.
ROUGH_TENTHS = 1.2
# Outputs between asking for a reading and its use (own estimate).
NEXT = 2


@inlined
def _finish(problem: Problem, q: Question, want: Wanted, local: Local, now: Held, best: Any) -> int:
    """Score finely what may be among the best and put it in order; return how many there are."""
    count = places_above(local, now.blocks, np.float32(now.aim))
    if count < 0:
        return int(LEFT)
    for n in range(count):
        source, target = address_of(local.place[n]), address_of(n)
        for column in range(FINE_COLUMNS):
            step = np.uint64(column * LANES)
            local.near[target + step] = local.numbers[source + step]
    for block in range((count + LANES - 1) // LANES):
        fine_scores(q, np.float32(want.by_reading), local.near, local.near_codes, block, local.tenths)
    refused = 0
    kept, lowest = now.judged, np.int32(np.ceil(want.least * 10 - 1e-9))
    for n in range(count):
        place, tenths = local.place[n], local.tenths[n]
        if tenths == UNSURE:
            key = judged(problem, want.row, local.source[place], local.link[place], want.least)
            local.keys[kept] = key
            refused += key < 0
            kept += key >= 0
        else:
            local.keys[kept] = (np.int64(tenths) << (LINK_BITS + RANK_BITS)) | local.tail[place]
            refused += tenths < 0
            kept += tenths >= lowest
    # One that is refused after all has raised the aim, perhaps above what comes in its place.
    if refused > 0 and now.aim > AIMS[int(want.least * 10)]:
        return int(LEFT)
    return put_in_order(local, kept, best)


@inlined
def _resource(problem: Problem, row: int) -> int:
    o = problem.flows[row]
    return int(problem.readings[o.reading_start].resource) if o.reading_start < o.reading_stop else -1


@inlined
def _receivers_of(problem: Problem, resource: int) -> int:
    """Return how many receivers the links of a resource have together."""
    links, starts = problem.links, problem.postings.start
    total = 0
    for n in range(links.start[resource], links.start[resource + 1]):
        met = problem.bases[links.order[n]].met
        total += starts[met, starts.shape[1] - 1] - starts[met, 0]
    return total


@inlined
def _one_resource(
    problem: Problem, outputs: Any, least: float, worth: int, keys: Any, states: Any, local: Local
) -> None:
    t, resource = problem.terms[0], _resource(problem, outputs[0])
    offered, plain = NONE, 0
    for n in range(len(outputs)):
        states[n, COUNT] = LEFT
        o = problem.flows[outputs[n]]
        if is_plain(o):
            offered |= o.has
            plain += 1
    if plain == 0 or bits_in(offered) > MOST_PROPERTIES or _receivers_of(problem, resource) > worth * plain:
        return
    merged = merge(problem, resource, offered, local)
    margin = t.quantity * NEAR_ERROR + t.timing * CURVE_ERROR + ROUGH_MARGIN
    slack = 2 * margin + ROUGH_TENTHS * t.distance * LOG_2 / merged.least_half_km / 10
    guess, shift = 0.0, shift_of(offered)
    for n in range(len(outputs)):
        o = problem.flows[outputs[n]]
        soon_read(problem.readings, problem.flows[outputs[min(n + NEXT, len(outputs) - 1)]].reading_start)
        if is_plain(o):
            by_reading = 0.5 * t.material * problem.readings[o.reading_start].log_certainty
            want = Wanted(outputs[n], keys.shape[1], least, by_reading, slack)
            q = ask(problem, o, by_reading + margin, merged, offered, shift)
            now = gather(problem, q, want, merged, local, guess)
            guess = now.split
            if now.blocks >= 0:
                states[n, COUNT] = _finish(problem, q, want, local, now, keys[n])


@compiled
def search_together(
    problem: Problem, outputs: Any, least: float, worth: int, keys: Any, states: Any, local: Local
) -> None:
    """Fill the best receivers of each of ``outputs``, or ``LEFT`` as their count; see ``search``.

    Outputs of one resource should follow each other; the tables must be as they were built, and go from
    outputs to inputs.

    Parameters
    ----------
    worth
        How many receivers put together cost as much as one output saves: outputs of fewer are left.
    """
    first = 0
    while first < len(outputs):
        last, resource = first + 1, _resource(problem, outputs[first])
        while last < len(outputs) and _resource(problem, outputs[last]) == resource:
            last += 1
        _one_resource(problem, outputs[first:last], least, worth, keys[first:last], states[first:last], local)
        first = last
