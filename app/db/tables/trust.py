"""What companies let whom see: charters, mandates, levels, introductions, and who looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import ID_LENGTH, NAME_LENGTH, Account, Base, Identified, Owned, Versioned, now
from app.db.tables.keys import own_key, within_territory


class Charter(Identified, Owned, Base):
    """One version of a territory's confidentiality charter; versions are never changed."""

    __tablename__ = "charter"
    __table_args__ = (UniqueConstraint("territory_id", "number"),)

    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")


class Mandate(Identified, Owned, Base):
    """A company lets the staff of its territory read and keep its flows, until it takes that back.

    ``company.withheld`` says at once whether one holds.
    """

    __tablename__ = "mandate"
    __table_args__ = (within_territory("company_id", "company", cascade=True),)

    company_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    charter_number: Mapped[int] = mapped_column(default=0)
    origin: Mapped[str] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")


class Grant(Identified, Owned, Base):
    """A level given to one flow, to everyone of the level or to one company, until it is taken back.

    ``flow.level`` holds the level in force for everyone.
    """

    __tablename__ = "flow_grant"
    __table_args__ = (
        within_territory("flow_id", "flow", cascade=True),
        within_territory("to_company_id", "company", cascade=True),
        Index("ix_flow_grant_to_company_id", "to_company_id"),
    )

    flow_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    to_company_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    level: Mapped[str] = mapped_column(String(10))
    charter_number: Mapped[int] = mapped_column(default=0)
    author: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")


class Introduction(Identified, Owned, Versioned, Base):
    """One company asks to meet another about two flows; names are seen once both agree.

    ``fields`` are what each will see of the other.
    """

    __tablename__ = "introduction"
    __table_args__ = (
        own_key(),
        within_territory("asking_company_id", "company", cascade=True),
        within_territory("asked_company_id", "company", cascade=True),
        within_territory("asking_flow_id", "flow", cascade=True),
        within_territory("asked_flow_id", "flow", cascade=True),
        CheckConstraint(
            "status IN ('requested', 'accepted', 'refused', 'expired', 'revoked')", name="status"
        ),
    )

    asking_company_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    asked_company_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    asking_flow_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    asked_flow_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    status: Mapped[str] = mapped_column(String(10), default="requested")
    fields: Mapped[list[Any]]
    message: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    answered_by: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    answered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ServerSecret(Identified, Account, Base):
    """A secret of this server, drawn when its tables were made: what is derived from it nobody can guess."""

    __tablename__ = "server_secret"

    value: Mapped[str] = mapped_column(String(64))


class Teaser(Identified, Owned, Base):
    """What may be told of a flow without telling whose: a cell, a family, a class, a month.

    Rebuilt weekly; only the service of teasers reads it, since a row alone says too much.
    """

    __tablename__ = "teaser"

    company_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    cell_x: Mapped[int]
    cell_y: Mapped[int]
    direction: Mapped[str] = mapped_column(String(6))
    family: Mapped[str] = mapped_column(String(40))
    quantity_class: Mapped[int]
    months: Mapped[int]
    quantity: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(20), default="")


class AuditEntry(Base):
    """Who did or read what, when. Rows are only added, and removed once they are a year old.

    ``company_id`` None: of the whole territory. ``territory_id`` None: of the server. They name rows that
    may be gone: nothing refers to anything.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_territory_id_at", "territory_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    territory_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    company_id: Mapped[str | None] = mapped_column(String(ID_LENGTH), index=True)
    subject: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    role: Mapped[str] = mapped_column(String(20), default="")
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(30), default="")
    object_id: Mapped[str] = mapped_column(String(80), default="")
    request_id: Mapped[str] = mapped_column(String(64), default="")
