"""The few best receivers of an output, compiled: kept in order, ties by rank."""

from __future__ import annotations

from math import log
from typing import Any

from matching.kernel.compiling import compiled, inlined
from matching.kernel.tables import AIM, COUNT, Kept

# Half a tenth of a point for the rounding of scores, with some room: too wide a margin only costs time.
SCORE_MARGIN = 0.051


@inlined
def before(score: float, rank: int, other_score: float, other_rank: int) -> bool:
    """Tell whether a receiver goes before another."""
    return score > other_score or (score == other_score and rank < other_rank)


@inlined
def start(kept: Kept, least: float) -> None:
    """Empty the list; ``least`` is the score from which a receiver counts."""
    kept.state[COUNT] = 0
    kept.state[AIM] = log(max(least - SCORE_MARGIN, 1e-9) / 100)


@inlined
def _move(kept: Kept, place: int, origin: int) -> None:
    kept.scores[place], kept.ranks[place] = kept.scores[origin], kept.ranks[origin]
    kept.links[place], kept.sites[place] = kept.links[origin], kept.sites[origin]


@compiled
def insert(score: float, i: Any, link: int, kept: Kept) -> None:
    """Put receiver ``i`` in its place among the best, if it has one."""
    scores, ranks = kept.scores, kept.ranks
    count = int(kept.state[COUNT])
    if count == len(scores):
        if not before(score, i.rank, scores[count - 1], ranks[count - 1]):
            return
        count -= 1
    place = count
    while place > 0 and before(score, i.rank, scores[place - 1], ranks[place - 1]):
        _move(kept, place, place - 1)
        place -= 1
    scores[place], ranks[place], kept.links[place], kept.sites[place] = score, i.rank, link, i.site
    count += 1
    kept.state[COUNT] = count
    if count == len(scores):
        aim = log(max(scores[count - 1] - SCORE_MARGIN, 1e-9) / 100)
        kept.state[AIM] = max(kept.state[AIM], aim)


@compiled
def drop_site(score: float, i: Any, kept: Kept) -> bool:
    """Take out a worse receiver of the same site; tell whether there is room for ``i``."""
    count = int(kept.state[COUNT])
    for place in range(count):
        if kept.sites[place] == i.site:
            if not before(score, i.rank, kept.scores[place], kept.ranks[place]):
                return False
            for later in range(place, count - 1):
                _move(kept, later, later + 1)
            kept.state[COUNT] = count - 1
            return True
    return True
