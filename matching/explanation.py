"""Why a pair is proposed, what would make it surer, what to check and what to do next.

A country has hundreds of thousands of pairs and few distinct sentences about them: what many pairs say in the
same words is one object, made once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from matching.candidates import Basis
from matching.catalogue.model import Catalogue
from matching.compatibility import MEANING
from matching.messages import N_, LocalName, Message
from matching.model import Flow
from matching.parameters import CRITERIA
from matching.results import Criterion
from matching.scoring import ScoredPairs

RELATION_REASONS = {
    "same": N_("Both sides name the same thing: {input}."),
    "broader": N_("{output} belongs to what is asked for: {input}."),
    "narrower": N_("{output} may cover the more precise need: {input}."),
    "sibling": N_("{output} can often replace {input}."),
    "rule": N_("{output} can replace {input} (rule {rule})."),
    "vague": N_("{output}, if its exact nature allows, can replace {input} (rule {rule})."),
    MEANING: N_(
        "Brought together by meaning: one may be {output}, the other {input}; none says it for sure."
    ),
    "words": N_("Only the words agree; neither side was recognised for sure."),
}
# By (to be treated first, distance known).
EXPLANATIONS = {
    (False, True): N_(
        "“{provider}” of {provider_site} could meet the need of {receiver_site}, “{receiver}”, "
        "{distance_km} km away."
    ),
    (False, False): N_(
        "“{provider}” of {provider_site} could meet the need of {receiver_site}, “{receiver}”."
    ),
    (True, True): N_(
        "“{provider}” of {provider_site} could, once treated ({treatment}), meet the need of "
        "{receiver_site}, “{receiver}”, {distance_km} km away."
    ),
    (True, False): N_(
        "“{provider}” of {provider_site} could, once treated ({treatment}), meet the need of "
        "{receiver_site}, “{receiver}”."
    ),
}
BY_MEANING = N_("Brought together by meaning, to be checked: {sentence}")
# Own estimate: a calendar that meets for all but a thousandth meets all along.
ALL_ALONG = 0.999


@dataclass(frozen=True, slots=True)
class GateCounts:
    """How many gates a pair passed, and the names of those that stay unknown, in their order."""

    passed: int
    unknown: tuple[str, ...]


class PairFigures(NamedTuple):
    """One scored pair in plain numbers; ``criteria`` in the order of ``CRITERIA``.

    ``distance_km`` is by road, None when unknown.
    """

    distance_km: float | None
    offered: float
    needed: float
    criteria: tuple[float, ...]
    gates: GateCounts


class Party(NamedTuple):
    """A flow as sentences name it: its site's name, its label, and whether that site is placed."""

    site: str
    label: str
    placed: bool


def party(flow: Flow) -> Party:
    """Return a flow as sentences name it."""
    return Party(flow.site.name, flow.label, flow.site.placed)


@dataclass(frozen=True, slots=True)
class PairFacts:
    """One scored pair with its flows and basis, for the sentences."""

    index: int
    provider: Flow
    receiver: Flow
    basis: Basis
    scored: ScoredPairs

    @property
    def distance_km(self) -> float | None:
        """Road km, None when a site is not placed."""
        return road_km_shown(float(self.scored.distance_km[self.index]))


def road_km_shown(value: float) -> float | None:
    """Return a road distance to the tenth, None when it is unknown."""
    return None if value != value else round(value, 1)


def resource_name(resource_id: str, catalogue: Catalogue, fallback: str) -> LocalName:
    """Return the resource's name, or the label where it was not recognised."""
    if resource_id:
        return catalogue.resources[resource_id].name
    return LocalName(fallback, fallback)


