"""Lists of synergies: the same rows by whichever way they are found, every row once over all pages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.db.base import new_id
from app.db.bulk import insert_rows
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.sent import POSTGRESQL
from app.db.tables import Site, Synergy, SynergyMember, Territory
from app.db.tables.places import point_of
from app.errors import InvalidInputError
from app.repositories.paging import Page, Slice
from app.repositories.records import add
from app.repositories.synergies import listed
from app.repositories.synergy_criteria import SORTS, Criteria
from app.repositories.synergy_pages import page_of

SITES, SYNERGIES = 12, 90
EAST = (5.5, 43.0, 7.0, 44.0)


@pytest.fixture
def reader(database: Database) -> Principal:
    """Return a member of a territory with synergies, some of their figures alike, some unknown."""
    dice = random.Random(1)
    with database.writing(SYSTEM) as session:
        owner = {"territory_id": add(session, Territory(name="T")).id}
        sites = [
            owner
            | {"id": new_id(), "name": f"S{n}", "lon": 5 + n / 10, "lat": 43.5}
            | {"location": point_of(5 + n / 10, 43.5)}
            for n in range(SITES)
        ]
        insert_rows(session, Site, sites)
        rows = [owner | _synergy(dice) for _ in range(SYNERGIES)]
        insert_rows(session, Synergy, rows)
        members = [
            {"synergy_id": row["id"], "position": position, "role": "member", "flow_id": new_id()}
            | {"site_id": sites[dice.randrange(SITES)]["id"]}
            for row in rows
            for position in range(2)
        ]
        insert_rows(session, SynergyMember, [owner | member for member in members])
    return Principal("key:m", "m", AccountRole.MEMBER, frozenset({owner["territory_id"]}))


def _synergy(dice: random.Random) -> dict[str, Any]:
    figure = dice.choice((None, 1.0, 2.0, 3.5))
    return {
        "id": new_id(), "signature": new_id(), "kind": dice.choice(("substitution", "loop")),
        "score": float(dice.randrange(5)), "confidence": dice.choice((0.5, 0.6)), "distance_km": figure,
        "quantity_per_year": dice.choice((None, 7.0)), "saving_eur_per_year": figure,
        "saving_tco2e_per_year": None, "document": {}, "engine_version": "", "catalogue_digest": "",
    }  # fmt: skip


def _pages(
    database: Database,
    reader: Principal,
    criteria: Criteria,
    sort: str,
    way: Callable[..., Page[Any]] = listed,
) -> Iterator[Any]:
    cursor: str | None = None
    while True:
        with database.reading(reader) as session:
            page = way(session, criteria, Slice(7, cursor), sort)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
def test_pages_hold_every_row_once_in_order_and_the_unknown_last(
    database: Database, reader: Principal, sort: str
) -> None:
    rows = list(_pages(database, reader, Criteria(), sort))
    assert len({row.id for row in rows}) == len(rows) == SYNERGIES
    keys = [getattr(row, sort.lstrip("-")) for row in rows]
    known = [key for key in keys if key is not None]
    assert keys[: len(known)] == sorted(known, reverse=sort.startswith("-"))
    pairs = zip(rows, rows[1:], keys, keys[1:], strict=False)
    assert all(row.id < after.id for row, after, key, next_key in pairs if key == next_key)


@pytest.mark.parametrize(
    ("most_sites", "most_fetched"),
    [(500, 2_000), (500, 3), (2, 3), (2, 2_000)],
    ids=["fetched", "among", "walked", "fetched at many sites"],
)
def test_places_are_found_alike_by_all_ways(
    database: Database, reader: Principal, monkeypatch: pytest.MonkeyPatch, most_sites: int, most_fetched: int
) -> None:
    def found(criteria: Criteria) -> list[str]:
        mapped, plain = (
            [row.id for row in _pages(database, reader, criteria, "-saving_eur_per_year", way)]
            for way in (listed, page_of)
        )
        assert plain == mapped
        return mapped

    east = Criteria(box=EAST)
    with database.reading(reader) as session:
        sites = {row.id for row in session.query(Site).all() if row.lon is not None and row.lon >= 5.5}
        members = session.query(SynergyMember).all()
    expected = {member.synergy_id for member in members if member.site_id in sites}
    assert set(found(east)) == expected != set()
    monkeypatch.setattr("app.repositories.synergy_places.MOST_SITES", most_sites)
    monkeypatch.setattr("app.repositories.synergy_places.MOST_FETCHED", most_fetched)
    for criteria in (east, Criteria(site_ids=frozenset(sites))):
        rows = found(criteria)
        assert (set(rows), len(rows)) == (expected, len(expected))
        narrowed = found(replace(criteria, kind="loop", min_score=2.0))
        assert 0 < len(narrowed) < len(rows)
        assert narrowed == [row for row in rows if row in set(narrowed)]
    assert found(Criteria(box=(0, 0, 1, 1))) == []


def test_a_cursor_of_another_list_is_refused(database: Database, reader: Principal) -> None:
    with database.reading(reader) as session:
        moment = listed(session, Criteria(), Slice(7), "-created_at").next
        with pytest.raises(InvalidInputError):
            listed(session, Criteria(), Slice(7, moment), "-score")
        unknown = listed(session, Criteria(), Slice(7), "-saving_tco2e_per_year").next
        with pytest.raises(InvalidInputError):
            listed(session, Criteria(), Slice(7, unknown), "-score")


@pytest.mark.parametrize(
    ("criteria", "sort", "kept"),
    [
        (Criteria(min_score=1), "-score", True),
        (Criteria(), "-created_at", True),
        (Criteria(min_score=1), "-created_at", False),
        (Criteria(min_score=1, kind="loop"), "-score", False),
    ],
)
def test_a_plan_is_kept_only_for_lists_that_walk_one_index_whatever_is_asked(
    database: Database, reader: Principal, criteria: Criteria, sort: str, kept: bool
) -> None:
    if database.engine.dialect.name != POSTGRESQL:
        pytest.skip("SQLite plans once")
    with database.reading(reader) as session:
        for _ in range(8):
            page_of(session, criteria, Slice(limit=3), sort)
        known = "SELECT statement, generic_plans FROM pg_prepared_statements"
        every = Session.connection(session).exec_driver_sql(known).all()
    assert [generic > 0 for text, generic in every if "AS reached" in text] == [True] * kept
