"""The best of what may enter, compiled: no list is kept in order, since most of what is met does not stay."""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np

from matching.kernel.compiling import bits_in, inlined, lanes_reaching, many
from matching.kernel.lanes import LANES, ZERO
from matching.kernel.tables import Local

# Halvings of the range of scores, and how many more than are wanted are few enough to stop.
HALVINGS, MORE = 14, 4
# The first step from where the aim of the output before was.
STEP = 0.06
# A tenth of a point in a score of which 1 is the most, with some room for single precision.
TENTH = 0.00101
LEAST_KEY = np.int64(-1)
# The mask of a block's scores that reach an aim, by where the first of them stands.
lanes_above: Any = lanes_reaching(LANES)
# By the mask of eight lanes: those that are set, one after the other.
EIGHT = 8
SET_LANES = np.array(
    [[*(n for n in range(EIGHT) if mask >> n & 1), *(EIGHT * [0])][:EIGHT] for mask in range(1 << EIGHT)],
    dtype=np.int32,
).ravel()


@many
def _reach(scores: Any, blocks: int, aim: Any) -> Any:
    """Return how many of whole blocks of scores reach ``aim``."""
    count = ZERO
    for n in range(blocks * LANES):
        count = np.int32(count + np.int32(scores[np.uint64(n)] >= aim))
    return count


@inlined
def split(local: Local, held: int, judged: int, top: int, aim: float, guess: float) -> float:
    """Return a bound that ``top`` of what is held reach, and few more; ``aim`` where fewer are held."""
    judged_blocks = (judged + LANES - 1) // LANES
    low, high, middle, step = aim, 0.1, max(guess, aim), STEP
    for _ in range(HALVINGS):
        found = _reach(local.scores, held, np.float32(middle)) + _reach(
            local.judged, judged_blocks, np.float32(middle)
        )
        if found >= top:
            low = middle
            if found <= top + MORE:
                break
            middle = min(low + step, 0.5 * (low + high))
        else:
            high = middle
            middle = max(high - step, 0.5 * (low + high))
        step *= 2
    return low


@inlined
def raised(split: float, aim: float, slack: float) -> float:
    """Return what flows that reach ``split`` ask of any other; it may be too high by ``slack``."""
    least = exp(split - slack) - TENTH
    return max(aim, log(least)) if least > 1e-9 else aim


@many
def _copy(scores: Any, block: int, to: int) -> None:
    source, target = np.uint64(block * LANES), np.uint64(to * LANES)
    for lane in range(LANES):
        scores[target + np.uint64(lane)] = scores[source + np.uint64(lane)]


@inlined
def sift(local: Local, held: int, aim: Any) -> int:
    """Let go of the blocks none of which reaches ``aim``; return how many are still held."""
    kept = 0
    for n in range(held):
        if lanes_above(local.scores, n * LANES, aim) == ZERO:
            continue
        if kept < n:
            _copy(local.scores, n, kept)
            local.held[kept] = local.held[n]
        kept += 1
    return kept


@inlined
def lowest_lane(mask: Any) -> Any:
    """Return the first lane of a mask."""
    return bits_in(np.int32((mask & -mask) - 1))


@many
def _spread(place: Any, count: int, first: Any, mask: Any) -> None:
    """Write the lanes of a mask of eight as places; what is written beyond them is written over."""
    for n in range(EIGHT):
        place[np.uint64(count + n)] = first + SET_LANES[np.uint64(mask * EIGHT + n)]


@inlined
def places_above(local: Local, held: int, aim: Any) -> int:
    """Fill ``place`` with the receivers that reach ``aim``; return how many, -1 where there is no room."""
    count = 0
    for n in range(held):
        if count > len(local.place) - LANES:
            return -1
        mask = lanes_above(local.scores, n * LANES, aim)
        for first in range(0, LANES, EIGHT):
            some = np.int32((mask >> first) & ((1 << EIGHT) - 1))
            _spread(local.place, count, np.int32(local.held[n] * LANES + first), some)
            count += bits_in(some)
    return count


@many
def _before(keys: Any, blocks: int, key: Any) -> Any:
    """Return how many keys of whole blocks are larger."""
    found = np.int64(0)
    for n in range(blocks * LANES):
        found += np.int64(keys[np.uint64(n)] > key)
    return found


@inlined
def put_in_order(local: Local, count: int, best: Any) -> int:
    """Fill ``best`` with the largest keys, largest first; return how many there are."""
    keys, blocks = local.keys, (count + LANES - 1) // LANES
    for n in range(count, blocks * LANES):
        keys[n] = LEAST_KEY
    for n in range(count):
        local.ordered[np.uint64(_before(keys, blocks, keys[n]))] = keys[n]
    found = min(count, len(best))
    for n in range(found):
        best[n] = local.ordered[n]
    return found
