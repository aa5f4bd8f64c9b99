"""Outlets: which activities could take an output, whether or not one has declared the need.

Each division of NACE adds up three kinds of evidence: the substitution rules that name it, what it usually
takes of this material or family of flows, and what it usually takes of this chapter of the List of Waste. The
general habit of taking others' outputs counts where nothing is known of the material itself, and the trade
that gives makes its usual neighbours a little likelier.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from matching.catalogue.model import Catalogue, Rule
from matching.classify import Classifier
from matching.messages import LocalName
from matching.model import Direction, Kind
from matching.parameters import constant
from matching.readings import Candidate
from matching.receivers import neighbour_factor, receiver_shares, resource_shares, waste_shares

# Own estimates: each further activity a rule names, and each further reading of the text, counts less.
NEXT_ACTIVITY = 0.9
READINGS = 4
DONOR_FITS = 1.05
# A firm that typically needs the same resource takes it, less surely than one a rule names.
TYPICAL_NEED = 0.5
# Several rules that name one division make it surer, each by this share of its own strength.
FURTHER_RULE = 0.1
# Beside a rule, usage of the family and of the chapter of waste count for this share; usage of the material
# itself says more than that of its family.
FAMILY_SHARE = 0.6
MATERIAL_SHARE = 1.0
CHAPTER_SHARE = 0.5
# How much the general habit of taking others' outputs weighs, as a power of the division's share, where
# nothing is known of the material itself.
HABIT_POWER = 0.25
LEAST_HABIT = 0.08
# A waste operator takes nearly anything; an industrial user comes first.
WASTE_OPERATORS = "38"
OPERATOR_FACTOR = 0.8
# A firm seldom lacks what others of its own trade give away.
SAME_TRADE_FACTOR = 0.95
# Work, rooms and journeys are seldom what a process gives away.
GIVEN = frozenset({Kind.MATERIAL, Kind.ENERGY, Kind.WATER, Kind.PACKAGING})
NOT_GIVEN_FACTOR = 0.5

USUAL_SOURCE = "own estimate (receiver_divisions.csv)"

DIGITS = re.compile(r"\d+")
# From here on a code says a trade, and not a whole division of them.
PRECISE = 3


@dataclass(frozen=True, slots=True)
class Outlet:
    """An activity (NACE, 2 to 4 digits) that could take an output, and for what; ``score`` in [0, 1].

    ``trades`` are the precise activities of that division whose sites are worth a call.
    """

    activity_code: str
    use: LocalName
    treatment: LocalName
    score: float
    rule: str
    source: str
    trades: tuple[str, ...] = ()


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
    whole = 1 + MATERIAL_SHARE + (CHAPTER_SHARE if chapter else 0)
    habit_power = HABIT_POWER * (1 - _known_share(readings, catalogue))
    ranked = []
    for division in named.keys() | usual.keys() | chapter.keys():
        outlet, score = _weighed(named.get(division, []), usual.get(division), chapter.get(division))
        score *= _inclination(division, donor, habit_power)
        ranked.append(replace(outlet, score=round(min(score / whole, 1.0), 4)))
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
    best = sorted(weighed, key=lambda reading: (-reading.score, reading.resource))[:READINGS]
    # A reading half as good as the first is far less than half as likely.
    return [replace(reading, score=reading.score**2 / best[0].score) for reading in best]


def _known_share(readings: Sequence[Candidate], catalogue: Catalogue) -> float:
    """Return how much of what the text may mean has shares of its own, in [0, 1]."""
    total = sum(reading.score for reading in readings)
    known = sum(reading.score for reading in readings if resource_shares(reading.resource, catalogue))
    return known / total if total else 0.0


def _inclination(division: str, donor: str, habit_power: float) -> float:
    """Return how ready a division is to take an output, whatever it is."""
    habit: float = max(receiver_shares("all", "").get(division, 0.0), LEAST_HABIT) ** habit_power
    operator = OPERATOR_FACTOR if division == WASTE_OPERATORS else 1.0
    same_trade = SAME_TRADE_FACTOR if donor[:2] == division else 1.0
    return habit * operator * same_trade * neighbour_factor(donor, division)


def _weighed(named: list[Outlet], usual: Outlet | None, chapter: Outlet | None) -> tuple[Outlet, float]:
    """Return a division's best outlet, and the sum of all that speaks for it."""
    best = max(named, key=lambda o: (o.score, o.activity_code, o.rule), default=None)
    shown = next(outlet for outlet in (best, usual, chapter) if outlet)
    unsure = 1.0
    for outlet in named:
        unsure *= 1 - FURTHER_RULE * outlet.score
    strongest = best.score if best else 0.0
    score = strongest + (1 - strongest) * (1 - unsure)
    score += usual.score if usual else 0.0
    score += CHAPTER_SHARE * (chapter.score if chapter else 0.0)
    return shown, score


