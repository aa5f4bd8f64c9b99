"""Reading a kept file and telling what it would do: small files at once, large ones in a thread."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from app.db.base import now
from app.db.engine import Database
from app.db.presence import presence_of
from app.db.principal import Principal
from app.db.tables import WaitingFile
from app.repositories import waiting_files as rows
from app.repositories.records import change
from app.services import imports, layouts, waiting_files
from app.services.import_reading import reading_of
from app.services.waiting_files import FAILED, READ, READING, WAITING

log = logging.getLogger(__name__)
# One at a time: each takes a process of its own to read.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rehearsal")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The rehearsal of one kept file, for the person who sent it."""

    database: Database
    principal: Principal
    territory_id: str
    file_id: str

    def now(self) -> None:
        """Read the file and keep what it would do."""
        with self.database.reading(self.principal) as session:
            row = waiting_files.own_file(session, self.territory_id, self.file_id)
            file_name, digest, choices = row.file_name, row.digest, waiting_files.choices_of(row)
            content = rows.content_of(session, row.id)
            known = layouts.remembered(session, self.territory_id)
        # A process of its own reads for a while: no session waits for it.
        result = imports.read_file(content, file_name, choices, known)
        with self.database.reading(self.principal) as session:
            report = imports.rehearsed(session, self.territory_id, file_name, digest, result)
        # What was chosen meanwhile is read by whoever chose it.
        self._set(step=READ, reading=report.withheld.reading(reading_of(result, report.content)))

    def later(self) -> None:
        """Read the file once those before it are read."""
        presence = presence_of(self.database.engine)
        self._set(step=WAITING, runner=presence.number)
        presence.begin(self.database.engine)
        _thread.submit(self._run)

    def _run(self) -> None:
        try:
            self._set(step=READING)
            self.now()
        except Exception:
            # Nobody waits for this thread: the row is where the failure is told.
            log.exception("the rehearsal of %s failed", self.file_id)
            self._set(step=FAILED)
        finally:
            presence_of(self.database.engine).end()

    def _set(self, **values: Any) -> None:
        with self.database.writing(self.principal) as session:
            row = rows.own_file(session, self.territory_id, self.file_id)
            if row is not None:
                change(session, row, {**values, "heard_at": now()})


def standing(database: Database, row: WaitingFile) -> str:
    """Return the step a rehearsal is at; it has failed when the process that ran it is gone."""
    if row.step in (READ, FAILED):
        return row.step
    alive = presence_of(database.engine).holds(database.engine, row.runner, row.heard_at)
    return row.step if alive else FAILED
