"""``python -m benchmarks.quality.alikeness``: fit the log-odds that two needs of work are one.

Prints the coefficients that ``matching.mutualisation.alike`` holds, fitted on the pairs of needs of one side
and one kind in the territories whose names start with the letters given (``cd`` when none is): those of an
expected group against all others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.services.matching import positions_km
from benchmarks.quality.scenarios import Scenario, flow_name, member_name, read_scenarios
from benchmarks.quality.sets import OWN
from matching.engine import default_engine
from matching.mutualisation.alike import features
from matching.mutualisation.senses import crowds

Floats = NDArray[np.float64]
# Keeps coefficients of features that hardly vary small.
RIDGE = 0.5

NAMES = ("overlap", "same_words", "other_unit", "same_trade", "against")
Row = tuple[list[float], float, bool]


def pairs(scenario: Scenario) -> Iterator[Row]:
    """Yield the features, the offset and what is expected for each two needs that are compared."""
    engine = default_engine()
    columns, _ = engine.columns(scenario.flows, positions_km(scenario.flows))
    expected = {
        frozenset(pair)
        for entry in scenario.expected["must_find"]
        if entry["kind"] == "mutualisation"
        for pair in combinations(map(member_name, entry["members"]), 2)
    }
    for crowd in crowds(columns, engine.catalogue, engine.classifier):
        for one, other in combinations(crowd, 2):
            if columns.site[one.row] != columns.site[other.row]:
                found = features(one, other, columns)
                names = frozenset(flow_name(columns.flows[sense.row]) for sense in (one, other))
                yield [found[name] for name in NAMES], -log(len(crowd) - 1), names in expected


def fitted(rows: Sequence[Row]) -> Floats:
    """Return the logistic coefficients, intercept first, beside the offset of each row."""
    design = np.array([[1.0, *values] for values, _, _ in rows])
    offset = np.array([offset for _, offset, _ in rows])
    right = np.array([one for _, _, one in rows], dtype=np.float64)

    def loss(weights: Floats) -> float:
        logit = design @ weights + offset
        return float(np.sum(np.logaddexp(0, logit) - right * logit) + RIDGE * weights[1:] @ weights[1:])

    return np.asarray(minimize(loss, np.zeros(design.shape[1])).x)


def main() -> None:
    """Print the coefficients."""
    letters = sys.argv[1] if len(sys.argv) > 1 else "cd"
    chosen = [s for s in read_scenarios(OWN / "scenarios" / "fit") if s.name.startswith(tuple(letters))]
    rows = [row for scenario in chosen for row in pairs(scenario)]
    print(f"{len(rows)} pairs, {sum(right for _, _, right in rows)} expected")
    for name, weight in zip(("base", *NAMES), fitted(rows), strict=True):
        print(f"{name}: {weight:.2f}")


if __name__ == "__main__":
    main()
