"""Files kept while their import is rehearsed, each its sender's alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from app.db.tables import WaitingFile
from app.db.visibility import VisibleSession, principal_of


def _own(session: VisibleSession, territory_id: str) -> Select[WaitingFile]:
    # Named here too: the program sees every row, and these are nobody else's business.
    subject = principal_of(session).subject
    return select(WaitingFile).where(WaitingFile.subject == subject, WaitingFile.territory_id == territory_id)


def own_file(session: VisibleSession, territory_id: str, file_id: str) -> WaitingFile | None:
    """Return a file of the person who asks, None when there is none."""
    return session.scalars(_own(session, territory_id).where(WaitingFile.id == file_id)).first()


def own_files(session: VisibleSession, territory_id: str) -> Sequence[WaitingFile]:
    """Return the files of the person who asks, the last sent first."""
    statement = _own(session, territory_id).order_by(WaitingFile.created_at.desc(), WaitingFile.id)
    return session.scalars(statement).all()


def content_of(session: VisibleSession, file_id: str) -> bytes:
    """Return the bytes of a file."""
    return session.scalars(select(WaitingFile.content).where(WaitingFile.id == file_id)).one()


def reading_of(session: VisibleSession, file_id: str) -> Mapping[str, Any]:
    """Return what was read of a file."""
    found: Mapping[str, Any] = session.scalars(
        select(WaitingFile.reading).where(WaitingFile.id == file_id)
    ).one()
    return found


def remove_expired(session: VisibleSession, limit: datetime) -> None:
    """Delete the files, anybody's, that were sent before ``limit``: for the program alone."""
    session.execute(delete(WaitingFile).where(WaitingFile.created_at < limit))
