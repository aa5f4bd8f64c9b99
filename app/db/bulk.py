"""The one door for thousands of rows at once: COPY on PostgreSQL, executemany on SQLite.

Bulk statements pass below the criteria of ``visibility``, so this door checks for itself, before anything
is written: the session knows who asks, the table is one that territories own, and every row is of a territory
open to the principal. Rows to change or delete are named by their identifier and their territory together,
and what does not exist under both is left alone. References stay inside a territory by the tables' own keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, insert, update
from sqlalchemy.orm import Session

from app.db import row_security
from app.db.base import Base, Owned, Versioned, new_ids, now
from app.db.copying import Packer, columns_of, completed, copy_ready, copy_rows
from app.db.many import for_many, has_grown
from app.db.principal import Principal
from app.db.sent import POSTGRESQL
from app.db.visibility import principal_of
from app.errors import MissingError, NotPermittedError, StaleVersionError

Rows = Sequence[Mapping[str, Any]]
Item = TypeVar("Item")
# Rows a statement: below the 32,766 variables that SQLite takes in one, at one variable a row.
CHUNK_ROWS = 5_000
# On SQLite to count takes milliseconds, and uncounted it looks up a child by its territory, all of it.
MANY_ROWS_OF_A_FILE = 500
KEYS = frozenset({"id", "territory_id"})
COUNTED = frozenset({"version", "updated_at"})
# Of a session: the identifiers of the rows that it stores.
IDS = "entreflux_ids"


def insert_rows(session: Session, cls: type[Base], rows: Rows) -> None:
    """Store new rows, each a mapping of columns; what is left out gets the default of its column.

    Raises
    ------
    MissingError
        If a row is of a territory that is not open to the principal; nothing is written then.
    NotPermittedError
        If the table is not one that territories own.
    """
    table = _checked_table(session, cls)
    _check_territories(session, {row["territory_id"] for row in rows})
    if not rows:
        return
    session.flush()
    connection = _connection(session)
    columns = columns_of(table, rows)
    # One beginning for all that a session stores: each table's key takes them at its end.
    ids: Iterator[str] = session.info.setdefault(IDS, new_ids())
    if connection.dialect.name == POSTGRESQL:
        with _copying(session, connection, table, len(rows)):
            copy_rows(connection, table, columns, rows, ids)
        return
    for chunk in chunks(rows, CHUNK_ROWS):
        connection.execute(insert(table), [completed(columns, row, ids) for row in chunk])
    if len(rows) >= MANY_ROWS_OF_A_FILE and connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit=400")
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.exec_driver_sql(f"ANALYZE {name}")


def packer_of(session: Session, cls: type[Base], territory_id: str) -> Packer | None:
    """Return what makes rows of a territory ready for ``insert_ready``; None: the database takes none."""
    dialect, table = _connection(session).dialect, _checked_table(session, cls)
    return Packer(dialect, table, {"territory_id": territory_id}) if dialect.name == POSTGRESQL else None


def insert_ready(session: Session, cls: type[Base], territory_id: str, rows: Sequence[bytes]) -> None:
    """Store new rows that the packer of their table and territory made ready.

    Raises
    ------
    MissingError
        If the territory is not open to the principal; nothing is written then.
    NotPermittedError
        If the table is not one that territories own.
    """
    table = _checked_table(session, cls)
    _check_territories(session, {territory_id})
    if not rows:
        return
    session.flush()
    connection = _connection(session)
    with _copying(session, connection, table, len(rows)):
        copy_ready(connection, table, rows)


@contextmanager
def _copying(session: Session, connection: Connection, table: Table, rows: int) -> Iterator[None]:
    # What is stored here was checked before; COPY takes no policies, ANALYZE is the owner's.
    with row_security.owning(connection, principal_of(session)), for_many(connection, rows):
        yield
        if has_grown(session, table, rows):
            # Until its rows are counted, the checks of its keys may be planned as for an empty table.
            name = connection.dialect.identifier_preparer.format_table(table)
            connection.exec_driver_sql(f"ANALYZE {name}")


def update_rows(session: Session, cls: type[Base], territory_id: str, rows: Rows) -> None:
    """Change rows of one territory; each mapping names the ``id`` and the columns to set.

    Raises
    ------
    MissingError
        If the territory is not open to the principal, or one of the rows is not there.
    NotPermittedError
        If a mapping would give its row another owner, or the table is not one that territories own.
    """
    table = _checked_table(session, cls)
    _check_territories(session, {territory_id})
    if any("territory_id" in row for row in rows):
        raise NotPermittedError
    session.flush()
    by_shape: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        by_shape.setdefault(tuple(sorted(row.keys() - KEYS)), []).append(row)
    for shape, alike in by_shape.items():
        _update(_connection(session), cls, table, territory_id, shape, alike)
    _forget(session, cls, {row["id"] for row in rows})


def _update(
    connection: Connection,
    cls: type[Base],
    table: Table,
    territory_id: str,
    shape: tuple[str, ...],
    rows: Rows,
) -> None:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in shape}
    if issubclass(cls, Versioned):
        values |= {"version": table.c.version + 1, "updated_at": now()}
    wanted = (table.c.id == bindparam("of_id")) & (table.c.territory_id == bindparam("of_territory_id"))
    statement = update(table).where(wanted).values(values)
    for chunk in chunks(rows, CHUNK_ROWS):
        parameters = [
            {f"new_{name}": row[name] for name in shape}
            | {"of_id": row["id"], "of_territory_id": territory_id}
            for row in chunk
        ]
        if connection.execute(statement, parameters).rowcount != len(chunk):
            raise StaleVersionError


def mark_rows(
    session: Session, cls: type[Base], territory_id: str, ids: Sequence[str], values: Mapping[str, Any]
) -> None:
    """Set the same columns of many rows of one territory at once, which does not count as a change of them.

    Raises
    ------
    MissingError
        If the territory is not open to the principal.
    NotPermittedError
        If the table is not one that territories own.
    """
    table = _checked_table(session, cls)
    _check_territories(session, {territory_id})
    if not ids:
        return
    session.flush()
    kept = {"updated_at": table.c.updated_at} if issubclass(cls, Versioned) else {}
    for chunk in chunks(ids, CHUNK_ROWS):
        owned = (table.c.territory_id == territory_id) & table.c.id.in_(chunk)
        _connection(session).execute(update(table).where(owned).values(**values, **kept))
    _forget(session, cls, set(ids))


def delete_rows(session: Session, cls: type[Base], territory_id: str, ids: Iterable[str]) -> int:
    """Delete rows of one territory by their identifiers and return how many were there."""
    table = _checked_table(session, cls)
    _check_territories(session, {territory_id})
    session.flush()
    connection = _connection(session)
    gone, wanted = 0, list(ids)
    with for_many(connection, len(wanted)):
        for chunk in chunks(wanted, CHUNK_ROWS):
            owned = (table.c.territory_id == territory_id) & table.c.id.in_(chunk)
            gone += connection.execute(delete(table).where(owned)).rowcount
    _forget(session, cls, set(wanted))
    return gone


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of ``size``."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def _checked_table(session: Session, cls: type[Base]) -> Table:
    principal_of(session)
    if not issubclass(cls, Owned):
        raise NotPermittedError
    table = cls.__table__
    assert isinstance(table, Table)  # noqa: S101 - every mapped class here has a plain table
    return table


def _check_territories(session: Session, territory_ids: set[str]) -> None:
    principal: Principal = principal_of(session)
    if not all(principal.is_staff_of(territory_id) for territory_id in territory_ids):
        raise MissingError


def _connection(session: Session) -> Connection:
    """Return the connection of the session's transaction, which ``VisibleSession`` gives to nobody else."""
    return Session.connection(session)


def _forget(session: Session, cls: type[Base], ids: set[str]) -> None:
    """Have the rows that the session holds in memory read again."""
    for row in list(session.identity_map.values()):
        if isinstance(row, cls) and getattr(row, "__dict__", {}).get("id") in ids:
            session.expire(row)
