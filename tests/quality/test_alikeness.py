"""The fit behind a second look finds the relation that made its rows."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from benchmarks.quality.alikeness import NAMES, Row, fitted


def rows(base: float, slope: float, crowd: int) -> list[Row]:
    """Return pairs that agree by the first figure alone, expected as often as a logistic model says."""
    random = np.random.default_rng(1)
    found: list[Row] = []
    for agreement in random.random(4000).tolist():
        chance = 1 / (1 + exp(-(base + slope * agreement - log(crowd - 1))))
        values = [agreement, *random.random(len(NAMES) - 1).tolist()]
        found.append((values, -log(crowd - 1), bool(random.random() < chance)))
    return found


@pytest.mark.parametrize("crowd", [2, 6])
def test_the_fit_finds_what_made_the_pairs_whatever_the_number_of_needs_around(crowd: int) -> None:
    base, slope, *others = fitted(rows(0.5, 2.0, crowd)).tolist()
    assert slope == pytest.approx(2.0, abs=0.4)
    assert base == pytest.approx(0.5, abs=0.4)
    assert max(map(abs, others)) < 0.4
