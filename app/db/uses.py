"""Notes that are welcome but not worth waiting for, such as when a key was last used."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from app.db.base import Base, Identified
from app.db.engine import WRITES, Database

BUSY_MS = 50
log = logging.getLogger(__name__)


def update_unless_busy(database: Database, cls: type[Base], row_id: str, values: Mapping[str, Any]) -> bool:
    """Set columns of a row, unless another writer holds the database (SQLite) or it refuses.

    Returns
    -------
    bool
        Whether it was done.
    """
    assert issubclass(cls, Identified)  # noqa: S101 - a mistake of the program
    statement = update(cls).where(cls.id == row_id).values(**values)
    with database.engine.execution_options(**{WRITES: True}).connect() as connection:
        former = _patience(connection, BUSY_MS)
        try:
            with connection.begin():
                connection.execute(statement)
        except OperationalError as error:
            log.info("Not noted: %s", error.orig)
            return False
        finally:
            _patience(connection, former)
    return True


def _patience(connection: Any, milliseconds: int) -> int:
    """Set how long a writer of SQLite waits for another one, and return what it was."""
    if connection.dialect.name != "sqlite":
        return 0
    cursor = connection.connection.driver_connection
    former: int = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    cursor.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
    return former
