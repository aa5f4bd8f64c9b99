"""The desk of the synergies: who sees to them, which are set aside, what was said, what can be undone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import ID_LENGTH, NAME_LENGTH, Base, Identified, Owned, Personal, Versioned
from app.db.tables.keys import own_key, within_territory

SUBJECT_LENGTH = 80


class Assignment(Identified, Owned, Base):
    """Who sees to a synergy: one person of the territory's staff."""

    __tablename__ = "synergy_assignment"
    __table_args__ = (
        within_territory("synergy_id", "synergy", cascade=True),
        UniqueConstraint("territory_id", "synergy_id"),
        Index("ix_synergy_assignment_territory_id_assignee", "territory_id", "assignee"),
    )

    synergy_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    assignee: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))


class Shelving(Identified, Owned, Base):
    """A synergy set aside, for good or until a day; it comes back by itself on that day."""

    __tablename__ = "synergy_shelving"
    __table_args__ = (
        within_territory("synergy_id", "synergy", cascade=True),
        UniqueConstraint("territory_id", "synergy_id"),
    )

    synergy_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    actor: Mapped[str] = mapped_column(String(NAME_LENGTH))


class Comment(Identified, Owned, Base):
    """Something said of a synergy; once deleted it is kept a while, so that this can be undone."""

    __tablename__ = "synergy_comment"
    __table_args__ = (within_territory("synergy_id", "synergy", cascade=True),)

    synergy_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    author: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    actor: Mapped[str] = mapped_column(String(NAME_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    deleted_at: Mapped[datetime | None]


class DeskAction(Identified, Owned, Base):
    """One thing somebody did at the desk, to one synergy or several; ``undone_by``: what undid it."""

    __tablename__ = "desk_action"
    __table_args__ = (own_key(),)

    kind: Mapped[str] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    actor: Mapped[str] = mapped_column(String(NAME_LENGTH))
    undoes: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    undone_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class DeskChange(Identified, Owned, Base):
    """What an action changed of one synergy: a field, what it held before, what it holds after."""

    __tablename__ = "desk_change"
    __table_args__ = (
        within_territory("synergy_id", "synergy", cascade=True),
        within_territory("action_id", "desk_action", cascade=True),
    )

    action_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    synergy_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    field: Mapped[str] = mapped_column(String(60))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class _View(Identified, Owned, Versioned):
    """A list somebody named: its criteria and its order, as in the address."""

    name: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    query: Mapped[dict[str, Any]]


class SavedView(_View, Personal, Base):
    """A list somebody named for themselves."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("territory_id", "subject", "name"),
        Index("ix_saved_view_subject_territory_id", "subject", "territory_id"),
    )


class SharedView(_View, Base):
    """A list somebody named for the whole staff of a territory."""

    __tablename__ = "shared_view"
    __table_args__ = (UniqueConstraint("territory_id", "name"),)

    actor: Mapped[str] = mapped_column(String(NAME_LENGTH))


class ViewChoice(Identified, Owned, Personal, Base):
    """The list that opens first for somebody: ``view`` names one of theirs, or a built-in one."""

    __tablename__ = "view_choice"
    __table_args__ = (UniqueConstraint("territory_id", "subject"),)

    view: Mapped[str] = mapped_column(String(ID_LENGTH))
