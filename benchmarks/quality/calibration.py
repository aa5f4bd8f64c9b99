"""``python -m benchmarks.quality.calibration``: fit the probabilities of readings, tell how they hold.

Prints the coefficients that ``weights.csv`` holds, fitted on the labels of *fit*, and for those of *test* the
mean gap, over ten bins, between the probability stated and the share that is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.quality.sets import Label, own_sets
from matching.certainty import features
from matching.classify import default_classifier
from matching.model import Direction

Floats = NDArray[np.float64]
TOP, BINS = 5, 10
# Keeps the coefficients finite were the labels separable.
RIDGE = 0.01


def readings(labels: Sequence[Label], model: str) -> Iterator[tuple[list[float], float, bool]]:
    """Yield the features, the probability stated and whether it is right, for each answer to each label."""
    classifier = default_classifier()
    resources = classifier.catalogue.resources
    for label in labels:
        if model == "code":
            answers = [
                (c.score, c.probability, c.code in label.codes) for c in classifier.waste_codes(label.text)
            ]
        else:
            found = classifier.classify_text(label.text, Direction.OUTPUT, None, TOP)
            answers = [
                (c.score, c.probability, bool(label.codes & set(resources[c.resource].waste_codes)))
                for c in found
            ]
        scores = [score for score, _, _ in answers]
        for place, (_, stated, right) in enumerate(answers):
            yield features(scores, place), stated, right


def fitted(table: Floats, right: Floats) -> Floats:
    """Return the logistic coefficients (intercept first) of ``table``, shape (n, 2)."""
    design = np.column_stack([np.ones(len(table)), table])

    def loss(weights: Floats) -> float:
        logit = design @ weights
        return float(np.sum(np.logaddexp(0, logit) - right * logit) + RIDGE * weights @ weights)

    return np.asarray(minimize(loss, np.zeros(design.shape[1])).x)


def gap(stated: Floats, right: Floats) -> float:
    """Return the mean distance between stated and observed, over bins weighted by what they hold."""
    bins = np.minimum((stated * BINS).astype(int), BINS - 1)
    filled = [bins == number for number in range(BINS) if (bins == number).any()]
    return float(sum(abs(stated[b].mean() - right[b].mean()) * b.mean() for b in filled))


def main() -> None:
    """Print coefficients and gaps."""
    sets = own_sets().labels
    for model in ("reading", "code"):
        rows = {name: list(readings(sets[name], model)) for name in ("fit", "test")}
        right = {name: np.array([r for _, _, r in found], dtype=np.float64) for name, found in rows.items()}
        weights = fitted(np.array([f for f, _, _ in rows["fit"]]), right["fit"])
        print(model, "base, score, lead:", np.round(weights, 3))
        for name, found in rows.items():
            stated = np.array([p for _, p, _ in found])
            print(f"  {name}: gap {gap(stated, right[name]):.3f} over {len(found)} answers")


if __name__ == "__main__":
    main()
