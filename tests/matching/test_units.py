"""Declared quantities to canonical units a year."""

from __future__ import annotations

import pytest

from matching.errors import InvalidFlowError, UnknownUnitError
from matching.model import Kind, Period, Quantity, Range
from matching.units import canonical_per_year, declared_per_year, parse_unit, unit_cost_per_canonical
from tests.matching.builders import flow, site


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("Tonnes", "t"),
        ("m³", "m3"),
        ("Mètres cubes", "m3"),
        ("KWh", "kWh"),
        ("palettes", "palette"),
        ("E.T.P.", "ETP"),
        ("heures", "h"),
        ("m²", "m2"),
        ("litres", "L"),
        ("pcs", "unité"),
        ("€", "EUR"),
        ("jours", "jour"),
    ],
)
def test_usual_spellings_give_the_units_symbol(written: str, symbol: str) -> None:
    assert parse_unit(written) == symbol


def test_an_unknown_unit_names_the_field_and_the_units_to_use() -> None:
    with pytest.raises(UnknownUnitError, match=r"boisseau.*MWh") as caught:
        parse_unit("boisseau")
    assert caught.value.field == "unit"


@pytest.mark.parametrize(
    ("period", "months", "days", "expected"),
    [
        (Period.YEAR, 12, None, 10.0),
        (Period.MONTH, 12, None, 120.0),
        (Period.MONTH, 3, None, 30.0),
        (Period.WEEK, 12, None, 520.0),
        (Period.WEEK, 6, None, 260.0),
        (Period.DAY, 12, None, 3650.0),
        (Period.DAY, 12, 5, 2600.0),
    ],
)
def test_a_period_counts_only_in_the_active_months(
    period: Period, months: int, days: float | None, expected: float
) -> None:
    quantity = Quantity(Range.of(10), "t", period, days)
    assert declared_per_year(quantity, Kind.MATERIAL, months).per_year == pytest.approx(expected)


def test_a_one_off_has_no_yearly_quantity_and_keeps_its_amount() -> None:
    found = declared_per_year(Quantity(Range.of(900), "kg", Period.ONCE), Kind.MATERIAL)
    assert found.per_year is None
    assert found.amount == 900


@pytest.mark.parametrize(("kind", "unit"), [(Kind.SPACE, "m2"), (Kind.SPACE, "unité"), (Kind.SKILL, "ETP")])
def test_areas_places_and_posts_are_levels_whatever_the_period(kind: Kind, unit: str) -> None:
    assert declared_per_year(Quantity(Range.of(80), unit, Period.WEEK), kind).per_year == 80


def test_kilograms_and_tonnes_say_the_same() -> None:
    place = site("A")
    tonnes = canonical_per_year(flow(place, "output", "verre", 0.9, "t"))
    kilograms = canonical_per_year(flow(place, "output", "verre", 900, "kg"))
    assert tonnes is not None
    assert kilograms is not None
    assert tonnes.per_year == pytest.approx(kilograms.per_year)
    assert tonnes.unit == kilograms.unit == "t"


def test_a_unit_cost_follows_its_unit() -> None:
    declared = flow(site("A"), "output", "verre", 900, "kg", unit_cost_eur=Range.of(0.05))
    assert unit_cost_per_canonical(declared) == pytest.approx(50)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_quantity_must_be_finite(value: float) -> None:
    with pytest.raises(InvalidFlowError):
        Range.of(value)


def test_a_quantity_must_not_be_negative() -> None:
    with pytest.raises(InvalidFlowError, match="negative"):
        Quantity(Range.of(-1), "t")
