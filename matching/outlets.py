"""Outlets: which activities could take an output, whether or not one has declared the need.

Each division of NACE adds up three kinds of evidence: the substitution rules that name it, what it usually
takes of this family of flows, and what it usually takes of this chapter of the List of Waste.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from matching.catalogue.model import Catalogue, Rule
from matching.catalogue.tables import read_rows
from matching.classify import Candidate, Classifier
from matching.messages import LocalName
from matching.model import Direction, Kind
from matching.parameters import constant

# Own estimates: each further activity a rule names, and each further reading of the text, counts less.
NEXT_ACTIVITY = 0.9
READINGS = 4
DONOR_FITS = 1.05
# A firm that typically needs the same resource takes it, less surely than one a rule names.
TYPICAL_NEED = 0.5
# Several rules that name one division make it surer, each by this share of its own strength.
FURTHER_RULE = 0.1
# Beside a rule, usage of the family and of the chapter of waste count for this share.
FAMILY_SHARE = 0.6
CHAPTER_SHARE = 0.5
# How much the general habit of taking others' outputs weighs, as a power of the division's share.
HABIT_POWER = 0.25
LEAST_HABIT = 0.08
# A waste operator takes nearly anything; an industrial user comes first.
WASTE_OPERATORS = "38"
OPERATOR_FACTOR = 0.8
# Work, rooms and journeys are seldom what a process gives away.
GIVEN = frozenset({Kind.MATERIAL, Kind.ENERGY, Kind.WATER, Kind.PACKAGING})
NOT_GIVEN_FACTOR = 0.5

USUAL_SOURCE = "own estimate (receiver_divisions.csv)"

DIGITS = re.compile(r"\d+")
Shares = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Outlet:
    """An activity (NACE, 2 to 4 digits) that could take an output, and for what; ``score`` in [0, 1]."""

    activity_code: str
    use: LocalName
    treatment: LocalName
    score: float
    rule: str
    source: str


def find_outlets(
    classifier: Classifier, text: str, waste_code: str = "", donor_activity: str = "", top: int = 10
) -> tuple[Outlet, ...]:
    """Return the ``top`` activities that could take what ``text`` or ``waste_code`` says, best first.

    Each division of NACE stands once, with the activity and the use that fit best.
    """
    catalogue = classifier.catalogue
    code, donor = _first_number(waste_code)[:6], _first_number(donor_activity)
    readings = _readings(classifier, text, code, donor)
    named: dict[str, list[Outlet]] = defaultdict(list)
    usual: dict[str, Outlet] = {}
    for reading in readings:
        for outlet in _named_outlets(reading, catalogue, donor):
            named[outlet.activity_code[:2]].append(outlet)
        for outlet in _usual_outlets(reading, catalogue):
            current = usual.get(outlet.activity_code)
            if current is None or outlet.score > current.score:
                usual[outlet.activity_code] = outlet
    chapter = {outlet.activity_code: outlet for outlet in _chapter_outlets(code, catalogue)}
    whole = 1 + FAMILY_SHARE + (CHAPTER_SHARE if chapter else 0)
    ranked = [
        _weighed(division, named.get(division, []), usual.get(division), chapter.get(division), whole)
        for division in named.keys() | usual.keys() | chapter.keys()
    ]
    ranked.sort(key=lambda outlet: (-outlet.score, outlet.activity_code))
    return tuple(ranked[:top])


def _first_number(cell: str) -> str:
    """Return the digits of the first code of a cell such as ``20.12/20.30`` or ``10 01 02``."""
    found = DIGITS.search(re.sub(r"[.\s*]", "", cell))
    return found[0] if found else ""


def _readings(classifier: Classifier, text: str, waste_code: str, donor: str) -> list[Candidate]:
    resources = classifier.catalogue.resources
    found = classifier.classify_parts(text, Direction.OUTPUT, None, waste_code, donor, 3 * READINGS)
    weighed = [
        reading
        if resources[reading.resource].kind in GIVEN
        else replace(reading, score=reading.score * NOT_GIVEN_FACTOR)
        for reading in found
    ]
    return sorted(weighed, key=lambda reading: (-reading.score, reading.resource))[:READINGS]


def _weighed(
    division: str, named: list[Outlet], usual: Outlet | None, chapter: Outlet | None, whole: float
) -> Outlet:
    """Return the division's best outlet with the score of all that speaks for it."""
    best = max(named, key=lambda o: (o.score, o.activity_code, o.rule), default=None)
    shown = next(outlet for outlet in (best, usual, chapter) if outlet)
    unsure = 1.0
    for outlet in named:
        unsure *= 1 - FURTHER_RULE * outlet.score
    strongest = best.score if best else 0.0
    score = strongest + (1 - strongest) * (1 - unsure)
    score += FAMILY_SHARE * (usual.score if usual else 0.0)
    score += CHAPTER_SHARE * (chapter.score if chapter else 0.0)
    score *= max(receiver_shares("all", "").get(division, 0.0), LEAST_HABIT) ** HABIT_POWER
    if division == WASTE_OPERATORS:
        score *= OPERATOR_FACTOR
    return replace(shown, score=round(min(score / whole, 1.0), 4))


