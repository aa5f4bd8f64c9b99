"""A mapping corrected once serves the later files of its layout, in its territory and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import Layout, Territory
from app.errors import InvalidInputError
from app.readers import read_table
from app.repositories.records import add, change, find
from app.services import imports, layouts
from app.services.import_choices import NO_CHOICES, Choices

THIS_YEAR = b"Zorglub;Truc;Machin 2024\nAlpha;Sciure;12\nBravo;Copeaux;7\n"
LAST_YEAR = b"Zorglub;Truc;Machin 2023\nAlpha;Sciure;11\n"
COLUMNS: Mapping[str, Any] = {
    "A": {"field": "company"},
    "B": {"field": "label", "direction": "output"},
    "C": {"field": "quantity", "unit": "t", "period": "year"},
}


@pytest.fixture(autouse=True)
def quick_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process, which saves more than a second each time."""
    monkeypatch.setattr("app.services.imports.read_untrusted", read_table)


def _territory(database: Database, name: str) -> str:
    with database.writing(SYSTEM) as session:
        return add(session, Territory(name=name)).id


@pytest.fixture
def here(database: Database) -> str:
    return _territory(database, "Ici")


@pytest.fixture
def anne(here: str) -> Principal:
    return member(here, "anne")


def member(territory_id: str, name: str) -> Principal:
    return Principal(f"user:{name}", name, AccountRole.MEMBER, frozenset({territory_id}))


def layout_of(database: Database, principal: Principal, territory_id: str, content: bytes) -> str:
    return str(rehearsed(database, principal, territory_id, content)["tables"][0]["layout"])


def rehearsed(
    database: Database,
    principal: Principal,
    territory_id: str,
    content: bytes,
    choices: Choices = NO_CHOICES,
) -> dict[str, Any]:
    with database.reading(principal) as session:
        territory = find(session, Territory, territory_id)
        return imports.rehearse(session, territory, content, "f.csv", choices).content


def stored(
    database: Database, principal: Principal, territory_id: str, content: bytes, choices: Choices
) -> dict[str, Any]:
    with database.writing(principal) as session:
        territory = find(session, Territory, territory_id)
        return imports.import_table(session, territory, content, "f.csv", choices).report.content


@pytest.fixture
def mapping(database: Database, here: str, anne: Principal) -> dict[str, Any]:
    return {layout_of(database, anne, here, LAST_YEAR): {"columns": COLUMNS}}


def test_a_remembered_mapping_reads_another_year_by_itself(
    database: Database, here: str, anne: Principal, mapping: dict[str, Any]
) -> None:
    assert rehearsed(database, anne, here, THIS_YEAR)["read"]["flows"] == 0
    first = stored(database, anne, here, LAST_YEAR, Choices(mapping=mapping))
    assert (first["read"]["flows"], first["tables"][0]["remembered"]) == (1, False)
    later = rehearsed(database, anne, here, THIS_YEAR)
    assert later["read"]["flows"] == 2
    (table,) = later["tables"]
    assert (table["remembered"], table["corrected"]) == (True, True)
    assert [column["how"] for column in table["columns"]] == ["corrected"] * 3
    with database.reading(anne) as session:
        (row,) = layouts.for_territory(session, here)
        assert (row.title, row.actor) == ("Zorglub · Truc · Machin 2023", anne.name)


def test_a_mapping_is_not_remembered_unless_asked(
    database: Database, here: str, anne: Principal, mapping: dict[str, Any]
) -> None:
    stored(database, anne, here, LAST_YEAR, Choices(mapping=mapping, remember=False))
    assert rehearsed(database, anne, here, THIS_YEAR)["read"]["flows"] == 0


def test_a_forgotten_mapping_no_longer_serves(
    database: Database, here: str, anne: Principal, mapping: dict[str, Any]
) -> None:
    stored(database, anne, here, LAST_YEAR, Choices(mapping=mapping))
    with database.writing(anne) as session:
        layouts.forget(session, here, next(iter(mapping)))
    assert rehearsed(database, anne, here, THIS_YEAR)["read"]["flows"] == 0


def test_another_territory_neither_sees_nor_uses_it(
    database: Database, here: str, anne: Principal, mapping: dict[str, Any]
) -> None:
    stored(database, anne, here, LAST_YEAR, Choices(mapping=mapping))
    elsewhere = _territory(database, "Ailleurs")
    bob = member(elsewhere, "bob")
    assert rehearsed(database, bob, elsewhere, THIS_YEAR)["read"]["flows"] == 0
    with database.writing(bob) as session:
        assert layouts.for_territory(session, here) == []
        layouts.forget(session, here, next(iter(mapping)))
    assert rehearsed(database, anne, here, THIS_YEAR)["read"]["flows"] == 2


def test_what_is_said_later_completes_what_was_said(
    database: Database, here: str, anne: Principal, mapping: dict[str, Any]
) -> None:
    stored(database, anne, here, LAST_YEAR, Choices(mapping=mapping))
    layout = next(iter(mapping))
    said = {layout: {"columns": {"C": {"field": "quantity", "unit": "kg", "period": "year"}}}}
    stored(database, anne, here, THIS_YEAR, Choices(mapping=said))
    with database.reading(anne) as session:
        (correction,) = layouts.remembered(session, here).values()
    assert {place: one.field for place, one in correction.columns.items()} == {
        "A": "company",
        "B": "label",
        "C": "quantity",
    }
    assert correction.columns["C"].unit == "kg"


def test_a_mapping_of_another_file_is_refused_where_it_is_wrong(
    database: Database, here: str, anne: Principal, mapping: dict[str, Any]
) -> None:
    layout = next(iter(mapping))
    wrong = {layout: {"columns": {"Z": "label"}}, "0123456789abcdef": {"ignored": True}}
    with pytest.raises(InvalidInputError) as refused:
        rehearsed(database, anne, here, LAST_YEAR, Choices(mapping=wrong))
    fields = {error.field for error in refused.value.errors}
    assert fields == {f"mapping.{layout}.columns.Z", "mapping.0123456789abcdef"}


def test_a_mapping_that_can_no_longer_be_followed_changes_nothing(
    database: Database, here: str, anne: Principal, mapping: dict[str, Any]
) -> None:
    stored(database, anne, here, LAST_YEAR, Choices(mapping=mapping))
    with database.writing(anne) as session:
        (row,) = layouts.for_territory(session, here)
        change(session, row, {"mapping": {"columns": {"A": {"field": "a field of old"}}}})
    assert rehearsed(database, anne, here, THIS_YEAR)["read"]["flows"] == 0


def test_the_layout_that_served_longest_ago_gives_way(
    database: Database, here: str, anne: Principal, mapping: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "MOST_LAYOUTS", 2)
    with database.writing(anne) as session:
        for days in (3, 9):
            kept = {"signature": f"{days:016d}", "mapping": {}, "used_at": now() - timedelta(days=days)}
            add(session, Layout(territory_id=here, **kept))
    stored(database, anne, here, LAST_YEAR, Choices(mapping=mapping))
    with database.reading(anne) as session:
        signatures = [row.signature for row in layouts.for_territory(session, here)]
    assert signatures == [next(iter(mapping)), f"{3:016d}"]
