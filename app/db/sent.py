"""A statement compiled once and sent to the driver as it is, and rows that are only ever added so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, bindparam
from sqlalchemy.orm import Session

from app.db.visibility import PLANNED_ANEW

POSTGRESQL = "postgresql"
# What the driver tells of columns; it makes this for each answer, and takes as long as to read ten rows.
Described = Sequence[Any]


class Sent:
    """A statement as a database takes it.

    Parameters
    ----------
    kept
        Whether PostgreSQL keeps the statement and soon its plan, or plans it for its values each time.
    """

    def __init__(self, statement: Any, dialect: Dialect, *, kept: bool = True) -> None:
        self.dialect = dialect
        self.compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self._text = str(self.compiled)
        self._given: dict[str, Any] = dict(self.compiled.params)
        self._order = self.compiled.positiontup
        writers = self.compiled._bind_processors
        self._writers = {name: writer for name, writer in writers.items() if callable(writer)}
        self._options = {"prepare": kept} if dialect.name == POSTGRESQL else {}
        self._planned = {PLANNED_ANEW: not kept}
        self._is_described = False
        self._errors: Any = dialect.dbapi.Error if dialect.dbapi is not None else ()

    def ask(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows of the driver; ``described`` is told of the columns of the first answer."""
        sent = self._parameters(values)
        try:
            with closing(_driver(connection).cursor()) as cursor:
                cursor.execute(self._text, sent, **self._options)
                return self._rows(cursor)
        except self._errors:
            # Asked once more, in the way that tells what went wrong and leaves no broken connection behind.
            return self.ask_once(connection, values)

    def ask_once(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows of the driver; what goes wrong is told, and ends the transaction."""
        sent = self._parameters(values)
        with closing(connection.exec_driver_sql(self._text, sent, self._planned)) as answer:
            return self._rows(answer.cursor)

    def _rows(self, cursor: Any) -> Sequence[Any]:
        if not self._is_described:
            self.described(cursor.description)
            # Told last: another thread that sees it finds the columns known.
            self._is_described = True
        found: Sequence[Any] = cursor.fetchall()
        return found

    def described(self, columns: Described) -> None:
        """Take what the driver tells of the columns."""

    def do(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Send a change; whatever goes wrong is the driver's error."""
        with closing(_driver(connection).cursor()) as cursor:
            cursor.execute(self._text, self._parameters(values), **self._options)

    def do_once(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Send a change; what goes wrong is told, and ends the transaction."""
        connection.exec_driver_sql(self._text, self._parameters(values), self._planned).close()

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        sent = {**self._given, **values}
        for name, write in self._writers.items():
            sent[name] = write(sent[name])
        return sent if self._order is None else tuple(sent[name] for name in self._order)


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


@lru_cache(maxsize=4)
def _insertion(cls: Any, dialect: Dialect) -> Sent:
    columns = [column for column in cls.__table__.columns if not column.primary_key]
    given = {column.name: bindparam(column.name, None, type_=column.type) for column in columns}
    return Sent(cls.__table__.insert().values(given).inline(), dialect)


def note(session: Session, cls: Any, row: Mapping[str, Any]) -> None:
    """Add a row, numbered by the database, in a session whose statements are each committed as they come.

    Parameters
    ----------
    row
        Every column but the number.
    """
    connection = Session.connection(session)
    _insertion(cls, connection.dialect).do(connection, row)


def note_with(session: Session, cls: Any, row: Mapping[str, Any]) -> None:
    """Add a row likewise with what a session changes: both are committed, or neither."""
    connection = Session.connection(session)
    _insertion(cls, connection.dialect).do_once(connection, row)
