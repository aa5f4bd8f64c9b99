"""Entries of the audit as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.db.tables import AuditEntry
from app.db.visibility import VisibleSession


def newest(
    session: VisibleSession,
    limit: int,
    territory_id: str | None = None,
    company_id: str | None = None,
    before: int | None = None,
    actions: Sequence[str] | None = None,
) -> Sequence[AuditEntry]:
    """Return the newest entries that the asker sees, about a territory or a company if one is named.

    Parameters
    ----------
    before
        The identifier of the last entry already read.
    actions
        Operations to keep; None keeps all.
    """
    statement = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if territory_id is not None:
        statement = statement.where(AuditEntry.territory_id == territory_id)
    if company_id is not None:
        statement = statement.where(AuditEntry.company_id == company_id)
    if before is not None:
        statement = statement.where(AuditEntry.id < before)
    if actions is not None:
        statement = statement.where(AuditEntry.action.in_(actions))
    return session.scalars(statement).all()


def remove_older(session: VisibleSession, moment: datetime) -> None:
    """Remove the entries from before a moment; the database itself refuses those of the last year."""
    session.execute(delete(AuditEntry).where(AuditEntry.at < moment))
