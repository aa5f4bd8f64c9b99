"""Diagnostics that somebody has begun to type and not yet stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import NAME_LENGTH, Base, Identified, Owned, Personal, now


class DiagnosticDraft(Identified, Owned, Personal, Base):
    """The fields of a form as one person typed them: nothing is checked, nothing matches anything yet.

    Attributes
    ----------
    title
        What the list calls it: the name of the site.
    content
        The fields by name, as text.
    """

    __tablename__ = "diagnostic_draft"
    __table_args__ = (Index("ix_diagnostic_draft_subject_territory_id", "subject", "territory_id"),)

    title: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