def criteria_of(pair: PairFacts, catalogue: Catalogue, shares: dict[str, float]) -> dict[str, Criterion]:
    """Return the five criteria of a pair, each with its reason."""
    row, scored = pair.index, pair.scored
    verdicts = {name: float(column[row]) for name, column in scored.verdicts.gates.items()}
    figures = PairFigures(
        distance_km=pair.distance_km,
        offered=float(scored.offered[row]),
        needed=float(scored.needed[row]),
        criteria=tuple(float(scored.criteria[name][row]) for name in CRITERIA),
        gates=GateCounts(
            sum(verdict == 1 for verdict in verdicts.values()),
            tuple(name for name, verdict in verdicts.items() if verdict == 0),
        ),
    )
    material = material_reason(pair.basis, pair.provider.label, pair.receiver.label, catalogue)
    return criteria_from(figures, material, shares)


def criteria_from(figures: PairFigures, material: Message, shares: dict[str, float]) -> dict[str, Criterion]:
    """Return the five criteria of a pair, each with its reason."""
    values = figures.criteria
    gates = figures.gates
    reasons = (
        material,
        quantity_reason(figures.offered, figures.needed),
        TIMING_ALL if values[2] >= ALL_ALONG else _timing(round(100 * values[2])),
        UNPLACED if figures.distance_km is None else _distance(figures.distance_km),
        _quality(gates.passed, len(gates.unknown)),
    )
    return {
        name: Criterion(round(value, 3), shares[name], reason)
        for name, value, reason in zip(CRITERIA, values, reasons, strict=True)
    }


def material_reason(basis: Basis, provider: str, receiver: str, catalogue: Catalogue) -> Message:
    """Return why the two materials go together; labels stand for what was not recognised."""
    return Message(
        RELATION_REASONS[basis.link.relation],
        {
            "output": resource_name(basis.output_resource, catalogue, provider),
            "input": resource_name(basis.input_resource, catalogue, receiver),
            "rule": basis.link.rule.rule_id if basis.link.rule else "",
        },
    )


UNCOMPARED = Message(N_("One of the two quantities is unknown or in another unit."))
NO_NEED = Message(N_("The need is zero."))
TIMING_ALL = Message(N_("The two calendars meet all along."))
UNPLACED = Message(N_("A site is not placed yet: the distance is unknown."))
NOTHING_DECLARED = Message(N_("Nothing declared to check."))


def quantity_reason(offered: float, needed: float) -> Message:
    """Return how far what is offered covers what is needed."""
    # Neither is itself where it is unknown.
    if offered != offered or needed != needed:
        return UNCOMPARED
    return NO_NEED if needed <= 0 else _covers(round(100 * offered / needed))


@lru_cache(maxsize=16_384)
def _covers(share: int) -> Message:
    return Message(N_("The offer covers {share} % of the need."), {"share": share})


@lru_cache(maxsize=128)
def _timing(share: int) -> Message:
    return Message(N_("The two calendars meet for {share} % of the smaller flow."), {"share": share})


@lru_cache(maxsize=16_384)
def _distance(km: float) -> Message:
    return Message(N_("About {distance_km} km by road."), {"distance_km": km})


@lru_cache(maxsize=256)
def _quality(passed: int, unknown: int) -> Message:
    if passed + unknown == 0:
        return NOTHING_DECLARED
    return Message(
        N_("{passed} conditions met, {unknown} to be confirmed."), {"passed": passed, "unknown": unknown}
    )


def explain(provider: Party, receiver: Party, basis: Basis, distance_km: float | None) -> Message:
    """Return the one sentence a manager understands."""
    rule = basis.link.rule
    treated = rule is not None and rule.form == "treated" and bool(rule.treatment.en)
    params: dict[str, object] = {
        "provider_site": provider.site,
        "provider": provider.label,
        "receiver_site": receiver.site,
        "receiver": receiver.label,
    }
    if rule is not None and treated:
        params["treatment"] = rule.treatment
    if distance_km is not None:
        params["distance_km"] = distance_km
    sentence = Message(EXPLANATIONS[treated, distance_km is not None], params)
    return Message(BY_MEANING, {"sentence": sentence}) if basis.link.relation == MEANING else sentence
