"""How likely an output is what a need asks for, by all that both labels may be: figures of a logistic model.

What a label may be is said by its likeliest readings, weak ones too. Each figure can be looked at by itself;
their weights are fitted on labelled territories by ``python -m benchmarks.quality.guesses``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import numpy as np
from scipy.sparse import csr_matrix

from matching.classify import Classifier
from matching.columns import Floats, FlowColumns
from matching.compatibility import Compatibility
from matching.criteria.quality import PASS, UNKNOWN
from matching.mutualisation.senses import READINGS_LOOKED_AT, SHARPNESS
from matching.parameters import constant
from matching.scoring import ScoredPairs
from matching.words import stems

# In the order of the columns of ``figures``.
FIGURES = ("lead_of_need", "lead_of_output", "certainty", "quantity", "same_words", "unknown", "passed")
# What is not linked at all still has a logarithm (own estimate, far below any share met).
LEAST_SHARE = 1e-5
# Where hardly anybody stands around, a pair still leads over something: over what the best output for a need
# reaches in half of the territories that the odds are fitted on.
USUAL_BEST = 0.016
Readings = Sequence[tuple[str, float]]


class Likely:
    """What outputs and needs may be, and how far both are linked.

    Parameters
    ----------
    outputs, inputs
        Rows of ``columns``, of at most some hundreds of flows: every two are compared.
    """

    def __init__(
        self,
        columns: FlowColumns,
        outputs: Sequence[int],
        inputs: Sequence[int],
        compatibility: Compatibility,
        classifier: Classifier,
    ) -> None:
        self.columns, self.outputs, self.inputs = columns, tuple(outputs), tuple(inputs)
        given = [classifier.weighed(columns.flows[row], READINGS_LOOKED_AT) for row in outputs]
        wanted = [classifier.weighed(columns.flows[row], READINGS_LOOKED_AT) for row in inputs]
        self.given, self.wanted = given, wanted
        kinds = [np.array([columns.flows[row].kind.value for row in rows]) for rows in (outputs, inputs)]
        meet = columns.site[list(outputs)][:, None] != columns.site[list(inputs)][None, :]
        meet &= kinds[0][:, None] == kinds[1][None, :]
        # By place: the share of what both may be that is linked, in [0, 1], 0 for one site or two kinds.
        self.linked = np.where(meet, _meeting(given, wanted, compatibility), 0.0)
        self._certainty = np.sqrt(np.outer(_surest(given), _surest(wanted)))

    def of_labels(self) -> Floats:
        """Return what all readings of the labels say, the first of ``FIGURES``, shape (outputs, inputs, 3).

        A lead is the logarithm of the share linked, less that of the best other need of this output, or of
        the best other output for this need.
        """
        share = np.log(self.linked + LEAST_SHARE)
        table = (_lead(share), _lead(share.T).T, self._certainty)
        return np.stack(table, axis=-1).astype(np.float64)

    def same_words(self, output: int, need: int) -> float:
        """Return the share of the shorter label's words that the other has too; arguments are rows."""
        words, others = ({*stems(self.columns.flows[row].label)} for row in (output, need))
        return len(words & others) / max(1, min(len(words), len(others)))


def figures(likely: Likely, places: Sequence[tuple[int, int]], scored: ScoredPairs) -> Floats:
    """Return the figures of pairs, shape (n, ``len(FIGURES)``).

    Parameters
    ----------
    places
        Places of each pair among the outputs and the inputs of ``likely``.
    scored
        The same pairs with their gates and criteria.
    """
    a, b = np.array(places, dtype=np.int64).reshape(-1, 2).T
    words = [likely.same_words(likely.outputs[i], likely.inputs[j]) for i, j in places]
    asked = scored.verdicts.count(UNKNOWN), scored.verdicts.count(PASS)
    return np.column_stack([likely.of_labels()[a, b], scored.criteria["quantity"], words, *asked])


def _lead(values: Floats) -> Floats:
    """Return how far each value stands above the best other one of its row, or above the usual best one."""
    usual = log(USUAL_BEST)
    if values.shape[1] < 2:
        return np.asarray(values - usual)
    best = np.maximum(np.partition(values, -2, axis=1)[:, -2:], usual)
    return np.asarray(values - np.where(values == best[:, 1:], best[:, :1], best[:, 1:]))


def log_odds(table: Floats) -> Floats:
    """Return the log-odds that pairs are right, by their figures, shape (n,)."""
    weights = np.array([constant(f"guess_{name}") for name in FIGURES])
    return np.asarray(table @ weights + constant("guess_base"))


def _surest(found: Sequence[Readings]) -> Floats:
    return np.array([max((score for _, score in one), default=0.0) for one in found])


def shares(found: Readings) -> Mapping[str, float]:
    """Return what a label may be: the share of each resource, in [0, 1], all of them summing to 1."""
    total = sum(score**SHARPNESS for _, score in found)
    return {resource: score**SHARPNESS / total for resource, score in found}


def _meeting(given: Sequence[Readings], wanted: Sequence[Readings], compatibility: Compatibility) -> Floats:
    """Return how much of what both may be is linked, in [0, 1], shape (given, wanted)."""
    names = sorted({name for found in (*given, *wanted) for name, _ in found})
    if not names:
        return np.zeros((len(given), len(wanted)))
    places = {name: place for place, name in enumerate(names)}
    links = [
        {other: link.strength for other, link in compatibility.links_from(name).items() if other in places}
        for name in names
    ]
    product = _matrix([shares(one) for one in given], places) @ _matrix(links, places)
    product = product @ _matrix([shares(one) for one in wanted], places).T
    return np.asarray(product.todense())


def _matrix(rows: Sequence[Mapping[str, float]], places: Mapping[str, int]) -> csr_matrix:
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = [places[name] for row in rows for name in row]
    values = [value for row in rows for value in row.values()]
    return csr_matrix((values, columns, starts), shape=(len(rows), len(places)))
