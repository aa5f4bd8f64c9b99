"""Files sent to be imported, kept while their sender looks at what they would do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from app.db.base import NAME_LENGTH, now
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import WaitingFile
from app.db.visibility import VisibleSession, principal_of
from app.errors import MissingError
from app.repositories import waiting_files as rows
from app.repositories.records import add, change, remove
from app.services.import_choices import Choices

KEPT_FOR = timedelta(days=1)
# Of one person in one territory; the oldest give way.
MOST_FILES = 5
WAITING, READING, READ, FAILED = "waiting", "reading", "read", "failed"


def keep(session: VisibleSession, territory_id: str, content: bytes, file_name: str) -> WaitingFile:
    """Keep a file for a day, under its sender's name."""
    for former in rows.own_files(session, territory_id)[MOST_FILES - 1 :]:
        remove(session, former)
    row = WaitingFile(
        territory_id=territory_id,
        subject=principal_of(session).subject,
        file_name=file_name[-NAME_LENGTH:],
        digest=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        content=content,
        reading={},
    )
    return add(session, row)


def sweep(database: Database) -> None:
    """Forget the files that nobody has stored for a day."""
    with database.writing(SYSTEM) as session:
        rows.remove_expired(session, now() - KEPT_FOR)


def own_file(session: VisibleSession, territory_id: str, file_id: str) -> WaitingFile:
    """Return a file that the person who asks has sent.

    Raises
    ------
    MissingError
        If there is none under this identifier, or it was stored or forgotten since.
    """
    row = rows.own_file(session, territory_id, file_id)
    if row is None or now() - row.created_at > KEPT_FOR:
        raise MissingError
    return row


def own_files(session: VisibleSession, territory_id: str) -> Sequence[WaitingFile]:
    """Return the files that the person who asks has sent and not stored, the last one first."""
    oldest = now() - KEPT_FOR
    return [row for row in rows.own_files(session, territory_id) if row.created_at > oldest]


def choose(session: VisibleSession, row: WaitingFile, choices: Choices) -> WaitingFile:
    """Keep what was chosen for a file; what was read of it before no longer holds."""
    return change(session, row, {"choices": choices.to_plain(), "step": WAITING, "heard_at": now()})


def choices_of(row: WaitingFile) -> Choices:
    """Return what was chosen for a file so far."""
    return Choices.from_plain(row.choices)


def drop(session: VisibleSession, territory_id: str, file_id: str) -> None:
    """Forget a file; nothing happens when there is none."""
    row = rows.own_file(session, territory_id, file_id)
    if row is not None:
        remove(session, row)
