"""Statements written once give what others give, to whom they may, in sessions that read and that write."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.engine import Database
from app.db.prepared import Prepared, among, columns_of, seen
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.sent import POSTGRESQL
from app.db.tables import Flow, Site, Territory
from app.db.visibility import UnfilteredStatementError
from app.repositories import flows

LABELS = Prepared(lambda _: select(Flow.label).order_by(Flow.label))
BY_LABELS = Prepared(lambda dialect: select(Flow.label).where(among(dialect, Flow.label, "labels")))


@pytest.fixture
def town(database: Database) -> Territory:
    with database.writing(SYSTEM) as session:
        territory = Territory(name="town", parameters={"max_km": 12.5})
        session.add(territory)
        session.flush()
        site = Site(territory_id=territory.id, name="site", lon=5.25, lat=43.5)
        session.add(site)
        session.flush()
        for label in ("bran", "steam", "whey"):
            session.add(
                Flow(
                    territory_id=territory.id, site_id=site.id, direction="output", kind="material",
                    label=label, hazardous=label == "steam",
                )
            )  # fmt: skip
    return territory


def _member(*territories: str) -> Principal:
    return Principal("key:m", "m", AccountRole.MEMBER, frozenset(territories))


@pytest.mark.parametrize("cls", [Territory, Site, Flow])
def test_a_plain_row_holds_what_the_mapped_one_holds(database: Database, town: Territory, cls: Any) -> None:
    with database.reading(_member(town.id)) as session:
        for mapped in session.scalars(select(cls)):
            plain = seen(session, cls, mapped.id, without=frozenset({"location"}))
            assert {name: getattr(mapped, name) for name in plain._fields} == plain._asdict()


def test_each_asker_has_its_own_rows_of_one_statement(database: Database, town: Territory) -> None:
    for principal, expected in ((_member(town.id), 3), (_member("elsewhere"), 0), (SYSTEM, 3)):
        with database.reading(principal) as session:
            assert len(LABELS.rows(session)) == expected


@pytest.mark.parametrize("wanted", [[], ["whey"], ["bran", "whey", "none"], ["it's", 'a "quote"', "%s", "?"]])
def test_a_list_of_values_is_one_parameter(database: Database, town: Territory, wanted: list[str]) -> None:
    with database.reading(_member(town.id)) as session:
        found = sorted(row.label for row in BY_LABELS.rows(session, labels=wanted))
    assert found == sorted({"bran", "steam", "whey"} & set(wanted))


def test_a_session_that_writes_reads_what_it_has_just_written(database: Database, town: Territory) -> None:
    with database.writing(_member(town.id)) as session:
        row = session.scalars(select(Flow).where(Flow.label == "bran")).one()
        row.label = "wheat bran"
        assert [found.label for found in LABELS.rows(session)] == ["steam", "wheat bran", "whey"]


def test_a_statement_that_no_criterion_reaches_is_refused(database: Database, town: Territory) -> None:
    bare = Prepared(lambda _: select(Flow.__table__.c.label))
    with database.reading(_member(town.id)) as session, pytest.raises(UnfilteredStatementError):
        bare.rows(session)


def test_an_error_of_the_database_is_told_as_everywhere_and_leaves_the_session_usable(
    database: Database, town: Territory
) -> None:
    wrong = Prepared(lambda _: select(*columns_of(Flow)).where(Flow.id == bindparam("key", "")))
    with database.reading(_member(town.id)) as session, pytest.raises(DBAPIError):
        wrong.rows(session, key={"no": "text"})
    with database.reading(_member(town.id)) as session:
        assert len(LABELS.rows(session)) == 3


@pytest.mark.parametrize("others", [0, 1, 3, 20])
def test_flows_are_read_by_few_keys_or_by_many(database: Database, town: Territory, others: int) -> None:
    with database.reading(_member(town.id)) as session:
        keys = list(session.scalars(select(Flow.id)))
        found = flows.placed(session, [*keys[:2], *(f"none-{number}" for number in range(others))])
        assert sorted(one.row.id for one in found) == sorted(keys[:2])
        assert flows.placed(session, []) == []


def test_what_is_read_by_key_is_not_planned_anew_each_time(database: Database, town: Territory) -> None:
    if database.engine.dialect.name != POSTGRESQL:
        pytest.skip("SQLite plans once")
    with database.reading(_member(town.id)) as session:
        keys = list(session.scalars(select(Flow.id)))
        for asked in (keys[:1], keys):
            for _ in range(8):
                flows.placed(session, asked)
        known = "SELECT statement, generic_plans FROM pg_prepared_statements"
        every = Session.connection(session).exec_driver_sql(known).all()
    plans = [(text, generic) for text, generic in every if "JOIN territory" in text]
    assert len(plans) == 2
    assert all(generic > 0 for _, generic in plans)