def _named_outlets(reading: Candidate, catalogue: Catalogue, donor: str) -> Iterator[Outlet]:
    """Yield the activities that rules name, and those that typically need the same resource."""
    line = catalogue.lineage(reading.resource)
    factors = {origin: constant("rule_step") ** steps for steps, origin in enumerate(line)}
    factors |= dict.fromkeys(catalogue.descendants(reading.resource), constant("vague_rule"))
    for rule in catalogue.rules:
        factor = factors.get(rule.from_resource)
        if factor is not None:
            strength = min(1.0, reading.score * rule.strength * factor * _donor_factor(rule, donor))
            use = catalogue.resources[rule.to_resource].name
            for place, activity in enumerate(_one_a_division(rule.receiver_activities)):
                score = strength * NEXT_ACTIVITY**place
                yield Outlet(activity, use, rule.treatment, score, rule.rule_id, rule.source)
    resource = catalogue.resources[reading.resource]
    for place, activity in enumerate(_one_a_division(resource.activities_in)):
        score = reading.score * TYPICAL_NEED * NEXT_ACTIVITY**place
        yield Outlet(activity, resource.name, LocalName("", ""), score, "", resource.source)


def _one_a_division(activities: tuple[str, ...]) -> list[str]:
    first: dict[str, str] = {}
    for activity in activities:
        first.setdefault(activity[:2], activity)
    return list(first.values())


def _donor_factor(rule: Rule, donor: str) -> float:
    return DONOR_FITS if donor and donor.startswith(rule.donor_activities) else 1.0


def _usual_outlets(reading: Candidate, catalogue: Catalogue) -> Iterator[Outlet]:
    """Yield the divisions that usually take this resource, its nearest ancestor's or its family's flows."""
    resource = catalogue.resources[reading.resource]
    for key in catalogue.lineage(reading.resource):
        if shares := receiver_shares("resource", key):
            break
    else:
        shares = receiver_shares("reach", resource.reach)
    for division, share in shares.items():
        yield Outlet(division, resource.name, LocalName("", ""), reading.score * share, "", USUAL_SOURCE)


def _chapter_outlets(waste_code: str, catalogue: Catalogue) -> Iterator[Outlet]:
    """Yield the divisions that usually take waste of this code, or of the chapter nearest to it."""
    for digits in (6, 4, 2):
        shares = receiver_shares("waste", waste_code[:digits])
        if shares:
            name = catalogue.waste_chapters.get(waste_code[:2], LocalName("", ""))
            for division, share in shares.items():
                yield Outlet(division, name, LocalName("", ""), share, "", USUAL_SOURCE)
            return


def receiver_shares(scope: str, key: str) -> Shares:
    """Return how readily each division takes others' outputs, in [0, 1], from ``receiver_divisions.csv``.

    ``scope`` is ``all`` (``key`` empty), ``resource`` (a catalogue id), ``reach`` (a key of
    ``reaches.csv``) or ``waste`` (the first 2, 4 or 6 digits of a code).
    """
    return _receiver_table().get((scope, key), {})


@lru_cache(maxsize=1)
def _receiver_table() -> Mapping[tuple[str, str], Shares]:
    table: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in read_rows("receiver_divisions.csv"):
        table[row["scope"], row["key"]][row["division"]] = float(row["weight"])
    return dict(table)
