"""The status of a synergy as a field that is read and set, with the history that the contract promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.db.tables import Synergy, SynergyEvent
from app.db.visibility import VisibleSession, principal_of
from app.repositories import desk
from app.repositories.records import add

State = Mapping[str, Any]


def read_status(session: VisibleSession, row: Synergy) -> State:
    """Return the status of a synergy, and the obstacle said with it."""
    last = desk.last_event(session, row.id)
    said = last is not None and last.to_status == row.status
    return {"status": row.status, "obstacle": last.obstacle if last is not None and said else ""}


def write_status(
    session: VisibleSession, row: Synergy, after: State, action_id: str | None, comment: str = ""
) -> None:
    """Set the status of a synergy and keep the move in its history."""
    before = row.status
    row.status = after["status"]
    add(
        session,
        SynergyEvent(
            territory_id=row.territory_id,
            synergy_id=row.id,
            actor=principal_of(session).name,
            from_status=before,
            to_status=after["status"],
            obstacle=after["obstacle"],
            comment=comment,
            action_id=action_id,
        ),
    )
