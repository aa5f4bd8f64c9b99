"""Lists read page by page: a cursor names the last row seen, so that pages hold while rows come and go."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db.base import Identified, UtcDateTime
from app.db.visibility import PLANNED_ANEW, VisibleSession
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
    """How a list is sorted: by ``key``, rows without it last, then by identifier."""

    key: InstrumentedAttribute[Any]
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
    """Return one page of ``statement``, in the order of creation unless another is given.

    An index on what narrows the list, then the key (unknown last) and the identifier, leads straight to the
    first row of any page.
    """
    order = order or Order(cls.created_at)
    found = rows_of_page(session, statement.add_columns(order.key), cls, part, order)
    shown = found[: part.limit]
    following = cursor_of(shown[-1][1], shown[-1][0].id) if len(found) > part.limit else None
    return Page(tuple(entry[0] for entry in shown), following)


def page_by_keys(
    session: VisibleSession,
    statement: Select[Row],
    cls: type[Row],
    conditions: Sequence[ColumnElement[bool]],
    part: Slice,
    order: Order,
) -> Page[Row]:
    """Return one page of wide rows: an index alone says which, then ``statement`` reads those."""
    found = rows_of_page(session, select(cls.id, order.key).where(*conditions), cls, part, order)
    shown = found[: part.limit]
    following = cursor_of(shown[-1][1], shown[-1][0]) if len(found) > part.limit else None
    ids = [entry[0] for entry in shown]
    rows = {row.id: row for row in session.scalars(statement.where(cls.id.in_(ids)))} if ids else {}
    # A row that went between the two statements is left out.
    return Page(tuple(rows[row_id] for row_id in ids if row_id in rows), following)


def rows_of_page(
    session: VisibleSession, statement: Select[Any], cls: type[Row], part: Slice, order: Order
) -> list[Any]:
    """Return the rows of a page and one more, when there is one."""
    ordered = statement.order_by(sorted_by(order), cls.id).execution_options(**{PLANNED_ANEW: True})
    found: list[Any] = []
    for rest in _beginnings(cls, order, part):
        wanted = ordered if rest is None else ordered.where(rest)
        found += session.execute(wanted.limit(part.limit + 1 - len(found))).all()
        if len(found) > part.limit:
            break
    return found


def _beginnings(cls: type[Row], order: Order, part: Slice) -> list[ColumnElement[bool] | None]:
    """Return the criteria of what follows the cursor: rows whose key is known, then those without one."""
    if part.cursor is None:
        return [None]
    value, row_id = reached(part.cursor, order.key)
    after = beyond(cls, order, value, row_id)
    return [after, order.key.is_(None)] if value is not None and may_be_unknown(order.key) else [after]


def sorted_by(order: Order) -> ColumnElement[Any]:
    """Return what a list is sorted by first; rows without it come last."""
    return (order.key.desc() if order.descending else order.key.asc()).nulls_last()


def beyond(cls: type[Any], order: Order, value: Any, row_id: Any) -> ColumnElement[bool]:
    """Return the criterion of the rows after one of a key and an identifier; a key of None is unknown."""
    key = order.key
    if value is None:
        return and_(key.is_(None), cls.id > row_id)
    at_least = key <= value if order.descending else key >= value
    further = key < value if order.descending else key > value
    # Said twice on purpose: the first part is what an index can be entered by.
    return and_(at_least, or_(further, cls.id > row_id))


def may_be_unknown(key: InstrumentedAttribute[Any]) -> bool:
    """Tell whether rows may have no value to be sorted by."""
    return bool(key.property.columns[0].nullable)


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


def cursor_of(value: object, row_id: str) -> str:
    """Return the cursor of what follows a row, by its key and its identifier."""
    plain = {"t": value.isoformat()} if isinstance(value, datetime) else {"v": value}
    return base64.urlsafe_b64encode(json.dumps([plain, row_id]).encode()).decode().rstrip("=")


def reached(cursor: str, key: InstrumentedAttribute[Any]) -> tuple[Any, str]:
    """Return the key and the identifier that a cursor names; ``InvalidInputError`` if it is none of ours."""
    try:
        plain, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = datetime.fromisoformat(plain["t"]) if "t" in plain else plain["v"]
        _check_kind(value, key)
        return value, str(row_id)
    except (ValueError, KeyError, TypeError) as error:
        message = Message(N_("This cursor is not one that the server gave: start again without it."))
        raise InvalidInputError.on("cursor", message) from error


def _check_kind(value: object, key: InstrumentedAttribute[Any]) -> None:
    """Raise ``TypeError`` on a cursor of a list sorted by something else."""
    if value is None and may_be_unknown(key):
        return
    timed = isinstance(key.type, UtcDateTime)
    if isinstance(value, bool) or not isinstance(value, datetime if timed else (int, float)):
        raise TypeError(value)
