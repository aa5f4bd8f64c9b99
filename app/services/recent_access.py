"""Who holds a key or a web session, kept for a moment between two requests.

To ask the database anew who asks takes a quarter of a quick read. What is kept holds as long as nothing about
who may enter has changed (``app.db.access_clock``): on one machine that is seen at once, from another one
within a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from app.db.access_clock import clock_of
from app.db.engine import Database

Known = TypeVar("Known")
# What a change told by another machine takes at most to be seen.
HELD = timedelta(seconds=1)
MOST_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Known]):
    known: Known
    mark: bytes
    at: datetime


class Recent(Generic[Known]):
    """What is known of the holders of some secrets, by the secret's hash, for each database."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Any, dict[str, _Kept[Known]]] = WeakKeyDictionary()

    def of(self, database: Database, secret: str, at: datetime) -> Known | None:
        """Return what is known of a secret and holds ``at`` that moment, None when it is to be read."""
        kept = self._kept.get(database.engine, {}).get(secret)
        if kept is None or not timedelta(0) <= at - kept.at < HELD:
            return None
        return kept.known if kept.mark == self.mark(database) else None

    def mark(self, database: Database) -> bytes | None:
        """Return what to keep with what is read next; None where nothing may be kept."""
        clock = clock_of(database.engine)
        return None if clock is None else clock.mark()

    def keep(
        self, database: Database, secret: str, known: Known, *, mark: bytes | None, at: datetime
    ) -> None:
        """Keep what was read after ``mark``, by somebody who asked ``at`` that moment."""
        if mark is None:
            return
        kept = self._kept.setdefault(database.engine, {})
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[secret] = _Kept(known, mark, at)
