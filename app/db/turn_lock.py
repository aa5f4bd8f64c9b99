"""Requests about one thing wait for each other until their transactions end.

SQLite has one writer at a time, and needs no lock for it.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Dialect, bindparam, func, select
from sqlalchemy.orm import Session

from app.db.sent import POSTGRESQL, Sent


@lru_cache(maxsize=2)
def _lock(dialect: Dialect) -> Sent:
    number = func.hashtextextended(bindparam("named", ""), 0)
    return Sent(select(func.pg_advisory_xact_lock(number)), dialect)


def wait_for_turn(session: Session, named: str) -> None:
    """Wait until no other transaction holds the lock of this name; it reads no row that could be hidden."""
    if session.get_bind().dialect.name == POSTGRESQL:
        connection = Session.connection(session)
        _lock(connection.dialect).ask(connection, {"named": named})
