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

from app.db import row_security
from app.db.principal import Principal
from app.db.visibility import PRINCIPAL, VisibleSession
from app.settings import Database as DatabaseSettings

WRITES = "entreflux_writes"
# A database that restarts closes every connection: one unused for so long is tried first.
IDLE_S = 5.0
# The server answers in 40 threads: when all are busy, none waits for a connection.
MOST_CONNECTIONS = 40
row_security.watch(VisibleSession)


# To compile a short read, to share it out or to guess at its values takes longer than to plan it for them.
SHORT_READS = "-c jit=off -c max_parallel_workers_per_gather=0 -c plan_cache_mode=force_custom_plan"


def _to_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS).decode()


# Documents are most of what is read and written.
JSON_CODEC: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": orjson.loads}


@dataclass(frozen=True, slots=True)
class Database:
    """An engine and the two ways to open a session on it."""

    engine: Engine
    readers: sessionmaker[VisibleSession]
    writers: sessionmaker[VisibleSession]

    @contextmanager
    def reading(self, principal: Principal) -> Iterator[VisibleSession]:
        """Yield a session that only reads."""
        with self.readers(info={PRINCIPAL: principal}) as session:
            yield session

    @contextmanager
    def writing(self, principal: Principal) -> Iterator[VisibleSession]:
        """Yield a session whose changes are committed at the end, all or none."""
        with self.writers(info={PRINCIPAL: principal}) as session, session.begin():
            yield session

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


def open_database(settings: DatabaseSettings) -> Database:
    """Open the database of the settings; the folder of a SQLite file is created when missing."""
    engine = make_engine(settings)
    reads = engine
    if engine.dialect.name == "postgresql":
        # Each statement sees what is committed, as in a transaction of PostgreSQL's default level, and a read
        # needs neither its beginning nor its end.
        reads = engine.execution_options(isolation_level="AUTOCOMMIT")
    return Database(
        engine,
        sessionmaker(reads, class_=VisibleSession, expire_on_commit=False),
        sessionmaker(
            engine.execution_options(**{WRITES: True}), class_=VisibleSession, expire_on_commit=False
        ),
    )


def make_engine(settings: DatabaseSettings) -> Engine:
    """Return an engine with what each database needs to be safe."""
    url = make_url(settings.url)
    if url.get_backend_name() != "sqlite":
        engine = create_engine(
            url,
            **_room(settings),
            echo=settings.echo,
            # An error would quote the row in the log.
            hide_parameters=True,
            connect_args={"options": SHORT_READS},
            **JSON_CODEC,
        )
        _check_idle(engine)
        row_security.give_back(engine)
        return engine
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


def _room(settings: DatabaseSettings) -> dict[str, Any]:
    return {"pool_size": settings.pool_size, "max_overflow": max(MOST_CONNECTIONS - settings.pool_size, 0)}


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
