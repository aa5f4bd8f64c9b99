"""What takes long to store is stored once, and put back for each test that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.db.engine import Database

Made = TypeVar("Made")
# The rows of each table that has some: tuples on SQLite, as PostgreSQL copies them there.
Rows = dict[str, Any]


@dataclass(frozen=True)
class _Kept:
    made: Any
    rows: Rows


# A server draws its secret when it first needs it, whatever else is stored.
OWN = {"server_secret"}
# By what made it, and the kind of its database.
_kept: dict[tuple[Callable[..., Any], str], _Kept] = {}


def stored_once(database: Database, make: Callable[[], Made], name: Callable[..., Any]) -> Made:
    """Return what ``make`` stores in an empty database, and have its rows there.

    Parameters
    ----------
    name
        Stands for what is stored: it is made once a process for each name and kind of database.
    """
    key = name, database.engine.dialect.name
    known = _kept.get(key)
    if known is None:
        made = make()
        known = _kept[key] = _Kept(deepcopy(made), _rows(database))
        return made
    _forget()
    _put_back(database, known.rows)
    return deepcopy(known.made)  # type: ignore[no-any-return]


def _rows(database: Database) -> Rows:
    from app.db.base import Base

    found = {}
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = None if table.name in OWN else _read(connection, table.name)
            if rows:
                found[table.name] = rows
    return found


def _read(connection: Connection, table: str) -> Any:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return driver.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - own names of tables
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(map(bytes, copy))


def _put_back(database: Database, kept: Rows) -> None:
    from app.db.access_clock import clock_of
    from app.db.engine import WRITES

    with database.engine.execution_options(**{WRITES: True}).begin() as connection:
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            driver.execute("PRAGMA defer_foreign_keys = ON")
            for table, rows in kept.items():
                places = ", ".join("?" * len(rows[0]))
                driver.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)  # noqa: S608
        else:
            # Foreign keys held when the rows were stored.
            driver.execute("SET LOCAL session_replication_role = replica")
            for table, rows in kept.items():
                with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(rows)
    clock = clock_of(database.engine)
    if clock is not None:
        clock.change()


def _forget() -> None:
    """Forget what this process knows of territories, under the names that come back with other contents."""
    from app.services import audit_requests, indicators, synergies
    from app.services.blurring import blurred_residents
    from app.services.renewals import renewals
    from app.services.residents import residents

    for known in (residents(), blurred_residents(), renewals()):
        known._kept.clear()
    for remembered in (indicators._kept, audit_requests._lately, synergies._rendered):
        remembered._known.clear()
