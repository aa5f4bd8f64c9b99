"""A second look at outputs and needs that nothing answers: those that may meet all the same, as a question.

"Chutes neuves de laine de roche" and "Garnissage fibreux minéral pour housses" are each read as several
things, and the likeliest ones are not linked. What all readings of both say together is: two flows left over
are brought together when enough of what both may be is linked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from matching.amounts import Amounts
from matching.candidates import Basis, PairColumns
from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.columns import Floats, FlowColumns, bits
from matching.compatibility import MEANING, Compatibility
from matching.criteria.quality import UNKNOWN
from matching.model import Flow
from matching.mutualisation import alike
from matching.mutualisation.senses import READINGS_LOOKED_AT, SHARPNESS
from matching.parameters import MatchParameters, constant
from matching.scoring import ScoredPairs, score_pairs
from matching.words import tokens

Weights = Mapping[str, float]
# Less linked than this, two flows have nothing in common that a guess could rest on. A need has about as many
# mates however many others stand around: beyond the usual number, more is asked for (own estimates, set on
# territories c, d and e read by the catalogue as it was before they were looked at).
LEAST_LINKED, USUAL_NEEDS = 0.01, 15
# Beside a label read for sure, a hesitant one must be likelier to meet it; two sure ones leave no guess.
SURE_READING, LEAST_BESIDE_SURE = 0.7, 0.03
# No guess is worth more than this as a material (own estimate): those of readings come first.
GUESSED_MATERIAL = 0.4
# A wrong guess about these costs more than a call.
BLEMISHES = frozenset(
    """
    asbestos broken hazardous heavy_metals infectious medical mixed oily polluted radioactive soiled spoiled
    toxic unfit_animals
    """.split()
)
# Nobody heats to less than this (own estimate; the source of a heat pump stays above freezing).
COLDEST_HEAT_C = 2.0


def looks_twice(columns: FlowColumns) -> bool:
    """Tell whether a territory is small enough for a second look at every two flows left over."""
    return 1 < len(columns) <= alike.MOST_FLOWS


def guessed_pairs(
    scored: ScoredPairs,
    columns: FlowColumns,
    catalogue: Catalogue,
    compatibility: Compatibility,
    amounts: Amounts,
    parameters: MatchParameters,
    classifier: Classifier,
) -> PairColumns | None:
    """Return the pairs that a second look adds to those already scored, None where there is none.

    What is answered already gets no second look; each output and each need stands in one guess at most, the
    likeliest. What a pair scores depends on its two flows alone; whether it is looked at, on the others.

    Parameters
    ----------
    scored
        Every pair that readings link, not the best ones alone: what is answered at all is answered.
    """
    told = scored.verdicts.passed & (scored.score >= constant("minimum_score"))
    answered = {*scored.pairs.output[told].tolist(), *scored.pairs.input[told].tolist()}
    weighed = {row: _weighed(columns, row, classifier) for row in range(len(columns)) if row not in answered}
    found = _likely(weighed, columns, compatibility)
    if not found:
        return None
    pairs = PairColumns(
        np.array([o for _, o, _ in found], dtype=np.int64),
        np.array([i for _, _, i in found], dtype=np.int64),
        np.full(len(found), GUESSED_MATERIAL),
        np.arange(len(found), dtype=np.int64),
        tuple(_basis(weighed[o], weighed[i], compatibility) for _, o, i in found),
    )
    looked_at = score_pairs(pairs, columns, catalogue, amounts, parameters)
    fits = looked_at.verdicts.passed & (looked_at.score >= constant("minimum_score"))
    fits &= (looked_at.verdicts.gates["properties"] != UNKNOWN) & ~_barred(pairs, columns)
    kept = _one_each(pairs.take(fits))
    return kept if len(kept) else None


def _barred(pairs: PairColumns, columns: FlowColumns) -> NDArray[np.bool_]:
    """Tell which pairs nobody should guess: dangerous or spoilt outputs, needs of cold taken for heat."""
    blemished = columns.has[pairs.output] & bits(BLEMISHES) != 0
    return np.asarray(blemished | (columns.temperature_c[pairs.input, 1] < COLDEST_HEAT_C))


def _weighed(columns: FlowColumns, row: int, classifier: Classifier) -> Weights:
    """Return what a flow may be: the weight of each resource, in [0, 1], all of them summing to 1."""
    found = classifier.weighed(columns.flows[row], READINGS_LOOKED_AT)
    total = sum(score**SHARPNESS for _, score in found)
    return {resource: score**SHARPNESS / total for resource, score in found}


def _likely(
    weighed: Mapping[int, Weights], columns: FlowColumns, compatibility: Compatibility
) -> list[tuple[float, int, int]]:
    """Return (how far they are linked, output, input) of the pairs likely enough, likeliest first.

    Two labels of one noun that readings keep apart are two things: no guess.
    """
    outputs = [row for row in weighed if columns.flows[row].is_output]
    inputs = [row for row in weighed if not columns.flows[row].is_output]
    linked = _linked([weighed[row] for row in outputs], [weighed[row] for row in inputs], compatibility)
    least = LEAST_LINKED * max(1.0, len(inputs) / USUAL_NEEDS)
    found = []
    for a, b in np.argwhere(linked >= least).tolist():
        o, i = outputs[a], inputs[b]
        if columns.site[o] == columns.site[i] or columns.flows[o].kind is not columns.flows[i].kind:
            continue
        if _head(columns.flows[o]) == _head(columns.flows[i]):
            continue
        sure = [_best(columns, row) >= SURE_READING for row in (o, i)]
        if all(sure) or (any(sure) and linked[a, b] < LEAST_BESIDE_SURE):
            continue
        found.append((round(float(linked[a, b]), 9), o, i))
    return sorted(found, key=lambda one: (-one[0], one[1], one[2]))


def _head(flow: Flow) -> str:
    """Return the stem of the word that names the thing, the first of a label that tells something."""
    return next((token.stem for token in tokens(flow.label)), "")


def _best(columns: FlowColumns, row: int) -> float:
    return columns.readings[row][0].candidate.score if columns.readings[row] else 0.0


def _linked(given: Sequence[Weights], wanted: Sequence[Weights], compatibility: Compatibility) -> Floats:
    """Return how much of what both may be is linked, in [0, 1], shape (given, wanted)."""
    names = sorted({name for found in (*given, *wanted) for name in found})
    if not names:
        return np.zeros((len(given), len(wanted)))
    places = {name: place for place, name in enumerate(names)}
    links = [
        {other: link.strength for other, link in compatibility.links_from(name).items() if other in places}
        for name in names
    ]
    product = _matrix(given, places) @ _matrix(links, places) @ _matrix(wanted, places).T
    return np.asarray(product.todense())


def _matrix(rows: Sequence[Weights], places: Mapping[str, int]) -> csr_matrix:
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = [places[name] for row in rows for name in row]
    values = [value for row in rows for value in row.values()]
    return csr_matrix((values, columns, starts), shape=(len(rows), len(places)))


def _basis(given: Weights, wanted: Weights, compatibility: Compatibility) -> Basis:
    """Return the likeliest two resources that are linked, as a guess."""
    found = [
        (sqrt(weight * wanted[other]) * links[other].strength, resource, other)
        for resource, weight in given.items()
        for links in (compatibility.links_from(resource),)
        for other in wanted.keys() & links.keys()
    ]
    _, resource, other = min(found, key=lambda one: (-one[0], *one[1:]))
    return Basis(resource, other, replace(compatibility.links_from(resource)[other], relation=MEANING))


def _one_each(pairs: PairColumns) -> PairColumns:
    """Return the first pair of each output and need."""
    outputs, inputs = set[int](), set[int]()
    kept = []
    for row, (o, i) in enumerate(zip(pairs.output.tolist(), pairs.input.tolist(), strict=True)):
        if o not in outputs and i not in inputs:
            kept.append(row)
            outputs.add(o)
            inputs.add(i)
    return pairs.take(np.array(kept, dtype=np.int64))


def with_pairs(first: PairColumns, added: PairColumns) -> PairColumns:
    """Return pairs followed by others."""
    return PairColumns(
        np.concatenate([first.output, added.output]),
        np.concatenate([first.input, added.input]),
        np.concatenate([first.material, added.material]),
        np.concatenate([first.basis, added.basis + len(first.bases)]),
        (*first.bases, *added.bases),
    )
