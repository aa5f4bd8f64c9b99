"""Outlets: which activities could take an output, whether or not one has declared the need."""

from __future__ import annotations

from dataclasses import dataclass

from matching.catalogue.model import Catalogue, Resource, Rule
from matching.classify import Candidate, Classifier
from matching.messages import LocalName
from matching.model import Direction
from matching.parameters import constant

READINGS = 4  # how many readings of the text are followed


@dataclass(frozen=True, slots=True)
class Outlet:
    """An activity (NACE, 2 to 4 digits) that could take an output, and for what."""

    activity_code: str
    use: LocalName
    treatment: LocalName
    score: float
    rule: str
    source: str


def find_outlets(
    classifier: Classifier, text: str, waste_code: str = "", donor_activity: str = "", top: int = 10
) -> tuple[Outlet, ...]:
    """Return the ``top`` activities that could take what ``text`` or ``waste_code`` says, best first."""
    catalogue = classifier.catalogue
    best: dict[str, Outlet] = {}
    for candidate in _readings(classifier, text, waste_code, donor_activity):
        for outlet in _outlets_of(candidate, catalogue, donor_activity):
            current = best.get(outlet.activity_code)
            if current is None or outlet.score > current.score:
                best[outlet.activity_code] = outlet
    ranked = sorted(best.values(), key=lambda o: (-o.score, o.activity_code, o.rule))
    return tuple(ranked[:top])


def _readings(classifier: Classifier, text: str, waste_code: str, donor: str) -> tuple[Candidate, ...]:
    return classifier.classify_parts(text, Direction.OUTPUT, None, waste_code, donor, READINGS)


def _outlets_of(candidate: Candidate, catalogue: Catalogue, donor: str) -> list[Outlet]:
    found = []
    rules = [
        (rule, constant("rule_step") ** steps)
        for steps, origin in enumerate(catalogue.lineage(candidate.resource))
        for rule in catalogue.rules
        if rule.from_resource == origin
    ]
    below = set(catalogue.descendants(candidate.resource))
    rules += [(rule, constant("vague_rule")) for rule in catalogue.rules if rule.from_resource in below]
    for rule, factor in rules:
        use = catalogue.resources[rule.to_resource].name
        for place, activity in enumerate(rule.receiver_activities):
            score = (
                candidate.score
                * rule.strength
                * factor
                * constant("next_activity") ** place
                * _donor_factor(rule, donor)
            )
            found.append(
                Outlet(activity, use, rule.treatment, round(min(score, 1.0), 4), rule.rule_id, rule.source)
            )
    found.extend(_typical(candidate, catalogue.resources[candidate.resource]))
    return found


def _donor_factor(rule: Rule, donor: str) -> float:
    digits = donor.replace(".", "")
    fits = digits and any(digits.startswith(code) for code in rule.donor_activities)
    return constant("donor_fits") if fits else 1.0


def _typical(candidate: Candidate, resource: Resource) -> list[Outlet]:
    return [
        Outlet(
            activity,
            resource.name,
            LocalName("", ""),
            round(candidate.score * constant("typical_need") * constant("next_activity") ** place, 4),
            "",
            resource.source,
        )
        for place, activity in enumerate(resource.activities_in)
    ]
