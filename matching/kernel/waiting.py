"""Flows that may enter, compiled: a heap that gives the most promising first.

An entry is a bound of the score's logarithm, in steps rounded up, and a place in the run, in one integer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matching.kernel.compiling import inlined

# Logarithms of scores lie between that of 1e-9 % and 0: 2^20 steps a unit leave 2^25 of them in all.
PLACE_BITS = 9
STEPS = 2.0**20
LOWEST = -32.0


@inlined
def entry_of(bound: float, place: int) -> int:
    """Return the entry of a bound (at least ``LOWEST``) and a place below 512."""
    return int((int(np.ceil((max(bound, LOWEST) - LOWEST) * STEPS)) << PLACE_BITS) | place)


@inlined
def place_of(entry: int) -> int:
    """Return the place of an entry."""
    return int(entry & ((1 << PLACE_BITS) - 1))


@inlined
def bound_of(entry: int) -> float:
    """Return the bound of an entry, at least the one it was made of."""
    return float((entry >> PLACE_BITS) / STEPS + LOWEST)


@inlined
def _sink(heap: Any, place: int, count: int) -> None:
    entry = heap[place]
    while True:
        child = 2 * place + 1
        if child >= count:
            break
        if child + 1 < count and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= entry:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = entry


@inlined
def pile(heap: Any, count: int) -> None:
    """Make a heap of the first ``count`` entries."""
    for place in range(count // 2 - 1, -1, -1):
        _sink(heap, place, count)


@inlined
def take(heap: Any, count: int) -> int:
    """Take out the most promising of ``count`` entries and return it."""
    entry = heap[0]
    heap[0] = heap[count - 1]
    _sink(heap, 0, count - 1)
    return int(entry)
