"""Clusters of a pool that a member in the middle brings together, though their furthest two are beyond reach.

Complete linkage keeps apart what lies on both sides of a third: a round or a contract only needs somebody who
is near to all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import squareform

from matching.columns import Floats

# The furthest two of a group may be this much further apart than their reach where one member is within
# reach of all (own estimate: on a line, both ends are at most twice as far as the middle is).
MOST_SPREAD = 1.5
# Beyond, a territory is dense enough for groups of near neighbours, and squares of it grow costly.
MOST_ENTRIES = 1000

Labels = NDArray[np.int32]


def spread(labels: Labels, apart: Floats, far: Floats) -> Labels:
    """Return the labels, those of two clusters that one member is near to all of made one.

    Each cluster is joined to another one once at most, the nearest pairs first.

    Parameters
    ----------
    labels
        The cluster of each entry, from 1, as ``fcluster`` gives them.
    apart
        How far each two entries are apart, condensed, 1 at the limit of their reach, beyond it where their
        calendars or destinations do not meet.
    far
        The distance alone, as ``apart``.
    """
    count = int(labels.max())
    if count < 2 or len(labels) > MOST_ENTRIES:
        return labels
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(1, count + 1))
    worst = np.maximum.reduceat(squareform(apart)[:, order], starts, axis=1)
    widest = np.maximum.reduceat(squareform(far)[:, order], starts, axis=1)
    widest = np.maximum.reduceat(widest[order], starts, axis=0)
    middles, others = np.nonzero(worst <= 1.0)
    pairs = {
        (round(float(widest[own, other]), 9), min(own, other), max(own, other))
        for own, other in zip((labels[middles] - 1).tolist(), others.tolist(), strict=True)
        if own != other and widest[own, other] <= MOST_SPREAD
    }
    joined = labels.copy()
    taken: set[int] = set()
    for _, first, second in sorted(pairs):
        if not taken & {first, second}:
            joined[labels == second + 1] = first + 1
            taken |= {first, second}
    return joined
