"""How sure a share is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``total``, with a 95 % interval in [0, 1]."""

    hits: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, 0 of nothing."""
        return self.hits / self.total if self.total else 0.0


def share(clusters: Sequence[tuple[int, int]], seed: int = 0) -> Share:
    """Return the share of hits over clusters of (hits, total), with its interval.

    What stands in one territory or one published case succeeds or fails together: whole clusters are drawn
    again (bootstrap; Efron and Tibshirani, 1993), not single items.
    """
    table = np.array(clusters, dtype=np.float64).reshape(-1, 2)
    hits, total = table.sum(axis=0) if len(table) else (0.0, 0.0)
    if total == 0:
        return Share(0, 0, 0.0, 1.0)
    drawn = np.random.default_rng(seed).integers(len(table), size=(RESAMPLES, len(table)))
    again = table[drawn].sum(axis=1)
    shares = again[:, 0] / np.maximum(again[:, 1], 1)
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Share(int(hits), int(total), float(low), float(high))
