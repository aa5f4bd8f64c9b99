"""Room in which a thread searches, made once and used for part after part."""

from __future__ import annotations

import numpy as np

from matching.kernel.lanes import COLUMNS, LANES
from matching.kernel.merging import SAID
from matching.kernel.tables import Local, Longs, Problem, Singles

# Distances worked out at once: as many as stay in the nearest cache.
ROOM = 256
# Receivers scored finely for one output, blocks held for it, receivers scored in full: more go one by one.
FINE, HELD, JUDGED = 1024, 256, 512


def room() -> tuple[Singles, Longs]:
    """Return what a search one by one works in."""
    return np.empty(ROOM, dtype=np.float32), np.empty(ROOM, dtype=np.int64)


def local_room(problem: Problem) -> Local:
    """Return what a search of many outputs together works in."""
    starts, links = problem.postings.start, problem.links
    counts = np.diff(links.start)
    met = (starts[:, -1] - starts[:, 0])[problem.bases["met"][links.order]]
    together = np.bincount(np.repeat(np.arange(len(counts)), counts), weights=met)
    size = (int(together.max(initial=0)) // LANES + 1) * LANES
    numbers = np.empty(size * COLUMNS, dtype=np.float32)
    near = np.zeros(FINE * COLUMNS, dtype=np.float32)
    source, link = (np.empty(size, dtype=np.int32) for _ in range(2))
    return Local(
        numbers=numbers,
        codes=numbers.view(np.int32),
        source=source,
        tail=np.empty(size, dtype=np.int64),
        link=link,
        start=np.empty(starts.shape[1], dtype=np.int32),
        said=np.empty(int(counts.max(initial=0)), dtype=SAID),
        scores=np.empty(HELD * LANES, dtype=np.float32),
        held=np.empty(HELD, dtype=np.int32),
        near=near,
        near_codes=near.view(np.int32),
        tenths=np.empty(FINE, dtype=np.int32),
        place=np.empty(FINE, dtype=np.int32),
        keys=np.empty(FINE + JUDGED + LANES, dtype=np.int64),
        ordered=np.empty(FINE + JUDGED + LANES, dtype=np.int64),
        judged=np.empty(JUDGED + LANES, dtype=np.float32),
    )
