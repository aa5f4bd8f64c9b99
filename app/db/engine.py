"""Engines and sessions for both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import sessionmaker

from app.db.principal import Principal
from app.db.visibility import PRINCIPAL, VisibleSession
from app.settings import Database as DatabaseSettings

WRITES = "entreflux_writes"


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
    return Database(
        engine,
        sessionmaker(engine, class_=VisibleSession, expire_on_commit=False),
        sessionmaker(
            engine.execution_options(**{WRITES: True}), class_=VisibleSession, expire_on_commit=False
        ),
    )


def make_engine(settings: DatabaseSettings) -> Engine:
    """Return an engine with what each database needs to be safe."""
    url = make_url(settings.url)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=settings.pool_size, pool_pre_ping=True, echo=settings.echo)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, echo=settings.echo, connect_args={"timeout": settings.busy_timeout_s, "check_same_thread": False}
    )
    _make_sqlite_safe(engine)
    return engine


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
