"""A person's data: all that is kept of somebody, to give or to erase (GDPR, articles 15 and 17).

The audit keeps who did what for a year, on the legitimate interest of those who were looked at: it is given,
never erased sooner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.db.tables import (
    Assignment,
    Comment,
    DeskAction,
    Diagnostic,
    Import,
    Introduction,
    Mandate,
    Membership,
    SharedView,
    Shelving,
    SynergyEvent,
)
from app.db.visibility import VisibleSession
from app.repositories import people as rows
from app.repositories.records import change, remove, rows_of

# Columns that hold the name somebody signs with, by table.
SIGNED: tuple[tuple[type[Any], str], ...] = (
    (SynergyEvent, "actor"),
    (Comment, "actor"),
    (DeskAction, "actor"),
    (Shelving, "actor"),
    (SharedView, "actor"),
    (Assignment, "name"),
    (Import, "actor"),
    (Diagnostic, "author"),
    (Mandate, "author"),
    (Introduction, "asked_by"),
    (Introduction, "answered_by"),
)
SECRET = frozenset({"password_hash", "location"})
NOBODY = "–"


def kept_of(session: VisibleSession, email: str) -> dict[str, Any]:
    """Return all that is kept of the person of an e-mail address, by table."""
    address = email.strip().lower()
    user = rows.user(session, address)
    found: dict[str, Sequence[Any]] = {
        "user": [user] if user else [],
        "membership": rows_of(session, Membership, user_id=user.id) if user else [],
        "contact": rows.contacts(session, address),
        "flow": rows.flows_naming(session, address),
        "audit_entry": rows.audit(session, address),
    }
    for cls, column in SIGNED:
        found.setdefault(cls.__tablename__, [])
        found[cls.__tablename__] = [*found[cls.__tablename__], *rows_of(session, cls, **{column: address})]
    return {table: [_columns(row) for row in kept] for table, kept in found.items() if kept}


def _columns(row: Any) -> dict[str, Any]:
    return {c.name: getattr(row, c.name) for c in row.__table__.columns if c.name not in SECRET}


def erase(session: VisibleSession, email: str) -> int:
    """Erase the person of an e-mail address; return how many rows went or lost the name."""
    address = email.strip().lower()
    count = 0
    for cls, column in SIGNED:
        for row in rows_of(session, cls, **{column: address}):
            change(session, row, {column: NOBODY})
            count += 1
    for flow in rows.flows_naming(session, address):
        change(session, flow, {"contact": ""})
        count += 1
    for contact in rows.contacts(session, address):
        remove(session, contact)
        count += 1
    user = rows.user(session, address)
    if user is not None:
        remove(session, user)
        count += 1
    return count