def _named_outlets(reading: Candidate, catalogue: Catalogue, donor: str) -> Iterator[Outlet]:
    """Yield the activities that rules name, and those that typically need the same resource."""
    line = catalogue.lineage(reading.resource)
    factors = {origin: constant("rule_step") ** steps for steps, origin in enumerate(line)}
    factors |= dict.fromkeys(catalogue.descendants(reading.resource), constant("vague_rule"))
    for rule in catalogue.rules:
        factor = factors.get(rule.from_resource)
        if factor is not None:
            strength = min(1.0, reading.score * rule.strength * factor * _donor_factor(rule, donor))
            need = catalogue.resources[rule.to_resource]
            for place, activity in enumerate(_one_a_division(rule.receiver_activities)):
                score = strength * NEXT_ACTIVITY**place
                trades = _trades(activity, need.activities_in)
                yield Outlet(activity, need.name, rule.treatment, score, rule.rule_id, rule.source, trades)
    resource = catalogue.resources[reading.resource]
    for place, activity in enumerate(_one_a_division(resource.activities_in)):
        score = reading.score * TYPICAL_NEED * NEXT_ACTIVITY**place
        trades = _trades(activity, resource.activities_in)
        yield Outlet(activity, resource.name, LocalName("", ""), score, "", resource.source, trades)


def _one_a_division(activities: tuple[str, ...]) -> list[str]:
    first: dict[str, str] = {}
    for activity in activities:
        first.setdefault(activity[:2], activity)
    return list(first.values())


def _trades(activity: str, profile: tuple[str, ...]) -> tuple[str, ...]:
    """Return the activity itself if it is precise, else the precise ones of its division in a profile."""
    if len(activity) >= PRECISE:
        return (activity,)
    return tuple(code for code in profile if len(code) >= PRECISE and code.startswith(activity))


def _donor_factor(rule: Rule, donor: str) -> float:
    return DONOR_FITS if donor and donor.startswith(rule.donor_activities) else 1.0


def _usual_outlets(reading: Candidate, catalogue: Catalogue) -> Iterator[Outlet]:
    """Yield the divisions that usually take this resource, its nearest ancestor's or its family's flows."""
    resource = catalogue.resources[reading.resource]
    shares, weight = resource_shares(reading.resource, catalogue), MATERIAL_SHARE
    if not shares:
        shares, weight = receiver_shares("reach", resource.reach), FAMILY_SHARE
    for division, share in shares.items():
        trades = _trades(division, resource.activities_in)
        score = weight * reading.score * share
        yield Outlet(division, resource.name, LocalName("", ""), score, "", USUAL_SOURCE, trades)


def _chapter_outlets(waste_code: str, catalogue: Catalogue) -> Iterator[Outlet]:
    """Yield the divisions that usually take waste of this code, or of the chapter nearest to it."""
    name = catalogue.waste_chapters.get(waste_code[:2], LocalName("", ""))
    for division, share in waste_shares(waste_code).items():
        yield Outlet(division, name, LocalName("", ""), share, "", USUAL_SOURCE)
