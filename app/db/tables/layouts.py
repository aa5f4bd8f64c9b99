"""What people said the columns of their files are, for later files of the same layout."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import NAME_LENGTH, Base, Identified, Owned, Versioned, now

SIGNATURE_LENGTH = 16


class Layout(Identified, Owned, Versioned, Base):
    """The corrected columns of one layout, by its signature.

    Attributes
    ----------
    title
        The titles of its first columns, for people to know it by.
    mapping
        The correction, as ``app.readers.corrections`` keeps it.
    used_at
        When it last served.
    """

    __tablename__ = "layout"
    __table_args__ = (UniqueConstraint("territory_id", "signature"),)

    signature: Mapped[str] = mapped_column(String(SIGNATURE_LENGTH))
    title: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actor: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    used_at: Mapped[datetime] = mapped_column(default=now)
