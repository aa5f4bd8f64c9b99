"""The few best flows for one, compiled: kept in order, ties by rank, each in one integer."""

from __future__ import annotations

from typing import Any

import numpy as np

from matching.kernel.compiling import AHEAD, compiled, inlined, soon_read
from matching.kernel.tables import AIM, COUNT, Kept, Longs

# Half a tenth of a point for the rounding of scores, with some room: too wide a margin only costs time.
SCORE_MARGIN = 0.051
# A key from its lowest bit: a link's number, a rank turned round, a score in tenths.
LINK_BITS, RANK_BITS = 22, 31
LAST_RANK = 2**RANK_BITS - 1
LAST_LINK = 2**LINK_BITS - 1
# Keys in a line of the cache.
LINE = 8
# By score in tenths: the logarithm of what must be reached, the least positive number for what is not.
AIMS = np.log(np.maximum(np.arange(1001) / 10 - SCORE_MARGIN, 1e-9) / 100)
# By score in tenths: its logarithm.
LOGS = np.log(np.maximum(np.arange(1001) / 10, 1e-9) / 100)
# By score in tenths: the score.
SCORES = np.arange(1001) / 10


@inlined
def key_of(score: float, rank: int, link: int) -> int:
    """Return the key of a flow found: the larger, the better."""
    return packed(int(np.rint(score * 10)), rank, link)


@inlined
def packed(tenths: Any, rank: Any, link: Any) -> int:
    """Return the key of a flow found by its score in tenths."""
    return int((tenths << (LINK_BITS + RANK_BITS)) | tail_of(rank, link))


@inlined
def tail_of(rank: Any, link: Any) -> int:
    """Return what stands below the score in a key."""
    return int(((LAST_RANK - rank) << LINK_BITS) | link)


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


@inlined
def _soon_handed_out(flows: Any, rows: Any, found: int, keys: Any, top: int) -> None:
    soon_read(flows, rows[found])
    for place in range(0, top, LINE):
        soon_read(keys, found * top + place)


@compiled
def hand_out(
    flows: Any,
    rows: Any,
    where: Any,
    start: Any,
    keys: Any,
    top: int,
    giver: Any,
    met: Any,
    basis: Any,
    score: Any,
) -> None:
    """Fill columns with what was found for some flows, from ``start`` on: whose, ranks, links, scores.

    Parameters
    ----------
    where
        Which of ``rows``, and of the runs of ``top`` in ``keys``, each of the flows is.
    """
    for n in range(len(where)):
        _soon_handed_out(flows, rows, where[min(n + AHEAD, len(where) - 1)], keys, top)
        rank, first, at = flows[rows[where[n]]].rank, np.uint64(where[n] * top), np.uint64(start[n])
        for place in range(start[n + 1] - start[n]):
            key, to = keys[first + np.uint64(place)], at + np.uint64(place)
            giver[to], basis[to] = rank, key & LAST_LINK
            met[to] = LAST_RANK - ((key >> LINK_BITS) & LAST_RANK)
            score[to] = SCORES[np.uint64(key >> (LINK_BITS + RANK_BITS))]
