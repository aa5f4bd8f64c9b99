"""A person's data: all that is kept of somebody, to give or to erase (GDPR, articles 15 and 17).

The audit keeps who did what for a year, on the legitimate interest of those who were looked at: it is given,
never erased sooner. What others wrote of the person is not given, but where it stands; the name
goes from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.db.tables import (
    ApiKey,
    Assignment,
    Charter,
    Comment,
    DeskAction,
    DeskChange,
    Diagnostic,
    DiagnosticDraft,
    Flow,
    Grant,
    IdempotencyKey,
    Import,
    Introduction,
    Layout,
    Mandate,
    Membership,
    OneTimeLink,
    Plan,
    SavedView,
    SharedView,
    Shelving,
    SynergyEvent,
    User,
    ViewChoice,
    WaitingFile,
)
from app.db.visibility import VisibleSession
from app.repositories import accounts
from app.repositories import people as rows
from app.repositories.records import change, remove, rows_of
from app.services.forgetting import NOBODY, Words, standing

# Columns that hold the name somebody signs with, by table.
SIGNED: tuple[tuple[type[Any], str], ...] = (
    (SynergyEvent, "actor"),
    (Comment, "actor"),
    (DeskAction, "actor"),
    (Shelving, "actor"),
    (SharedView, "actor"),
    (Import, "actor"),
    (Layout, "actor"),
    (Plan, "actor"),
    (Diagnostic, "author"),
    (Charter, "author"),
    (Mandate, "author"),
    (Mandate, "revoked_by"),
    (Grant, "author"),
    (Grant, "revoked_by"),
    (OneTimeLink, "author"),
    (Introduction, "asked_by"),
    (Introduction, "answered_by"),
)
# Rows that are the person's alone, by the subject they are kept under.
OWN: tuple[type[Any], ...] = (SavedView, ViewChoice, WaitingFile, DiagnosticDraft, IdempotencyKey)
SECRET = frozenset({"password_hash", "token_hash", "key_hash", "location", "content"})


def kept_of(session: VisibleSession, email: str) -> dict[str, Any]:
    """Return all that is kept of the person of an e-mail address, by table."""
    address = email.strip().lower()
    user = accounts.user_by_email(session, address)
    found: dict[str, Sequence[Any]] = {
        "user": [user] if user else [],
        "membership": rows_of(session, Membership, user_id=user.id) if user else [],
        "contact": rows.contacts(session, address),
        "flow": _flows_naming(session, _words(session, address, user)),
        "audit_entry": rows.audit(session, address),
    }
    for cls, column in SIGNED:
        found[cls.__tablename__] = [
            *found.get(cls.__tablename__, ()),
            *rows_of(session, cls, **{column: address}),
        ]
    for row in _gone_with(session, address, user):
        found[row.__tablename__] = [*found.get(row.__tablename__, ()), row]
    given = {table: [_columns(row) for row in kept] for table, kept in found.items() if kept}
    known = {row.id for kept in found.values() for row in kept}
    for row, columns in standing(session, _words(session, address, user)):
        if row.id not in known:
            given.setdefault(row.__tablename__, []).append({"id": row.id, "named_in": sorted(columns)})
    return given


def _words(session: VisibleSession, address: str, user: User | None) -> Words:
    """Return what names a person: the address, the account's name and those of contacts."""
    named = [contact.name for contact in rows.contacts(session, address)]
    return Words.of(address, [*named, *([user.name] if user else [])])


def _flows_naming(session: VisibleSession, words: Words) -> list[Flow]:
    """Return the flows whose contact is the person's address, and not one that ends like it."""
    found = rows.flows_naming(session, words.address)
    return [flow for flow in found if words.without(flow.contact) != flow.contact]


def _gone_with(session: VisibleSession, address: str, user: User | None) -> list[Any]:
    """Return the rows that go with a person: links, what they see to, what is theirs alone."""
    gone: list[Any] = [*rows_of(session, OneTimeLink, email=address)]
    if user is not None:
        subject = f"user:{user.id}"
        gone += rows_of(session, Assignment, assignee=subject)
        gone += rows_of(session, ApiKey, user_id=user.id)
        for cls in OWN:
            gone += rows_of(session, cls, subject=subject)
    return gone


def _columns(row: Any) -> dict[str, Any]:
    return {c.name: getattr(row, c.name) for c in row.__table__.columns if c.name not in SECRET}


def erase(session: VisibleSession, email: str) -> int:
    """Erase the person of an e-mail address; return how many rows went or lost the name."""
    address = email.strip().lower()
    user = accounts.user_by_email(session, address)
    words = _words(session, address, user)
    count = 0
    for cls, column in SIGNED:
        for row in rows_of(session, cls, **{column: address}):
            change(session, row, {column: NOBODY})
            count += 1
    for flow in _flows_naming(session, words):
        change(session, flow, {"contact": ""})
        count += 1
    for row in [*rows.contacts(session, address), *_gone_with(session, address, user)]:
        remove(session, row)
        count += 1
    if user is not None:
        count += _forget_assignments(session, f"user:{user.id}")
        remove(session, user)
        count += 1
    for row, columns in list(standing(session, words)):
        change(session, row, columns)
        count += 1
    return count


def _forget_assignments(session: VisibleSession, subject: str) -> int:
    """Have the desk's history say that nobody saw to what the person saw to: undoing brings nobody back."""
    count = 0
    for row in rows.rows_saying(session, DeskChange, ("before", "after"), [subject]):
        states = {name: getattr(row, name) for name in ("before", "after")}
        left = {name: {} if state.get("assignee") == subject else state for name, state in states.items()}
        if left["before"] == left["after"]:
            remove(session, row)
        else:
            change(session, row, left)
        count += 1
    return count
