"""Rows that name a person by an e-mail address."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.db.tables import AuditEntry, Contact, Flow
from app.db.visibility import VisibleSession


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
