"""Whether the process that took on some work is still there to finish it.

On PostgreSQL a process holds an advisory lock while it works: the lock ends with it, however it ends. A
SQLite file is served from one machine: what began before this process, and is not its own, is nobody's now.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text

from app.db.base import now

# Tells these locks from others of the same database; any number will do.
SPACE = 4_671_904
# Between the promise of some work and its beginning.
GRACE = timedelta(seconds=30)

_started = now()
_known: WeakKeyDictionary[Engine, Presence] = WeakKeyDictionary()
_guard = Lock()


class Presence:
    """The work of this process on one database, under a number that others can ask about."""

    def __init__(self) -> None:
        self.number = secrets.randbelow(2**31)
        self._works = 0
        self._connection: Connection | None = None
        self._guard = Lock()

    def begin(self, engine: Engine) -> None:
        """Begin a piece of work."""
        with self._guard:
            self._works += 1
            if self._works == 1 and engine.dialect.name == "postgresql":
                self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
                lock = text("SELECT pg_advisory_lock(:space, :number)")
                self._connection.execute(lock, {"space": SPACE, "number": self.number})

    def end(self) -> None:
        """End a piece of work."""
        with self._guard:
            self._works -= 1
            if self._works == 0 and self._connection is not None:
                # Back in the pool, the connection would keep its lock.
                self._connection.invalidate()
                self._connection.close()
                self._connection = None

    def holds(self, engine: Engine, number: int, since: datetime) -> bool:
        """Tell whether work taken on under ``number``, heard of last at ``since``, still goes on."""
        if (number == self.number and self._works > 0) or now() - since < GRACE:
            return True
        if engine.dialect.name != "postgresql":
            return number != self.number and since >= _started
        with engine.connect() as connection:
            free = text("SELECT pg_try_advisory_xact_lock_shared(:space, :number)")
            return not connection.execute(free, {"space": SPACE, "number": number}).scalar()


def presence_of(engine: Engine) -> Presence:
    """Return this process's presence on a database."""
    with _guard:
        if engine not in _known:
            _known[engine] = Presence()
        return _known[engine]
