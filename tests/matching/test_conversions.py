"""The table of conversions between units holds together, and its effect on comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from matching.catalogue.loader import load_catalogue
from matching.catalogue.tables import read_rows
from matching.engine import default_engine
from matching.model import Direction, Flow, Kind, Quantity, Range, Site
from matching.units import unit, unit_symbols

ROWS = read_rows("conversions.csv")


def test_every_conversion_names_a_resource_of_the_catalogue() -> None:
    assert {row["resource"] for row in ROWS} - set(load_catalogue().resources) == set()


def test_every_conversion_goes_between_two_canonical_units() -> None:
    used = {row[end] for row in ROWS for end in ("from_unit", "to_unit")}
    assert used <= set(unit_symbols())
    assert {symbol for symbol in used if unit(symbol).canonical != symbol} == set()
    assert [row for row in ROWS if row["from_unit"] == row["to_unit"]] == []


def test_every_conversion_has_a_positive_factor_and_says_where_it_is_from() -> None:
    assert [row for row in ROWS if not float(row["factor"]) > 0] == []
    assert [row for row in ROWS if not row["source"]] == []
    assert {row["status"] for row in ROWS} <= {"S", "R", "R2", "K", "D", "E"}


def test_no_pair_of_units_is_given_twice_for_a_resource() -> None:
    keys = [(row["resource"], frozenset((row["from_unit"], row["to_unit"]))) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_every_conversion_reaches_the_unit_of_its_resource_or_of_a_descendant() -> None:
    catalogue = load_catalogue()
    idle = []
    for row in ROWS:
        family = (row["resource"], *catalogue.descendants(row["resource"]))
        if not {row["from_unit"], row["to_unit"]} & {catalogue.resources[name].unit for name in family}:
            idle.append(row)
    assert idle == []


@pytest.mark.parametrize(
    ("resource", "value", "from_unit", "expected", "to_unit"),
    [
        ("used-cooking-oil", 10, "m3", 9.2, "t"),
        ("pallet-eur", 1, "t", 40, "palette"),
        ("steam-medium-pressure", 100, "t", 68, "MWh"),
        ("tyre-car", 500, "unité", 4, "t"),
        ("computers", 0.8, "t", 100, "unité"),
        ("job-welder", 10, "jour", 70, "h"),
        ("beer", 5, "t", 5, "m3"),
    ],
)
def test_a_quantity_is_compared_in_the_unit_of_its_resource(
    resource: str, value: float, from_unit: str, expected: float, to_unit: str
) -> None:
    amount, symbol = compared(resource, value, from_unit)
    assert amount == pytest.approx(expected)
    assert symbol == to_unit


def test_a_conversion_of_a_parent_serves_its_descendants_unless_they_have_their_own() -> None:
    factors = {row["resource"]: float(row["factor"]) for row in ROWS if row["from_unit"] == "m3"}
    assert "wood-offcuts" not in factors
    assert compared("wood-offcuts", 1, "m3") == (pytest.approx(factors["wood"]), "t")
    assert compared("wood-shavings", 1, "m3") == (pytest.approx(factors["wood-shavings"]), "t")
    assert factors["wood"] != factors["wood-shavings"]


def compared(resource: str, value: float, from_unit: str) -> tuple[object, str]:
    """Return the amount and the unit by which the engine compares a declared quantity."""
    quantity = Quantity(Range.of(value), from_unit)
    flow = Flow(Site("Site"), Direction.OUTPUT, Kind.MATERIAL, "Flux", quantity=quantity, resource=resource)
    _, found = default_engine().columns([flow], np.zeros((1, 3)))
    return float(found.value[0]), found.names[int(found.unit[0])]
