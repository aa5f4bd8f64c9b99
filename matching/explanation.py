"""Why a pair is proposed, what would make it surer, what to check and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.candidates import Basis
from matching.catalogue.model import Catalogue
from matching.columns import property_bits
from matching.messages import N_, LocalName, Message
from matching.model import Flow, Period, Precision
from matching.results import Criterion, Warning_
from matching.scoring import ScoredPairs

RELATION_REASONS = {
    "same": N_("Both sides name the same thing: {input}."),
    "broader": N_("{output} belongs to what is asked for: {input}."),
    "narrower": N_("{output} may cover the more precise need: {input}."),
    "sibling": N_("{output} can often replace {input}."),
    "rule": N_("{output} can replace {input} (rule {rule})."),
    "vague": N_("{output}, if its exact nature allows, can replace {input} (rule {rule})."),
    "words": N_("Only the words agree; neither side was recognised for sure."),
}
GATE_QUESTIONS = {
    "properties": N_("Does “{provider}” have the quality asked for by {receiver_site}?"),
    "temperature": N_("At what temperature is “{provider}” available, and “{receiver}” needed?"),
    "concentration": N_("What is the concentration of “{provider}”?"),
    "moisture": N_("What is the moisture of “{provider}”?"),
    "requirements": N_("Does “{provider}” meet: {conditions}?"),
    "reach": N_("Where exactly is the site? Without a place there is no distance."),
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
        value = float(self.scored.distance_km[self.index])
        return None if np.isnan(value) else round(value, 1)


def resource_name(resource_id: str, catalogue: Catalogue, fallback: str) -> LocalName:
    """Return the resource's name, or the label where it was not recognised."""
    if resource_id:
        return catalogue.resources[resource_id].name
    return LocalName(fallback, fallback)


def criteria_of(pair: PairFacts, catalogue: Catalogue, shares: dict[str, float]) -> dict[str, Criterion]:
    """Return the five criteria of a pair, each with its reason."""
    values = {name: float(column[pair.index]) for name, column in pair.scored.criteria.items()}
    reasons = {
        "material": _material_reason(pair, catalogue),
        "quantity": _quantity_reason(pair),
        "timing": _timing_reason(values["timing"]),
        "distance": _distance_reason(pair),
        "quality": _quality_reason(pair),
    }
    return {name: Criterion(round(value, 3), shares[name], reasons[name]) for name, value in values.items()}


def _material_reason(pair: PairFacts, catalogue: Catalogue) -> Message:
    basis = pair.basis
    return Message(
        RELATION_REASONS[basis.link.relation],
        {
            "output": resource_name(basis.output_resource, catalogue, pair.provider.label),
            "input": resource_name(basis.input_resource, catalogue, pair.receiver.label),
            "rule": basis.link.rule.rule_id if basis.link.rule else "",
        },
    )


def _quantity_reason(pair: PairFacts) -> Message:
    offered, needed = float(pair.scored.offered[pair.index]), float(pair.scored.needed[pair.index])
    if np.isnan(offered) or np.isnan(needed):
        return Message(N_("One of the two quantities is unknown or in another unit."))
    if needed <= 0:
        return Message(N_("The need is zero."))
    return Message(N_("The offer covers {share} % of the need."), {"share": round(100 * offered / needed)})


def _timing_reason(value: float) -> Message:
    if value >= 0.999:
        return Message(N_("The two calendars meet all along."))
    return Message(
        N_("The two calendars meet for {share} % of the smaller flow."), {"share": round(100 * value)}
    )


def _distance_reason(pair: PairFacts) -> Message:
    if pair.distance_km is None:
        return Message(N_("A site is not placed yet: the distance is unknown."))
    return Message(N_("About {distance_km} km by road."), {"distance_km": pair.distance_km})


def _quality_reason(pair: PairFacts) -> Message:
    gates = pair.scored.verdicts.gates
    passed = sum(float(v[pair.index]) == 1 for v in gates.values())
    unknown = sum(float(v[pair.index]) == 0 for v in gates.values())
    if passed + unknown == 0:
        return Message(N_("Nothing declared to check."))
    return Message(
        N_("{passed} conditions met, {unknown} to be confirmed."), {"passed": passed, "unknown": unknown}
    )


