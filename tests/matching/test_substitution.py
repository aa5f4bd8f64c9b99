"""One pair scored by hand, and what a substitution says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine import default_engine
from matching.model import Flow, Kind, Period, Quantity, Range, Site
from matching.parameters import constant
from matching.results import Role, Synergy, SynergyKind
from tests.matching.builders import flow, positions, site
from tests.matching.territories import match

GLASS_REACH_KM = (80.0, 200.0, 450.0)  # full, half and cut of the reach "glass"


def glass(place: str, km: float, direction: str, amount: float | None, **fields: Any) -> Flow:
    """Return a flow of glass cullet, named so that nothing is left to reading."""
    return flow(site(place, km), direction, "calcin", amount, resource="glass-cullet", **fields)


def only(*rows: Flow, **parameters: Any) -> Synergy:
    """Return the one substitution among the rows."""
    (found,) = [s for s in match(rows, **parameters).synergies if s.kind is SynergyKind.SUBSTITUTION]
    return found


def score_by_hand(
    km: float, offered: float | None, needed: float | None, offer: frozenset[int], need: frozenset[int]
) -> float:
    """The method's formula, written plainly for one pair of the same resource."""
    road = round(km * 1.3, 1)
    full, half, _ = GLASS_REACH_KM
    distance = 1.0 if road <= full else 0.5 ** ((road - full) / half)
    quantity, gives, takes = 0.6, 1.0, 1.0
    if offered is not None and needed is not None:
        quantity = 0.5 + 0.5 * min(offered, needed) / max(offered, needed)
        gives, takes = offered, needed
    shared = sum(
        min(gives / len(offer) * (month in offer), takes / len(need) * (month in need))
        for month in range(1, 13)
    )
    timing = shared / min(gives, takes)
    material = quality = 1.0  # both name cullet, and cullet is clean as the need wants it
    score: float = 100 * material**0.40 * distance**0.20 * quantity**0.15 * quality**0.15 * timing**0.10
    return score


months = st.sets(st.integers(1, 12), min_size=1).map(frozenset)
amounts = st.one_of(st.none(), st.integers(100, 5000).map(float))


@given(st.floats(0.1, 340), amounts, amounts, months, months)
def test_the_columns_score_a_pair_as_the_formula_does(
    km: float, offered: float | None, needed: float | None, offer: frozenset[int], need: frozenset[int]
) -> None:
    rows = [glass("A", 0, "output", offered, months=offer), glass("B", km, "input", needed, months=need)]
    found = [s for s in match(rows).synergies if s.kind is SynergyKind.SUBSTITUTION]
    expected = score_by_hand(km, offered, needed, offer, need) if offer & need else 0.0
    assert len(found) == (round(expected, 1) >= constant("minimum_score"))
    if found:
        assert found[0].score == pytest.approx(expected, abs=0.06)


def test_the_members_are_the_provider_then_the_receiver_with_their_yearly_quantities() -> None:
    found = only(glass("A", 0, "output", 300), glass("B", 2, "input", 200))
    assert [(m.flow.site.name, m.role, m.quantity_per_year, m.unit) for m in found.members] == [
        ("A", Role.PROVIDER, 300, "t"),
        ("B", Role.RECEIVER, 200, "t"),
    ]
    assert (found.quantity_per_year, found.unit, found.distance_km) == (200, "t", 2.6)


def test_two_flows_of_one_site_are_no_substitution() -> None:
    assert match([glass("A", 0, "output", 300), glass("A", 0, "input", 300)]).synergies == ()


def test_two_outputs_of_one_resource_are_no_substitution() -> None:
    found = match([glass("A", 0, "output", 300), glass("B", 1, "output", 300)])
    assert [s.kind for s in found.synergies] == [SynergyKind.MUTUALISATION]


def test_a_territorys_own_weights_count_whatever_their_scale() -> None:
    rows = glass("A", 0, "output", 300), glass("B", 150, "input", 30)
    alone = {"material": 0.0, "quantity": 0.0, "timing": 0.0, "quality": 0.0, "distance": 7.0}
    assert only(*rows, weights=alone).score == pytest.approx(100 * 0.5 ** ((195 - 80) / 200), abs=0.06)


