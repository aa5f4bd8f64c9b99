"""How fast it could be at best: pairs within reach by the time of one pair, bytes by the memory's speed."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numba import njit
from scipy.spatial import cKDTree

from benchmarks.scale.rules import rules
from benchmarks.scale.territory import Territory
from geo.projections import earth_centred_km

SAMPLE = 5_000
# A copy larger than any cache, and a run of points that stays in the nearest one.
COPIED_BYTES = 256 * 1024**2
NEAR_POINTS, NEAR_TURNS = 2048, 2000
RUNS = 5


def pairs_in_reach(rows: Territory) -> float:
    """Return how many (output, input) are linked and within reach, from a random sample of the outputs."""
    outputs = np.flatnonzero(rows.is_output)
    sample = np.random.default_rng(0).permutation(outputs)[:SAMPLE]
    position = earth_centred_km(rows.longitude, rows.latitude)
    total = 0
    for resource in np.unique(rows.resource[~rows.is_output]).tolist():
        inputs = position[~rows.is_output & (rows.resource == resource)]
        asking = position[sample[rows.links[rows.resource[sample], resource] > 0]]
        if len(asking):
            tree = cKDTree(inputs)
            total += int(tree.query_ball_point(asking, rules().straight_km, return_length=True).sum())
    return total * len(outputs) / len(sample)


@njit(cache=False, error_model="numpy")
def _near(xs: Any, ys: Any, zs: Any, within: Any, turns: int) -> int:
    found = 0
    for turn in range(turns):
        x, y, z = xs[turn % len(xs)], ys[turn % len(xs)], zs[turn % len(xs)]
        count: Any = np.int32(0)
        for n in range(len(xs)):
            dx, dy, dz = xs[n] - x, ys[n] - y, zs[n] - z
            count += np.int32(dx * dx + dy * dy + dz * dz <= within)
        found += count
    return found


def nanoseconds_a_pair() -> float:
    """Return what one core needs at least for a pair: the square of a distance, held against a reach."""
    points = np.random.default_rng(0).normal(size=(3, NEAR_POINTS)).astype(np.float32)
    x, y, z = points
    _near(x, y, z, np.float32(1.0), 1)
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        _near(x, y, z, np.float32(1.0), NEAR_TURNS)
        seconds.append(time.perf_counter() - started)
    return min(seconds) / (NEAR_POINTS * NEAR_TURNS) * 1e9


def bytes_a_second() -> float:
    """Return the memory's speed, read and written, as a copy of numpy shows it: the best of some runs."""
    source = np.ones(COPIED_BYTES // 8)
    target = np.empty_like(source)
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        np.copyto(target, source)
        seconds.append(time.perf_counter() - started)
    return 2 * source.nbytes / min(seconds)
