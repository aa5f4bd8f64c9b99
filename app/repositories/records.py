"""What every table needs: find, add, change at a version, remove."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.db.base import Identified
from app.db.prepared import seen
from app.db.visibility import VisibleSession
from app.errors import ConflictError, InvalidInputError, MissingError, StaleVersionError
from matching.messages import N_, Message

Row = TypeVar("Row", bound=Identified)


def find(session: VisibleSession, cls: type[Row], row_id: str) -> Row:
    """Return a row; raises ``MissingError`` when there is none that the principal sees."""
    row: Row | None = session.get(cls, row_id)
    if row is None:
        raise MissingError
    return row


def read_row(
    session: VisibleSession, cls: type[Row], row_id: str, *, without: frozenset[str] = frozenset()
) -> Any:
    """Return the columns of a row to be shown; raises ``MissingError`` when the principal sees none."""
    row = seen(session, cls, row_id, without=without)
    if row is None:
        raise MissingError
    return row


def refer(
    session: VisibleSession, cls: type[Row], row_id: str, field: str, territory_id: str | None = None
) -> Row:
    """Return a row that another one (of the territory given) may refer to.

    Raises
    ------
    InvalidInputError
        On ``field``, when there is none that the principal sees, or it is another territory's.
    """
    row: Row | None = session.get(cls, row_id)
    if row is None or territory_id not in (None, getattr(row, "territory_id", None)):
        raise InvalidInputError.on(field, Message(N_("There is nothing here under this identifier.")))
    return row


def add(session: VisibleSession, row: Row) -> Row:
    """Store a new row and return it."""
    with conflicts():
        session.add(row)
        session.flush()
    return row


def change(session: VisibleSession, row: Row, values: Mapping[str, Any], version: int | None = None) -> Row:
    """Set columns of a row.

    Parameters
    ----------
    version
        The version the client has read; ``StaleVersionError`` when the row has moved on. None: not checked.
    """
    if version is not None and getattr(row, "version", None) != version:
        raise StaleVersionError
    with conflicts():
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
    return row


def remove(session: VisibleSession, row: Identified, version: int | None = None) -> None:
    """Delete a row; raises ``ConflictError`` while others refer to it."""
    if version is not None and getattr(row, "version", None) != version:
        raise StaleVersionError
    with conflicts():
        session.delete(row)
        session.flush()


@contextmanager
def conflicts() -> Iterator[None]:
    """Turn what the database refuses into errors of the application."""
    try:
        yield
    except StaleDataError as error:
        raise StaleVersionError from error
    except IntegrityError as error:
        if "UNIQUE" in str(error.orig).upper():
            raise ConflictError(Message(N_("There is already one with this name."))) from error
        raise ConflictError(Message(N_("Other rows still depend on this one: change them first."))) from error


def rows_of(session: VisibleSession, cls: type[Row], **equal: Any) -> Sequence[Row]:
    """Return the visible rows whose columns have the given values, in the order they came."""
    statement = select(cls).where(*(getattr(cls, name) == value for name, value in equal.items()))
    return session.scalars(statement.order_by(cls.created_at, cls.id)).all()


def find_or_none(session: VisibleSession, cls: type[Row], row_id: str) -> Row | None:
    """Return a row, or None when there is none that the principal sees."""
    row: Row | None = session.get(cls, row_id)
    return row
