"""Plans in both databases: what the table refuses, what goes with a territory, what lists leave unread."""

from __future__ import annotations

import pytest
from sqlalchemy import func, inspect, select, update
from sqlalchemy.exc import IntegrityError

from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import Plan, Territory
from app.db.visibility import UnfilteredStatementError
from app.repositories import plans
from app.repositories.paging import Slice


@pytest.fixture
def territory(database: Database) -> str:
    """Return a territory with one plan that is done."""
    with database.writing(SYSTEM) as session:
        row = Territory(name="T")
        session.add(row)
        session.flush()
        done = {"status": "done", "actor": "x", "documents": [{"plan": {}}], "summary": {"count": 1}}
        session.add(Plan(territory_id=row.id, planner="groups", **done))
        return row.id


def test_a_status_that_does_not_exist_is_refused(database: Database, territory: str) -> None:
    with pytest.raises(IntegrityError), database.writing(SYSTEM) as session:
        session.add(Plan(territory_id=territory, planner="groups", actor="x", status="lost"))


def test_plans_go_with_their_territory(database: Database, territory: str) -> None:
    with database.writing(SYSTEM) as session:
        session.delete(session.get_one(Territory, territory))
    with database.reading(SYSTEM) as session:
        assert session.execute(select(func.count()).select_from(Plan)).scalar_one() == 0


def test_a_list_leaves_the_documents_unread(database: Database, territory: str) -> None:
    with database.reading(SYSTEM) as session:
        (row,) = plans.listed(session, Slice(), territory).items
        assert "documents" in inspect(row).unloaded
        assert row.summary == {"count": 1}
        assert row.documents == [{"plan": {}}]


def test_a_plan_without_error_has_none_in_the_database_itself(database: Database, territory: str) -> None:
    with database.reading(SYSTEM) as session:
        assert session.scalars(select(Plan.id).where(Plan.error.is_(None))).all()


def test_a_member_reads_the_plans_of_its_territories_and_may_not_change_several_at_once(
    database: Database, territory: str
) -> None:
    for open_to, count in ((frozenset({territory}), 1), (frozenset(), 0)):
        with database.reading(Principal("key:1", "x", AccountRole.MEMBER, open_to)) as session:
            assert len(plans.listed(session, Slice()).items) == count
            with pytest.raises(UnfilteredStatementError):
                session.execute(update(Plan).values(status="cancelled"))
