"""The few best flows for one, compiled: kept in order, ties by rank, each in one integer."""

from __future__ import annotations

from typing import Any

import numpy as np

from matching.kernel.compiling import compiled, inlined
from matching.kernel.tables import AIM, COUNT, Kept, Longs

# Half a tenth of a point for the rounding of scores, with some room: too wide a margin only costs time.
SCORE_MARGIN = 0.051
# A key from its lowest bit: a link's number, a rank turned round, a score in tenths.
LINK_BITS, RANK_BITS = 22, 31
LAST_RANK = 2**RANK_BITS - 1
LAST_LINK = 2**LINK_BITS - 1
# By score in tenths: the logarithm of what must be reached, the least positive number for what is not.
AIMS = np.log(np.maximum(np.arange(1001) / 10 - SCORE_MARGIN, 1e-9) / 100)
# By score in tenths: its logarithm.
LOGS = np.log(np.maximum(np.arange(1001) / 10, 1e-9) / 100)


@inlined
def key_of(score: float, rank: int, link: int) -> int:
    """Return the key of a flow found: the larger, the better."""
    return packed(int(np.rint(score * 10)), rank, link)


@inlined
def packed(tenths: Any, rank: Any, link: Any) -> int:
    """Return the key of a flow found by its score in tenths."""
    return int((tenths << (LINK_BITS + RANK_BITS)) | ((LAST_RANK - rank) << LINK_BITS) | link)


def unpacked(keys: Longs) -> tuple[Any, Longs, Longs]:
    """Return the scores, ranks and links of keys."""
    ranks = LAST_RANK - ((keys >> LINK_BITS) & LAST_RANK)
    return (keys >> (LINK_BITS + RANK_BITS)) / 10, ranks, keys & (2**LINK_BITS - 1)


@inlined
def start(kept: Kept, least: float) -> None:
    """Empty the list; ``least`` is the score from which a flow counts."""
    kept.state[COUNT] = 0
    kept.state[AIM] = AIMS[int(least * 10)]


@inlined
def insert(key: int, site: int, distinct: bool, kept: Kept) -> None:
    """Put a flow in its place among the best, if it has one."""
    keys = kept.keys
    count = int(kept.state[COUNT])
    if count == len(keys):
        if key < keys[count - 1]:
            return
        count -= 1
    place = count
    while place > 0 and keys[place - 1] < key:
        keys[place] = keys[place - 1]
        if distinct:
            kept.sites[place] = kept.sites[place - 1]
        place -= 1
    keys[place], kept.sites[place] = key, site
    count += 1
    kept.state[COUNT] = count
    if count == len(keys):
        kept.state[AIM] = max(kept.state[AIM], AIMS[keys[count - 1] >> (LINK_BITS + RANK_BITS)])


@inlined
def drop_site(key: int, site: int, kept: Kept) -> bool:
    """Take out a worse flow of the same site; tell whether there is room for the new one."""
    count = int(kept.state[COUNT])
    for place in range(count):
        if kept.sites[place] == site:
            if kept.keys[place] > key:
                return False
            for later in range(place, count - 1):
                kept.keys[later], kept.sites[later] = kept.keys[later + 1], kept.sites[later + 1]
            kept.state[COUNT] = count - 1
            return True
    return True


@compiled
def hand_out(
    flows: Any, rows: Any, where: Any, start: Any, keys: Any, giver: Any, met: Any, basis: Any, score: Any
) -> None:
    """Fill columns with what was found for some flows, from ``start`` on: whose, ranks, links, scores.

    Parameters
    ----------
    where
        Which of ``rows`` and of ``keys`` each of the flows is.
    """
    for n in range(len(where)):
        rank = flows[rows[where[n]]].rank
        for place in range(start[n + 1] - start[n]):
            key, at = keys[where[n], place], start[n] + place
            giver[at], basis[at] = rank, key & LAST_LINK
            met[at] = LAST_RANK - ((key >> LINK_BITS) & LAST_RANK)
            score[at] = (key >> (LINK_BITS + RANK_BITS)) / 10
