"""``python -m benchmarks.quality.guesses``: fit the odds that an output is what a need asks for.

Prints the rows that ``weights.csv`` holds, fitted on all pairs of two sites and one kind that readings do not
link and no gate refuses, in the territories of *fit* whose names start with the letters given (all when none
is): the substitutions expected against all others. Those said to be wrong count more: they are the ones that
tempt.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from app.services.matching import positions_km
from benchmarks.quality.scenarios import Key, Scenario, flow_name, member_name, read_scenarios
from benchmarks.quality.sets import OWN
from matching.candidates import candidate_pairs
from matching.engine import default_engine
from matching.likelihood import FIGURES, Likely, figures
from matching.parameters import MatchParameters
from matching.scoring import score_pairs
from matching.second_look import bare_pairs

Floats = NDArray[np.float64]
# There are about forty pairs nobody speaks of for each expected one (own estimates, chosen by leaving out one
# author after the other).
EXPECTED, TEMPTING, OTHER = 10.0, 30.0, 1.0
# Keeps coefficients of figures that hardly vary small; of figures scaled to a deviation of 1.
RIDGE = 1.5
RISING = frozenset({"lead_of_need", "lead_of_output", "quantity", "passed"})


def rows(scenario: Scenario) -> tuple[Floats, Floats]:
    """Return the figures of each pair of a territory, and 1 if expected, -1 if tempting and wrong, else 0."""
    engine = default_engine()
    columns, amounts = engine.columns(scenario.flows, positions_km(scenario.flows))
    outputs = [row for row, flow in enumerate(columns.flows) if flow.is_output]
    inputs = [row for row, flow in enumerate(columns.flows) if not flow.is_output]
    likely = Likely(columns, outputs, inputs, engine.compatibility, engine.classifier)
    linked = candidate_pairs(columns, engine.compatibility)
    read = set(zip(linked.output.tolist(), linked.input.tolist(), strict=True))
    places = [
        (a, b) for a, b in np.argwhere(likely.linked > 0).tolist() if (outputs[a], inputs[b]) not in read
    ]
    pairs = bare_pairs(likely, places, engine.compatibility)
    parameters = MatchParameters(max_km=scenario.max_km)
    scored = score_pairs(pairs, columns, engine.catalogue, amounts, parameters)
    names = [flow_name(flow) for flow in columns.flows]
    said = {**_pairs(scenario, "must_not_find", -1.0), **_pairs(scenario, "must_find", 1.0)}
    right = [said.get((names[outputs[a]], names[inputs[b]]), 0.0) for a, b in places]
    passed = scored.verdicts.passed
    return figures(likely, places, scored)[passed], np.array(right)[passed]


def _pairs(scenario: Scenario, sort: str, value: float) -> dict[tuple[Key, Key], float]:
    entries = [entry for entry in scenario.expected[sort] if entry["kind"] == "substitution"]
    return {(member_name(entry["members"][0]), member_name(entry["members"][1])): value for entry in entries}


def fitted(table: Floats, right: Floats) -> Floats:
    """Return the logistic coefficients, intercept first, of the figures as they are."""
    centre, spread = table.mean(axis=0), table.std(axis=0)
    design = np.column_stack([np.ones(len(table)), (table - centre) / spread])
    weight = np.select([right > 0, right < 0], [EXPECTED, TEMPTING], OTHER)
    expected = (right > 0).astype(np.float64)

    def loss(found: Floats) -> tuple[float, Floats]:
        logit = design @ found
        ridge = np.r_[0.0, np.full(len(found) - 1, RIDGE)]
        value = weight @ (np.logaddexp(0, logit) - expected * logit) + 0.5 * ridge @ found**2
        slope = design.T @ (weight * (1 / (1 + np.exp(-logit)) - expected)) + ridge * found
        return float(value), slope

    # What is more linked, or better met, is never less likely.
    bounds = [(None, None), *((0.0 if name in RISING else None, None) for name in FIGURES)]
    found: Floats = minimize(loss, np.zeros(design.shape[1]), jac=True, bounds=bounds).x
    return np.asarray(np.r_[found[0] - found[1:] @ (centre / spread), found[1:] / spread])


def territories(letters: Sequence[str]) -> list[Scenario]:
    """Return the territories of *fit* whose names start with one of the letters, all when none is given."""
    every = read_scenarios(OWN / "scenarios" / "fit")
    return [one for one in every if not letters or one.name.startswith(tuple(letters))]


def main() -> None:
    """Print the coefficients."""
    found = [rows(scenario) for scenario in territories(sys.argv[1:])]
    table, right = (np.concatenate(part) for part in zip(*found, strict=True))
    print(f"{len(table)} pairs, {int((right > 0).sum())} expected, {int((right < 0).sum())} tempting")
    for name, value in zip(("base", *FIGURES), fitted(table, right), strict=True):
        print(f"guess_{name},{value:.2f}")


if __name__ == "__main__":
    main()
