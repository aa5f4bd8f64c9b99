"""Files that somebody has sent to be imported and not yet stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import NAME_LENGTH, Base, Identified, Owned, Personal, now


class WaitingFile(Identified, Owned, Personal, Base):
    """A file of one person while its import is rehearsed, with what was chosen for it so far.

    Attributes
    ----------
    content
        The bytes; read only when asked for.
    choices
        Columns corrected, cells settled, rows left out.
    step
        ``waiting``, ``reading``, ``read``, ``failed``.
    runner, heard_at
        The process that reads it, and when it last said so.
    reading
        What was read, as the pages show it, without a language.
    """

    __tablename__ = "waiting_file"
    __table_args__ = (
        Index("ix_waiting_file_created_at", "created_at"),
        Index("ix_waiting_file_subject_territory_id", "subject", "territory_id"),
    )

    file_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    digest: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    step: Mapped[str] = mapped_column(String(10), default="waiting")
    runner: Mapped[int] = mapped_column(default=0)
    heard_at: Mapped[datetime] = mapped_column(default=now)
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
