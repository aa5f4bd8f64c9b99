"""Lists read page by page: a cursor names the last row seen, so that pages hold while rows come and go."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db.base import Identified
from app.db.visibility import VisibleSession
from app.errors import InvalidInputError
from matching.messages import N_, Message

Row = TypeVar("Row", bound=Identified)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of the following ones (None at the end)."""

    items: tuple[Row, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by ``key`` (never NULL), then by identifier."""

    key: ColumnElement[Any] | InstrumentedAttribute[Any]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """Which page of a list: ``limit`` rows after ``cursor``."""

    limit: int = 100
    cursor: str | None = None


def page(
    session: VisibleSession,
    statement: Select[Row],
    cls: type[Row],
    part: Slice,
    order: Order | None = None,
) -> Page[Row]:
    """Return one page of ``statement``, in the order of creation unless another is given."""
    order = order or Order(cls.created_at)
    key = order.key
    if part.cursor is not None:
        value, row_id = _decode(part.cursor)
        beyond = key < value if order.descending else key > value
        statement = statement.where(or_(beyond, and_(key == value, cls.id > row_id)))
    ordered = statement.order_by(key.desc() if order.descending else key.asc(), cls.id)
    found = session.execute(ordered.add_columns(key).limit(part.limit + 1)).all()
    shown = found[: part.limit]
    following = _encode(shown[-1][1], shown[-1][0].id) if len(found) > part.limit else None
    return Page(tuple(entry[0] for entry in shown), following)


def listed(
    session: VisibleSession,
    cls: type[Row],
    part: Slice,
    *,
    words: str | None = None,
    where: ColumnElement[bool] | None = None,
    **equal: str | None,
) -> Page[Row]:
    """Return a page of the visible rows that fulfil every criterion given.

    Parameters
    ----------
    words
        Text that the name (or the label) holds, whatever its case.
    equal
        Columns and their value; None leaves the column free.
    """
    statement = select(cls)
    for name, value in equal.items():
        if value is not None:
            statement = statement.where(getattr(cls, name) == value)
    if words:
        named = getattr(cls, "label" if hasattr(cls, "label") else "name")
        statement = statement.where(func.lower(named).contains(words.lower(), autoescape=True))
    if where is not None:
        statement = statement.where(where)
    return page(session, statement, cls, part)


def _encode(value: object, row_id: str) -> str:
    plain = {"t": value.isoformat()} if isinstance(value, datetime) else {"v": value}
    return base64.urlsafe_b64encode(json.dumps([plain, row_id]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, str]:
    try:
        plain, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return (datetime.fromisoformat(plain["t"]) if "t" in plain else plain["v"]), str(row_id)
    except (ValueError, KeyError, TypeError) as error:
        message = Message(N_("This cursor is not one that the server gave: start again without it."))
        raise InvalidInputError.on("cursor", message) from error
