"""A second look at outputs and needs that nothing answers: those that may meet all the same, as a question.

"Chutes neuves de laine de roche" and "Garnissage fibreux minéral pour housses" are each read as several
things, and the likeliest ones are not linked. All that both may be, their quantities and what is known of
their conditions say together how likely it is that the one would do for the other (``likelihood``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts
from matching.candidates import Basis, PairColumns
from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.columns import FlowColumns, bits
from matching.compatibility import MEANING, Compatibility
from matching.criteria.quality import UNKNOWN
from matching.likelihood import Likely, figures, log_odds, shares
from matching.mutualisation import alike
from matching.parameters import MatchParameters, constant
from matching.scoring import ScoredPairs, score_pairs

# No guess is worth more than this as a material (own estimate): those of readings come first.
GUESSED_MATERIAL = 0.4
# Less linked than this, two labels have nothing in common that a guess could rest on (own estimate: 0.01 lost
# guesses that were right).
LEAST_LINKED = 0.003
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

    Two flows that both have an answer get no second look; each output and each need stands in one guess at
    most, the likeliest. What a pair scores depends on its two flows alone; whether it is looked at, on the
    others.

    Parameters
    ----------
    scored
        Every pair that readings link, not the best ones alone: what is answered at all is answered.
    """
    told = scored.verdicts.passed & (scored.score >= constant("minimum_score"))
    answered = {*scored.pairs.output[told].tolist(), *scored.pairs.input[told].tolist()}
    rows = range(len(columns))
    likely = Likely(
        columns,
        [row for row in rows if columns.flows[row].is_output],
        [row for row in rows if not columns.flows[row].is_output],
        compatibility,
        classifier,
    )
    places = _worth_a_look(likely, scored, answered)
    if not places:
        return None
    pairs = bare_pairs(likely, places, compatibility)
    looked_at = score_pairs(pairs, columns, catalogue, amounts, parameters)
    odds = log_odds(figures(likely, places, looked_at))
    fits = (
        looked_at.verdicts.passed
        & (looked_at.score >= constant("minimum_score"))
        & (odds >= constant("guess_least"))
    )
    fits &= (looked_at.verdicts.gates["properties"] != UNKNOWN) & ~_barred(pairs, columns)
    likeliest = np.lexsort((pairs.input, pairs.output, -np.round(odds, 9)))
    kept = _one_each(pairs.take(likeliest[fits[likeliest]]))
    return kept if len(kept) else None


def _barred(pairs: PairColumns, columns: FlowColumns) -> NDArray[np.bool_]:
    """Tell which pairs nobody should guess: dangerous or spoilt outputs, needs of cold taken for heat."""
    blemished = columns.has[pairs.output] & bits(BLEMISHES) != 0
    return np.asarray(blemished | (columns.temperature_c[pairs.input, 1] < COLDEST_HEAT_C))


def _worth_a_look(likely: Likely, scored: ScoredPairs, answered: Set[int]) -> list[tuple[int, int]]:
    """Return the places of the pairs that something links, but for what readings link or both sides have."""
    known = set(zip(scored.pairs.output.tolist(), scored.pairs.input.tolist(), strict=True))
    found = []
    for a, b in np.argwhere(likely.linked >= LEAST_LINKED).tolist():
        o, i = likely.outputs[a], likely.inputs[b]
        if (o, i) not in known and not (o in answered and i in answered):
            found.append((a, b))
    return found


def bare_pairs(
    likely: Likely, places: Sequence[tuple[int, int]], compatibility: Compatibility
) -> PairColumns:
    """Return pairs as guesses, by the likeliest two resources that are linked."""
    return PairColumns(
        np.array([likely.outputs[a] for a, _ in places], dtype=np.int64),
        np.array([likely.inputs[b] for _, b in places], dtype=np.int64),
        np.full(len(places), GUESSED_MATERIAL),
        np.arange(len(places), dtype=np.int64),
        tuple(_basis(shares(likely.given[a]), shares(likely.wanted[b]), compatibility) for a, b in places),
    )


def _basis(given: Mapping[str, float], wanted: Mapping[str, float], compatibility: Compatibility) -> Basis:
    """Return the likeliest two resources that are linked, as a guess."""
    found = [
        (sqrt(share * wanted[other]) * links[other].strength, resource, other)
        for resource, share in given.items()
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
