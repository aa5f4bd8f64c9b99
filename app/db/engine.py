"""Engines and sessions for both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import sessionmaker

from app.db import access_clock, row_security
from app.db.principal import Principal
from app.db.visibility import KEPT, PLANNED_ANEW, PRINCIPAL, VisibleSession
from app.settings import Database as DatabaseSettings

WRITES = "entreflux_writes"
# A database that restarts closes every connection: one unused for so long is tried first.
IDLE_S = 5.0
# The server answers in 40 threads: when all are busy, none waits for a connection.
MOST_CONNECTIONS = 40
# Of these on PostgreSQL, those that act for members who read: one a turn (see ``app.turns``), and some more.
MOST_READING = 16
row_security.watch(VisibleSession)
access_clock.watch(VisibleSession)


# To compile a short read, or to share it out, takes longer than to do it.
SHORT_READS = "-c jit=off -c max_parallel_workers_per_gather=0"
# Readers write one thing, the note of what they read. PostgreSQL has it before the answer leaves, and does
# not wait for the disk: should the database's machine stop, notes of its last second may be missing.
QUICK_NOTES = "-c synchronous_commit=off"
# After how many times PostgreSQL keeps a statement, and soon its plan (psycopg's own default).
KEPT_AFTER = 5


def _to_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS).decode()


# Documents are most of what is read and written.
JSON_CODEC: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": orjson.loads}


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and the ways to open a session on it.

    On PostgreSQL members read through connections of their own: one that acted for somebody is seldom used
    for anybody else next, and then needs not be told again who asks.

    Attributes
    ----------
    settings
        What it was opened with, for another process to open it too.
    """

    settings: DatabaseSettings
    engine: Engine
    readers: sessionmaker[VisibleSession]
    writers: sessionmaker[VisibleSession]
    members: sessionmaker[VisibleSession]

    @contextmanager
    def reading(self, principal: Principal) -> Iterator[VisibleSession]:
        """Yield a session that only reads."""
        readers = self.readers if principal.is_system else self.members
        with readers(info={PRINCIPAL: principal, KEPT: []}) as session:
            yield session

    @contextmanager
    def writing(self, principal: Principal) -> Iterator[VisibleSession]:
        """Yield a session whose changes are committed at the end, all or none."""
        with self.writers(info={PRINCIPAL: principal}) as session, session.begin():
            yield session

    @property
    def reading_engine(self) -> Engine:
        """What the program reads with where it needs no session."""
        bound: Engine = self.readers.kw["bind"]
        return bound

    @property
    def writes_together(self) -> bool:
        """Whether two transactions can write at the same time."""
        return self.engine.dialect.name != "sqlite"

    def is_alive(self) -> bool:
        """Tell whether the database answers; raises the driver's error when it does not."""
        with self.engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar())

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        reads: Engine = self.members.kw["bind"]
        reads.dispose()


def open_database(settings: DatabaseSettings) -> Database:
    """Open the database of the settings; the folder of a SQLite file is created when missing."""
    engine = make_engine(settings)
    reads = own_reads = engine
    if engine.dialect.name == "postgresql":
        # Each statement sees what is committed, as in a transaction of PostgreSQL's default level, and a read
        # needs neither its beginning nor its end.
        reads = engine.execution_options(isolation_level="AUTOCOMMIT")
        own_reads = _make_postgis(settings, MOST_READING, QUICK_NOTES, isolation_level="AUTOCOMMIT")
    writes = engine.execution_options(**{WRITES: True})
    readers, writers, members = (
        sessionmaker(bind, class_=VisibleSession, expire_on_commit=False)
        for bind in (reads, writes, own_reads)
    )
    return Database(settings, engine, readers, writers, members)


def make_engine(settings: DatabaseSettings) -> Engine:
    """Return an engine with what each database needs to be safe."""
    url = make_url(settings.url)
    if url.get_backend_name() != "sqlite":
        return _make_postgis(settings, MOST_CONNECTIONS - MOST_READING)
    room: dict[str, Any] = {}
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        room = {
            "pool_size": settings.pool_size,
            "max_overflow": max(MOST_CONNECTIONS - settings.pool_size, 0),
        }
    engine = create_engine(
        url,
        echo=settings.echo,
        hide_parameters=True,
        connect_args={"timeout": settings.busy_timeout_s, "check_same_thread": False},
        **room,
        **JSON_CODEC,
    )
    _make_sqlite_safe(engine)
    return engine


def _make_postgis(settings: DatabaseSettings, most: int, more: str = "", **options: Any) -> Engine:
    """Return an engine of ``most`` connections at most; ``more``: settings of each besides the usual."""
    kept = min(settings.pool_size, most)
    engine = create_engine(
        make_url(settings.url),
        pool_size=kept,
        max_overflow=most - kept,
        echo=settings.echo,
        # An error would quote the row in the log.
        hide_parameters=True,
        connect_args={"options": f"{SHORT_READS} {more}"},
        **JSON_CODEC,
        **options,
    )
    _check_idle(engine)
    _plan_lists_anew(engine)
    return engine


def _plan_lists_anew(engine: Engine) -> None:
    """Have statements planned for their values where they say so (``PLANNED_ANEW``).

    The way into a list depends on what it is narrowed to; a row read by its key is always read alike, and to
    plan that takes three times as long as to do it.
    """

    @event.listens_for(engine, "before_cursor_execute")
    def _before(connection: Connection, *arguments: Any) -> None:
        driver: Any = connection.connection.dbapi_connection
        anew = arguments[3] is not None and arguments[3].execution_options.get(PLANNED_ANEW, False)
        driver.prepare_threshold = None if anew else KEPT_AFTER


def _check_idle(engine: Engine) -> None:
    """Ping connections that lay idle before they are used again; busy ones have just shown that they live."""

    @event.listens_for(engine, "checkin")
    def _on_checkin(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("idle_since")
        if since is None or monotonic() - since < IDLE_S:
            return
        if not engine.dialect._do_ping_w_event(connection):
            raise DisconnectionError


def _make_sqlite_safe(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # We say BEGIN ourselves: the driver would only begin at the first change, too late for a sound read.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        # A reader that turns writer fails at once under WAL; a writer takes its place from the start.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