@dataclass(frozen=True, slots=True)
class Question:
    """Something still unknown, and the name of the site to ask."""

    site: str
    text: Message


def questions_of(pair: PairFacts, catalogue: Catalogue) -> tuple[Question, ...]:
    """Return the questions whose answers would make the proposal surer, most pressing first."""
    provider, receiver = pair.provider.site.name, pair.receiver.site.name
    rule = pair.basis.link.rule
    params = {
        "provider": pair.provider.label,
        "receiver": pair.receiver.label,
        "receiver_site": receiver,
        "conditions": rule.conditions if rule else "",
    }
    unknown = [
        name for name, verdict in pair.scored.verdicts.gates.items() if float(verdict[pair.index]) == 0
    ]
    unplaced = provider if not pair.provider.site.placed else receiver
    found = [
        Question(unplaced if name == "reach" else provider, Message(GATE_QUESTIONS[name], params))
        for name in unknown
        if name in GATE_QUESTIONS
    ]
    for flow in (pair.provider, pair.receiver):
        if flow.quantity is None:
            asked = {"label": flow.label, "site": flow.site.name}
            found.append(Question(flow.site.name, Message(N_("How much a year: “{label}” ({site})?"), asked)))
    resource = catalogue.resources.get(pair.basis.output_resource)
    if resource is not None and resource.question is not None and pair.basis.link.relation != "same":
        found.append(Question(provider, Message(N_("{question}"), {"question": resource.question})))
    return tuple(found)


def warnings_of(pair: PairFacts) -> tuple[Warning_, ...]:
    """Return what an expert should check before acting; prompts, never legal advice."""
    found: list[Warning_] = []
    offered = pair.scored.verdicts.offered[pair.index]
    if offered & property_bits()["hazardous"]:
        found.append(
            Warning_("hazardous", Message(N_("Hazardous: check the receiver's permit and the carrier.")))
        )
    rule = pair.basis.link.rule
    if rule is not None and rule.conditions.en:
        found.append(
            Warning_("conditions", Message(N_("Conditions: {conditions}"), {"conditions": rule.conditions}))
        )
    cop = float(pair.scored.verdicts.cop[pair.index])
    if not np.isnan(cop):
        found.append(
            Warning_(
                "heat_pump",
                Message(N_("A heat pump is needed (performance about {cop})."), {"cop": round(cop, 1)}),
            )
        )
    if any(
        f.quantity is not None and f.quantity.period is Period.ONCE for f in (pair.provider, pair.receiver)
    ):
        found.append(
            Warning_("one_off", Message(N_("A one-off: the figures are for that once, not for each year.")))
        )
    if Precision.COMMUNE in (pair.provider.site.precision, pair.receiver.site.precision):
        found.append(Warning_("approximate_place", Message(N_("A site is placed at its commune's centre."))))
    if pair.provider.waste_code and rule is not None and rule.form == "treated":
        found.append(
            Warning_("waste_status", Message(N_("It is waste until treated: check its legal status.")))
        )
    if pair.provider.site.company and pair.provider.site.company == pair.receiver.site.company:
        found.append(Warning_("same_company", Message(N_("Both sites belong to the same company."))))
    return tuple(found)


def explain(pair: PairFacts) -> Message:
    """Return the one sentence a manager understands."""
    rule = pair.basis.link.rule
    treated = rule is not None and rule.form == "treated" and bool(rule.treatment.en)
    params: dict[str, object] = {
        "provider_site": pair.provider.site.name,
        "provider": pair.provider.label,
        "receiver_site": pair.receiver.site.name,
        "receiver": pair.receiver.label,
    }
    if rule is not None and treated:
        params["treatment"] = rule.treatment
    if pair.distance_km is not None:
        params["distance_km"] = pair.distance_km
    return Message(EXPLANATIONS[treated, pair.distance_km is not None], params)


def next_step(pair: PairFacts, questions: tuple[Question, ...]) -> Message:
    """Return the one thing to do now."""
    if questions:
        first = questions[0]
        return Message(N_("Ask {site} first: {question}"), {"site": first.site, "question": first.text})
    return Message(
        N_("Call {provider_site} and {receiver_site}, and offer a sample or a visit."),
        {"provider_site": pair.provider.site.name, "receiver_site": pair.receiver.site.name},
    )
