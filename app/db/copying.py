"""Many rows sent to PostgreSQL in one COPY: packed where the types of a table are plain, else as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import repeat
from operator import contains, itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table
from sqlalchemy.exc import IntegrityError

from app.db.packing import BEGIN, END, Pack, packed_apart, packed_rows, packers_of

Rows = Sequence[Mapping[str, Any]]
# Rows sent at once: a few MB, so that a thread that works meanwhile is seldom stopped for them.
BLOCK_ROWS = 1_000


def columns_of(table: Table, rows: Rows) -> list[Column[Any]]:
    """Return the columns that the rows give, and those that must get their default."""
    given: set[str] = set()
    for row in rows:
        given |= row.keys()
    return [column for column in table.columns if column.name in given or column.default is not None]


def completed(columns: Sequence[Column[Any]], row: Mapping[str, Any], ids: Iterator[str]) -> dict[str, Any]:
    """Return a row with the defaults of the columns that it leaves out."""
    return {
        column.name: row[column.name] if column.name in row else _default(column, ids) for column in columns
    }


def _default(column: Column[Any], ids: Iterator[str]) -> Any:
    default: Any = column.default
    if column.name == "id":
        return next(ids)
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def copy_rows(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], rows: Rows, ids: Iterator[str]
) -> None:
    """Store rows by COPY, with the defaults of what they leave out.

    Raises
    ------
    IntegrityError
        As an ordinary INSERT does.
    """
    packers = packers_of(connection.dialect, columns)
    with _copying(connection, table, columns, binary=packers is not None) as stream:
        if packers is None:
            _write_texts(connection, stream, columns, (completed(columns, row, ids) for row in rows))
        else:
            _write_packed(stream, columns, packers, rows, ids)


def copy_ready(connection: Connection, table: Table, rows: Sequence[bytes]) -> None:
    """Store rows that ``Packer`` made ready.

    Raises
    ------
    IntegrityError
        As an ordinary INSERT does.
    """
    with _copying(connection, table, list(table.columns), binary=True) as stream:
        stream.write(BEGIN)
        for first in range(0, len(rows), BLOCK_ROWS):
            stream.write(b"".join(rows[first : first + BLOCK_ROWS]))
        stream.write(END)


class Packer:
    """Makes rows of a table ready for COPY, in whichever process: it asks nothing of a connection.

    Parameters
    ----------
    same
        What every row holds, whatever it says itself.

    Raises
    ------
    TypeError
        When a column is of a type that is not sent packed.
    """

    def __init__(self, dialect: Dialect, table: Table, same: Mapping[str, Any]) -> None:
        packers = packers_of(dialect, table.columns)
        if packers is None:
            raise TypeError(table.name)
        self._columns = list(zip(table.columns, packers, strict=True))
        self._same = same

    def packed(self, rows: Rows, ids: Iterator[str]) -> list[bytes]:
        """Return rows of one shape ready, with the defaults of what they leave out."""
        return packed_apart([pack(self._values(column, rows, ids)) for column, pack in self._columns])

    def _values(self, column: Column[Any], rows: Rows, ids: Iterator[str]) -> list[Any]:
        name = column.name
        if name in self._same:
            return [self._same[name]] * len(rows)
        if rows and name in rows[0]:
            return list(map(itemgetter(name), rows))
        return _values(column, rows, ids)


@contextmanager
def _copying(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], *, binary: bool
) -> Iterator[Any]:
    preparer = connection.dialect.identifier_preparer
    named = ", ".join(preparer.quote(column.name) for column in columns)
    form = " (FORMAT binary)" if binary else ""
    command = f"COPY {preparer.format_table(table)} ({named}) FROM STDIN{form}"
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(command) as stream:
            yield stream
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(command, None, error) from error
    finally:
        cursor.close()


def _write_packed(
    stream: Any, columns: Sequence[Column[Any]], packers: Sequence[Pack], rows: Rows, ids: Iterator[str]
) -> None:
    stream.write(BEGIN)
    for first in range(0, len(rows), BLOCK_ROWS):
        block = rows[first : first + BLOCK_ROWS]
        stream.write(
            packed_rows(
                [pack(_values(column, block, ids)) for column, pack in zip(columns, packers, strict=True)]
            )
        )
    stream.write(END)


def _values(column: Column[Any], rows: Rows, ids: Iterator[str]) -> list[Any]:
    name = column.name
    if all(map(contains, rows, repeat(name))):
        return list(map(itemgetter(name), rows))
    if name == "id":
        return [row[name] if name in row else next(ids) for row in rows]
    # Rows sent at once came at one moment.
    default = _default(column, ids)
    return [row.get(name, default) for row in rows]


def _write_texts(
    connection: Connection, stream: Any, columns: Sequence[Column[Any]], rows: Iterable[Mapping[str, Any]]
) -> None:
    processors = [(column.name, _processor(connection, column)) for column in columns]
    for row in rows:
        stream.write_row([process(row[name]) for name, process in processors])


def _processor(connection: Connection, column: Column[Any]) -> Callable[[Any], Any]:
    """Return what turns a value into what the driver sends, as it does for an ordinary INSERT."""
    processor = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return processor if processor is not None else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
