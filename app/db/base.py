"""What all tables share: names of constraints, identifiers, time stamps, ownership, versions."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
ID_LENGTH = 36
NAME_LENGTH = 300
# Identifiers whose chance is asked of the system in one call.
DRAWN_AT_ONCE = 64
# What tells identifiers of one load apart before their drawn end: beyond, numbers begin again.
NUMBERS = 1 << 28
# Two bits of a digit tell the kind of identifier, as in any that is drawn (RFC 4122).
VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


def new_id() -> str:
    """Return a fresh identifier."""
    return str(uuid.uuid4())


def new_ids(common: str = "", first: int = 0) -> Iterator[str]:
    """Yield fresh identifiers for many rows, in rising order: an index takes them at one place, not all over.

    Each begins with what is drawn once, goes on with its number, of 28 bits, and ends in 62 bits drawn anew.

    Parameters
    ----------
    common
        How they begin, eight digits that were drawn before: for several processes whose rows are one load.
    first
        The number of the first one.
    """
    common = common or new_id()[:8]
    for start in range(first, first + NUMBERS, DRAWN_AT_ONCE):
        drawn = os.urandom(8 * DRAWN_AT_ONCE).hex()
        for place in range(DRAWN_AT_ONCE):
            number, end = (start + place) % NUMBERS, drawn[16 * place : 16 * place + 16]
            yield f"{common}-{number >> 12:04x}-4{number & 0xFFF:03x}-{VARIANTS[end[0]]}{end[1:4]}-{end[4:]}"


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the moment in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class Identified:
    """A UUID that means nothing, and the moments of the row."""

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Owned:
    """A row of one territory; composite keys keep its references inside that territory."""

    @declared_attr
    @classmethod
    def territory_id(cls) -> Mapped[str]:
        """Name the territory that owns the row."""
        return mapped_column(
            String(ID_LENGTH), ForeignKey("territory.id", ondelete="CASCADE"), nullable=False, index=True
        )


class Personal:
    """A row of one principal, seen by nobody else."""

    subject: Mapped[str] = mapped_column(String(80))


class Account:
    """A row that only sign-in and operators read: people, keys, sessions, memberships."""


class Versioned:
    """Counts changes: the number is the ETag, and a change of an older number fails."""

    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Make each UPDATE check the version it read."""
        return {"version_id_col": cls.version}