def test_a_territorys_own_reach_replaces_the_catalogues() -> None:
    rows = glass("A", 0, "output", 300), glass("B", 20, "input", 300)
    assert match(rows, reaches_km={"glass": 20}).synergies == ()
    assert only(*rows, reaches_km={"glass-cullet": 30}).distance_km == 26


def test_a_max_km_between_two_tenths_is_not_passed_by_rounding() -> None:
    rows = glass("A", 0, "output", 300), glass("B", 9.955 / 1.3, "input", 300)
    assert match(rows, max_km=9.96).synergies == ()
    assert only(*rows, max_km=10.0).distance_km == 10.0


def test_an_unplaced_site_lowers_the_score_and_asks_where_it_is() -> None:
    placed, unplaced = site("A"), Site(name="B")
    rows = [
        flow(place, way, "calcin", 300, resource="glass-cullet")
        for place, way in ((placed, "output"), (unplaced, "input"))
    ]
    found = only(*rows)
    assert found.distance_km is None
    assert "km" not in str(found.explanation)
    assert "Ask B first" in str(found.next_step)


def test_the_site_that_knows_is_the_one_to_ask() -> None:
    found = only(glass("Verrier", 0, "output", 300), glass("Four", 2, "input", None))
    assert str(found.next_step).startswith("Ask Four first: How much a year")


def test_with_nothing_missing_the_next_step_is_to_call_both() -> None:
    found = only(glass("Verrier", 0, "output", 300), glass("Four", 2, "input", 300))
    assert found.missing == ()
    assert str(found.next_step).startswith("Call Verrier and Four")


def test_a_one_off_is_matched_by_its_amount_with_a_warning() -> None:
    once = Quantity(Range.of(50), "t", Period.ONCE)
    found = only(glass("A", 0, "output", None, quantity=once), glass("B", 2, "input", 80))
    assert found.quantity_per_year == 50
    assert found.members[0].quantity_per_year is None
    assert "one_off" in {warning.code for warning in found.warnings}


def test_two_sites_of_one_company_are_told_so() -> None:
    rows = [
        flow(site(name, km, company="Verrerie SA"), way, "calcin", 300, resource="glass-cullet")
        for name, km, way in (("A", 0, "output"), ("B", 2, "input"))
    ]
    assert "same_company" in {warning.code for warning in only(*rows).warnings}


@pytest.mark.parametrize(("first", "second"), [(1, 5), (3, 3), (2, 4)])
def test_confidence_grows_with_reliability(first: int, second: int) -> None:
    def confidence(*levels: int) -> float:
        rows = [
            glass(name, km, way, 300, reliability=level)
            for (name, km, way), level in zip((("A", 0, "output"), ("B", 2, "input")), levels, strict=True)
        ]
        return only(*rows).confidence

    assert confidence(first, second) <= confidence(5, 5) == 1
    assert confidence(1, 1) <= confidence(first, second)


def test_the_activity_a_rule_does_not_name_lowers_the_material() -> None:
    def material(code: str) -> float:
        rows = [
            flow(site("A"), "output", "drêches", 100, resource="spent-grain"),
            flow(site("B", 2, activity_code=code), "input", "aliment", 100, resource="livestock-feed"),
        ]
        return only(*rows).criteria["material"].value

    assert material("01.41Z") == material("") == pytest.approx(0.95)
    assert material("62.01Z") == pytest.approx(0.95 * 0.8)


def test_unknown_words_meet_only_within_one_kind_and_for_less_than_a_resource() -> None:
    offer = flow(site("A"), "output", "xylobande", 10)
    found = only(offer, flow(site("B", 2), "input", "xylobande", 10))
    assert found.criteria["material"].value == pytest.approx(0.7)
    assert match([offer, flow(site("B", 2), "input", "xylobande", 10, kind=Kind.SERVICE)]).synergies == ()


def test_an_empty_territory_has_no_synergy() -> None:
    assert match([]).synergies == ()


def test_progress_names_each_step() -> None:
    steps: list[str] = []
    rows = [glass("A", 0, "output", 1)]
    default_engine().match(rows, positions(rows), progress=steps.append)
    assert steps == ["classify", "substitution", "loop", "mutualisation"]
