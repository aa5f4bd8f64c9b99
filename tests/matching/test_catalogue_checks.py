"""A broken line of the catalogue stops it from loading, and is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matching.catalogue import tables
from matching.catalogue.loader import load_catalogue, read_catalogue
from matching.catalogue.model import Catalogue, Conversion
from matching.catalogue.validation import check
from matching.errors import CatalogueError
from matching.messages import LocalName

RESOURCE, RULE, FACTOR, REACH = "glass-cullet", 0, "c_rigid", "glass"


def with_resource(**fields: Any) -> Catalogue:
    catalogue = load_catalogue()
    broken = replace(catalogue.resources[RESOURCE], **fields)
    return replace(catalogue, resources={**catalogue.resources, RESOURCE: broken})


def with_rule(**fields: Any) -> Catalogue:
    catalogue = load_catalogue()
    return replace(catalogue, rules=(replace(catalogue.rules[RULE], **fields), *catalogue.rules[1:]))


def with_factor(**fields: Any) -> Catalogue:
    catalogue = load_catalogue()
    broken = replace(catalogue.factors[FACTOR], **fields)
    return replace(catalogue, factors={**catalogue.factors, FACTOR: broken})


def with_reach(**fields: Any) -> Catalogue:
    catalogue = load_catalogue()
    return replace(
        catalogue, reaches={**catalogue.reaches, REACH: replace(catalogue.reaches[REACH], **fields)}
    )


def with_conversion(*fields: Any) -> Catalogue:
    catalogue = load_catalogue()
    return replace(catalogue, conversions=(*catalogue.conversions, Conversion(*fields)))


def test_the_catalogue_of_the_package_is_whole() -> None:
    check(load_catalogue())


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ({"parent": "nowhere"}, "unknown parent nowhere"),
        ({"parent": RESOURCE}, "go round in a circle"),
        ({"role": "middle"}, "unknown role middle"),
        ({"reach": "moon"}, "unknown reach moon"),
        ({"unit": "boisseau"}, "unknown unit boisseau"),
        ({"interchange": 1.2}, "interchange 1.2"),
        ({"name": LocalName("Calcin", "")}, "needs a French and an English name"),
        ({"waste_codes": ("999999",)}, "999999 is not in the List of Waste"),
        ({"properties": frozenset({"sparkling"})}, "unknown property sparkling"),
        ({"refuses": frozenset({"sparkling"})}, "unknown property sparkling"),
    ],
)
def test_a_broken_resource_is_named(broken: dict[str, Any], complaint: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        check(with_resource(**broken))
    assert f"resource {RESOURCE}: " in str(caught.value)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ({"from_resource": "nothing"}, "unknown resource nothing"),
        ({"to_resource": "nothing"}, "unknown resource nothing"),
        ({"form": "magic"}, "unknown form magic"),
        ({"strength": 0.0}, "strength 0.0"),
        ({"strength": 1.1}, "strength 1.1"),
        ({"max_km": 0.0}, "0.0 km is no reach"),
        ({"replaced_per_unit": 0.0}, "replaces nothing"),
        ({"source": ""}, "no source"),
        ({"co2_key": "none"}, "unknown factor none"),
        ({"price_key": "none"}, "unknown factor none"),
        ({"gate_key": "none"}, "unknown factor none"),
        ({"refuses": frozenset({"sparkling"})}, "unknown property sparkling"),
        ({"accepts": frozenset({"sparkling"})}, "unknown property sparkling"),
    ],
)
def test_a_broken_rule_is_named(broken: dict[str, Any], complaint: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        check(with_rule(**broken))
    assert f"rule {load_catalogue().rules[RULE].rule_id}: " in str(caught.value)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("catalogue", "complaint"),
    [
        (with_factor(low=9.0), f"factor {FACTOR}: 9.0"),
        (with_factor(high=0.0), f"factor {FACTOR}: "),
        (with_factor(source=""), f"factor {FACTOR}: no source"),
        (with_reach(full_km=9999.0), f"reach {REACH}: "),
        (with_reach(half_km=0.0), f"reach {REACH}: "),
        (with_conversion("nothing", "m3", "t", 1.0, "own"), "unknown resource"),
        (with_conversion(RESOURCE, "kg", "t", 0.001, "own"), "canonical"),
        (with_conversion(RESOURCE, "m3", "t", 0.0, "own"), "not above zero"),
    ],
)
def test_a_broken_figure_is_named(catalogue: Catalogue, complaint: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        check(catalogue)
    assert complaint in str(caught.value)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(CatalogueError) as caught:
        check(with_resource(role="middle", reach="moon"))
    assert str(caught.value).count("\n") == 2


@pytest.mark.parametrize(
    ("folder", "column", "value"),
    [
        ("resources", "kind", "idea"),
        ("resources", "interchange", "half"),
        ("rules", "strength", "strong"),
        ("rules", "requires", "rather dry"),
        ("rules", "max_km", "near"),
    ],
)
def test_an_unreadable_cell_names_its_file_and_row(
    folder: str, column: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = tables.read_folder
    file, row = read(folder)[0]

    def broken(name: str) -> list[tuple[str, dict[str, str]]]:
        rows = read(name)
        return [(file, row | {column: value}), *rows[1:]] if name == folder else rows

    monkeypatch.setattr(tables, "read_folder", broken)
    with pytest.raises(CatalogueError) as caught:
        read_catalogue()
    assert str(caught.value).startswith(f"{file}, {row['id']}: ")


@pytest.mark.parametrize("folder", ["resources", "rules"])
def test_a_repeated_id_names_its_file(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = tables.read_folder
    monkeypatch.setattr(
        tables, "read_folder", lambda name: [*read(name), *(read(name)[:1] if name == folder else [])]
    )
    with pytest.raises(CatalogueError, match="stands twice"):
        read_catalogue()


def test_an_unreadable_figure_names_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    read = tables.read_rows

    def broken(name: str) -> list[dict[str, str]]:
        rows = read(name)
        return [rows[0] | {"value": "dear"}, *rows[1:]] if name == "factors.csv" else rows

    monkeypatch.setattr(tables, "read_rows", broken)
    with pytest.raises(CatalogueError, match=r"^factors\.csv, "):
        read_catalogue()
