"""How probable a reading is, and the question that would settle an unsure one.

A logistic model of two figures anybody can look at (a score, its lead over the best other one) fitted on
labels written apart from the catalogue; its coefficients stand in ``weights.csv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, log

from matching.catalogue.model import Catalogue
from matching.messages import N_, LocalName, Message
from matching.parameters import constant

# Below this a score says nothing any more (own estimate); it keeps the logarithm finite.
LEAST_SCORE = 0.001


def probabilities(scores: Sequence[float], model: str) -> list[float]:
    """Return how probable each of the ranked ``scores`` is to be right, in [0, 1].

    Parameters
    ----------
    scores
        In [0, 1], best first; those of one text.
    model
        ``reading`` for resources, ``code`` for entries of the List of Waste.
    """
    base, per_score, per_lead = _coefficients(model)
    first, second = (*scores[:2], 0.0, 0.0)[:2]
    found = []
    for place, score in enumerate(scores):
        lead = score - (first if place else second)
        found.append(1 / (1 + exp(-(base + per_score * _shown(score) + per_lead * lead))))
    return found


@lru_cache(maxsize=8)
def _coefficients(model: str) -> tuple[float, float, float]:
    return constant(f"{model}_base"), constant(f"{model}_score"), constant(f"{model}_lead")


def _shown(score: float) -> float:
    """Return the logarithm of a score: one near zero is improbable whatever the others are."""
    return log(max(score, LEAST_SCORE))


def features(scores: Sequence[float], place: int) -> list[float]:
    """Return what the model looks at: the logarithm of a score, and its lead over the best other one."""
    rival = max((other for i, other in enumerate(scores) if i != place), default=0.0)
    return [_shown(scores[place]), scores[place] - rival]


def settling_question(
    resources: Sequence[str], best_probability: float, catalogue: Catalogue
) -> Message | LocalName | None:
    """Return what to ask to be surer of a text read as ``resources`` (best first); None when it is sure."""
    if not resources:
        return Message(
            N_("Not recognised: what is it made of, and what is it used for? Or give a waste code.")
        )
    if best_probability >= constant("unsure_reading"):
        return None
    first = catalogue.resources[resources[0]]
    if len(resources) == 1:
        return first.question or Message(
            N_("Is it “{first}”? If not, what is it made of, and what is it used for?"), {"first": first.name}
        )
    second = catalogue.resources[resources[1]]
    return Message(
        N_("Is it “{first}” or “{second}”? If neither, say what it is made of or used for."),
        {"first": first.name, "second": second.name},
    )
