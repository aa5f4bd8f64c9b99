"""Stored plans: listed for people, and claimed, kept alive and finished by the processes that compute.

The queue acts for the whole server: what it changes, it changes only while the row is still in the state
that it believes, so that several processes may share one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, func, select, update

from app.db.tables import Plan, Site
from app.db.visibility import VisibleSession
from app.errors import MissingError
from app.repositories.paging import Order, Page, Slice, page

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
UNFINISHED = (QUEUED, RUNNING)


def listed(
    session: VisibleSession,
    part: Slice,
    territory_id: str | None = None,
    planner: str | None = None,
    status: str | None = None,
) -> Page[Plan]:
    """Return a page of plans, the latest first."""
    statement = select(Plan)
    for column, value in (
        (Plan.territory_id, territory_id),
        (Plan.planner, planner),
        (Plan.status, status),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return page(session, statement, Plan, part, Order(Plan.created_at, descending=True))


def held(session: VisibleSession, plan_id: str) -> Plan:
    """Return a plan, held until the end of the transaction; ``MissingError`` when there is none to see."""
    statement = select(Plan).where(Plan.id == plan_id).with_for_update()
    row: Plan | None = session.scalars(statement).first()
    if row is None:
        raise MissingError
    return row


def count_unfinished(session: VisibleSession, territory_id: str) -> int:
    """Return how many plans of a territory wait or are being computed."""
    where = (Plan.territory_id == territory_id, Plan.status.in_(UNFINISHED))
    return session.execute(select(func.count()).select_from(Plan).where(*where)).scalar_one()


def sites_of_park(session: VisibleSession, territory_id: str, park_id: str) -> frozenset[str]:
    """Return the identifiers of the sites of a park."""
    statement = select(Site.id).where(Site.territory_id == territory_id, Site.park_id == park_id)
    return frozenset(session.scalars(statement))


def next_queued(session: VisibleSession) -> str | None:
    """Return the plan that has waited longest, None when none waits."""
    statement = select(Plan.id).where(Plan.status == QUEUED)
    return session.scalars(statement.order_by(Plan.created_at, Plan.id).limit(1)).first()


def silent_since(session: VisibleSession, moment: datetime) -> Sequence[Plan]:
    """Return the plans whose process has not been heard of since ``moment``."""
    where = (Plan.status == RUNNING, func.coalesce(Plan.heartbeat_at, Plan.created_at) < moment)
    return session.scalars(select(Plan).where(*where)).all()


def claim(session: VisibleSession, plan_id: str, runner: str, moment: datetime) -> Plan | None:
    """Take up a queued plan; None when another process was faster."""
    values = {
        "status": RUNNING,
        "runner": runner,
        "started_at": moment,
        "heartbeat_at": moment,
        "attempts": Plan.attempts + 1,
    }
    if not _changed(session, (Plan.id == plan_id, Plan.status == QUEUED), values):
        return None
    return session.scalars(select(Plan).where(Plan.id == plan_id)).first()


def beat(session: VisibleSession, plan_id: str, runner: str, moment: datetime) -> bool:
    """Say that ``runner`` still computes a plan; False when it is no longer its own."""
    # Not a change that people see: the version stays.
    where = _computed_by(plan_id, runner)
    return _sent(session, update(Plan).where(*where).values(heartbeat_at=moment))


def finish(session: VisibleSession, plan_id: str, runner: str, values: dict[str, Any]) -> bool:
    """Store what became of a plan; False, and nothing stored, when it is no longer ``runner``'s own."""
    return _changed(session, _computed_by(plan_id, runner), values)


def is_computed_by(session: VisibleSession, plan_id: str, runner: str) -> bool:
    """Tell whether a plan is still ``runner``'s to compute."""
    return session.scalars(select(Plan.id).where(*_computed_by(plan_id, runner))).first() is not None


def _computed_by(plan_id: str, runner: str) -> tuple[ColumnElement[bool], ...]:
    return Plan.id == plan_id, Plan.status == RUNNING, Plan.runner == runner


def _changed(session: VisibleSession, where: Sequence[ColumnElement[bool]], values: dict[str, Any]) -> bool:
    return _sent(session, update(Plan).where(*where).values(**values, version=Plan.version + 1))


def _sent(session: VisibleSession, statement: Any) -> bool:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1
