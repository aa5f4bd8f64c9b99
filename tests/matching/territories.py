"""Small territories drawn from the catalogue's own wordings, for laws that hold whatever is declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from matching.catalogue.loader import load_catalogue
from matching.engine import default_engine
from matching.model import Direction, Flow, Kind, Quantity, Range
from matching.parameters import MatchParameters
from matching.results import MatchResult, SynergyKind
from tests.matching.builders import flow, positions, site

PLACES = tuple(
    site(f"Site {letter}", km) for letter, km in zip("ABCDE", (0.0, 1.5, 4.0, 9.0, 40.0), strict=True)
)
UNITS = {Kind.ENERGY: "MWh", Kind.WATER: "m3", Kind.PACKAGING: "palette", Kind.SKILL: "ETP"}
UNKNOWN_WORDS = ("xylobande flimarde", "xylobande", "grumelot brivasson")
# Enough of what can meet that most territories hold a synergy.
RULES_DRAWN = 2
STRONG = 0.8
POOLED = (Kind.PACKAGING, Kind.SKILL, Kind.TRANSPORT)
HEAT = ("waste-heat", "hot-water")


@lru_cache(maxsize=1)
def wordings() -> tuple[tuple[str, Kind], ...]:
    """Return wordings that have a chance to meet: both ends of some rules, and needs people share."""
    catalogue = load_catalogue()
    rules = [rule for rule in catalogue.rules if rule.strength > STRONG]
    ends = [
        end for rule in rules[:: len(rules) // RULES_DRAWN] for end in (rule.from_resource, rule.to_resource)
    ]
    shared = [next(r.resource_id for r in catalogue.resources.values() if r.kind is kind) for kind in POOLED]
    resources = [catalogue.resources[resource_id] for resource_id in sorted({*ends, *shared, *HEAT})]
    known = [(resource.name.fr, resource.kind) for resource in resources]
    return (*known, *((words, Kind.MATERIAL) for words in UNKNOWN_WORDS))


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Return one flow at one of five places."""
    label, kind = draw(st.sampled_from(wordings()))
    amount = draw(st.one_of(st.none(), st.integers(1, 2000)))
    fields: dict[str, Any] = {
        "kind": kind,
        "months": draw(st.sampled_from((frozenset(), frozenset({1, 2, 3})))),
    }
    if kind is Kind.ENERGY:
        fields["temperature_c"] = draw(st.sampled_from((None, Range.of(40.0), Range.of(90.0))))
    if draw(st.booleans()):
        fields["unit_cost_eur"] = Range.of(draw(st.integers(1, 50)))
    place, direction = draw(st.sampled_from(PLACES)), draw(st.sampled_from(list(Direction)))
    return flow(place, direction, label, amount, UNITS.get(kind, "t"), **fields)


territories = st.lists(flows(), min_size=4, max_size=12)


def match(given: Sequence[Flow], **parameters: Any) -> MatchResult:
    """Return what the package's engine finds."""
    return default_engine().match(given, positions(given), MatchParameters(**parameters))


def signature(result: MatchResult) -> list[object]:
    """Return everything a document says, as comparable text, rows left out."""
    return [
        str(replace(s, members=tuple(replace(m, flow=_without_units(m.flow)) for m in s.members)))
        for s in result.synergies
    ]


def _without_units(declared: Flow) -> Flow:
    return replace(declared, quantity=None, unit_cost_eur=None, row=None)


def substitutions(result: MatchResult) -> dict[tuple[Flow, Flow], float]:
    """Return the score of each pair proposed."""
    return {
        (s.members[0].flow, s.members[1].flow): s.score
        for s in result.synergies
        if s.kind is SynergyKind.SUBSTITUTION
    }


def read_substitutions(result: MatchResult) -> dict[tuple[Flow, Flow], float]:
    """Return the score of each pair that readings link: a second look depends on what is left over around."""
    guessed = {
        (s.members[0].flow, s.members[1].flow)
        for s in result.synergies
        if s.explanation.text.startswith("Brought together by meaning")
    }
    return {pair: score for pair, score in substitutions(result).items() if pair not in guessed}


def in_small_units(declared: Flow) -> Flow:
    """Return the same flow in kg or kWh instead of t or MWh."""
    small = {"t": "kg", "MWh": "kWh", "m3": "L"}
    quantity = declared.quantity
    if quantity is None or quantity.unit not in small:
        return declared
    cost = declared.unit_cost_eur
    return replace(
        declared,
        quantity=Quantity(Range.of(quantity.value.middle * 1000), small[quantity.unit]),
        unit_cost_eur=None if cost is None else Range.of(cost.middle / 1000),
    )
