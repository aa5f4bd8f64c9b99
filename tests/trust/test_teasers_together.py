"""Teasers made by two processes at once are there once, and a level taken back meanwhile is not told."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import TYPE_CHECKING, Any

import pytest

from app.db.principal import SYSTEM
from app.db.tables import Company, Flow, Site, Teaser, Territory
from app.repositories import teasers as rows
from app.repositories.records import add, rows_of
from app.services import teasers
from app.services.consent import Level, set_level
from tests.conftest import DATABASES

if TYPE_CHECKING:
    from app.db.engine import Database

PATIENCE_S = 2.0


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def flows(database: Database) -> list[tuple[str, str]]:
    """Return flows that may be teased, each with its territory."""
    tonnes = {"quantity_low": 30.0, "quantity_high": 30.0, "unit": "t", "period": "year"}
    found = []
    with database.writing(SYSTEM) as session:
        home = add(session, Territory(name="Ville"))
        owner = {"territory_id": home.id}
        for number in range(3):
            company = add(session, Company(**owner, name=f"Brasserie {number}"))
            place = {"lon": 5.05, "lat": 43.4, "precision": "point"}
            site = add(session, Site(**owner, company_id=company.id, name=f"Brasserie {number}", **place))
            spent = {"direction": "output", "kind": "material", "label": "Drêches de brasserie"}
            flow = add(session, Flow(**owner, site_id=site.id, **spent, **tonnes))
            set_level(session, flow.id, Level.TEASER)
            found.append((flow.id, home.id))
    return found


def told_by_company(database: Database, territory_id: str) -> Counter[str]:
    with database.reading(SYSTEM) as session:
        return Counter(row.company_id for row in rows_of(session, Teaser, territory_id=territory_id))


def test_two_who_make_them_at_once_store_each_entry_once(
    database: Database, flows: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    territory_id, store = flows[0][1], rows.replace_all
    both_have_read = Barrier(2)

    def store_together(*arguments: Any) -> None:
        with suppress(BrokenBarrierError):
            both_have_read.wait(PATIENCE_S)
        store(*arguments)

    def make(_number: int) -> None:
        with database.writing(SYSTEM) as session:
            teasers.rebuild(session, territory_id)

    make(0)  # The first reading of a label loads the catalogue, for longer than anybody waits here.
    monkeypatch.setattr(rows, "replace_all", store_together)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(make, range(2)))
    assert sorted(told_by_company(database, territory_id).values()) == [1, 1, 1]


def test_readers_who_come_together_have_them_made_once(
    database: Database, flows: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    territory_id, last_made = flows[0][1], rows.last_made
    both_have_looked, made = Barrier(2), []

    def look_together(*arguments: Any) -> Any:
        found = last_made(*arguments)
        with suppress(BrokenBarrierError):
            both_have_looked.wait(PATIENCE_S)
        return found

    def count(session: Any, where: str) -> None:
        made.append(where)
        rebuild(session, where)

    rebuild = teasers.rebuild
    monkeypatch.setattr(rows, "last_made", look_together)
    monkeypatch.setattr(teasers, "rebuild", count)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _number: teasers.refresh(database, territory_id), range(2)))
    assert made == [territory_id]
    assert sorted(told_by_company(database, territory_id).values()) == [1, 1, 1]


def test_a_level_taken_back_while_they_are_made_is_not_told(
    database: Database, flows: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (flow_id, territory_id), store = flows[0], rows.replace_all
    has_read, taken_back = Event(), Event()

    def store_late(*arguments: Any) -> None:
        has_read.set()
        taken_back.wait(PATIENCE_S)
        store(*arguments)

    def make() -> None:
        with database.writing(SYSTEM) as session:
            teasers.rebuild(session, territory_id)

    def take_back() -> None:
        has_read.wait(60)
        with database.writing(SYSTEM) as session:
            set_level(session, flow_id, Level.PRIVATE)
        taken_back.set()

    monkeypatch.setattr(rows, "replace_all", store_late)
    with ThreadPoolExecutor(2) as threads:
        for one in [threads.submit(make), threads.submit(take_back)]:
            one.result()
    assert len(told_by_company(database, territory_id)) == 2
