"""A mark of who may enter: another one once that has changed, whichever process of this machine changed it.

Who read the mark before they read the database, and find it as it was, need not read the database again.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import weakref
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from app.db.base import Account
from app.db.tables import Company

# What a session notes in ``info`` when it changes who may enter.
CHANGED = "access_changed"
# Companies withhold their flows from the staff of their territory.
CLASSES = (Account, Company)
BYTES = 8


class AccessClock:
    """The mark of a database, in a file that the processes of a machine share.

    A mark is drawn, not counted: two processes that change it at once need not agree on a number. It is
    written as any file is: a page of memory shared on a full disk would end the process.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._own = b""
        # Of many databases only the last ones' clocks are kept.
        weakref.finalize(self, os.close, self._file)

    def mark(self) -> bytes:
        """Return the mark as it is now."""
        return self._own + os.pread(self._file, BYTES, 0)

    def change(self) -> None:
        """Make the mark another one: for this process in any case, for the others when it can be written."""
        self._own = drawn = secrets.token_bytes(BYTES)
        with suppress(OSError):
            os.pwrite(self._file, drawn, 0)


@lru_cache(maxsize=64)
def _clock(path: Path) -> AccessClock | None:
    try:
        return AccessClock(path)
    except OSError:
        # Nothing can be written there: then everything is read each time.
        return None


def clock_of(engine: Engine) -> AccessClock | None:
    """Return the clock of a database, None where its processes share no file."""
    name = engine.url.database
    if engine.dialect.name != "sqlite":
        # One for all: a change in another database costs one more reading.
        return _clock(Path(tempfile.gettempdir()) / f"entreflux-{os.getuid()}.access")
    return _clock(Path(f"{Path(name).absolute()}-access")) if name and name != ":memory:" else None


def watch(sessions: type[Session]) -> None:
    """Have sessions of a class tell what they change, once it is committed."""
    event.listen(sessions, "before_flush", _see_rows)
    event.listen(sessions, "do_orm_execute", _see_statements)
    event.listen(sessions, "after_commit", _tell)
    event.listen(sessions, "after_rollback", _forget)


def _see_rows(session: Session, _context: Any, _instances: Any) -> None:
    changed = (row for row in session.dirty if isinstance(row, CLASSES) and session.is_modified(row))
    others = (row for row in (*session.new, *session.deleted) if isinstance(row, CLASSES))
    if next(changed, None) is not None or next(others, None) is not None:
        session.info[CHANGED] = True


def _see_statements(state: ORMExecuteState) -> None:
    if state.is_select or not state.is_orm_statement:
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(inspect(mapper).class_, CLASSES):
        state.session.info[CHANGED] = True


def _tell(session: Session) -> None:
    # After the commit, and before whoever asked for it has an answer.
    if session.info.pop(CHANGED, False):
        clock = clock_of(session.get_bind().engine)
        if clock is not None:
            clock.change()


def _forget(session: Session) -> None:
    session.info.pop(CHANGED, None)
