"""Rows that name a person by an e-mail address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, String, Text, cast, func, or_, select

from app.db.tables import AuditEntry, Contact, Flow
from app.db.visibility import VisibleSession

ESCAPE = "/"


def contacts(session: VisibleSession, address: str) -> Sequence[Contact]:
    """Return the contacts of an address, however it was typed."""
    return session.scalars(select(Contact).where(func.lower(Contact.email) == address)).all()


def flows_naming(session: VisibleSession, address: str) -> Sequence[Flow]:
    """Return the flows whose contact names an address."""
    return session.scalars(
        select(Flow).where(func.lower(Flow.contact).contains(address, autoescape=True))
    ).all()


def audit(session: VisibleSession, address: str) -> Sequence[AuditEntry]:
    """Return what the audit keeps of the one who signs with an address, the oldest first."""
    return session.scalars(select(AuditEntry).where(AuditEntry.name == address).order_by(AuditEntry.id)).all()


def text_columns(cls: type[Any]) -> list[str]:
    """Return the columns of a table that hold words or documents, keys aside."""
    return [
        column.name
        for column in cls.__table__.columns
        if isinstance(column.type, String | JSON) and column.name != "id" and not column.name.endswith("_id")
    ]


def rows_saying(
    session: VisibleSession, cls: type[Any], columns: Iterable[str], texts: Iterable[str]
) -> Sequence[Any]:
    """Return the rows in one of whose columns one of some texts stands, in any case, be it inside a word."""
    patterns = [f"%{_escaped(text)}%" for text in texts]
    found = [
        func.lower(cast(getattr(cls, name), Text)).like(func.lower(pattern), escape=ESCAPE)
        for name in columns
        for pattern in patterns
    ]
    return session.scalars(select(cls).where(or_(*found))).all() if found else ()


def _escaped(text: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        text = text.replace(sign, ESCAPE + sign)
    return text
