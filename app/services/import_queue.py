"""Large files: taken at once, imported afterwards in a thread or a process, each in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from app.db.base import now
from app.db.engine import Database, open_database
from app.db.presence import presence_of
from app.db.principal import SYSTEM, Principal
from app.db.tables import Import, Territory
from app.db.visibility import VisibleSession, principal_of
from app.errors import AppError, FieldError, InvalidInputError
from app.exports.document import freeze
from app.repositories import imports as rows
from app.repositories.records import change, find
from app.services import import_apart, imports, layouts
from app.services.import_choices import NO_CHOICES, Choices
from app.services.import_report import report_of
from app.services.renewals import renewals
from app.settings import Database as DatabaseSettings
from matching.messages import N_, Message
from matching.sharing import usable_processes

log = logging.getLogger(__name__)
# One at a time: two large files would only slow each other down.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")

WAITING = "waiting"
READING = "reading"
INTERRUPTED = N_("The server stopped before this import was done. Nothing was stored: send the file again.")
UNEXPECTED = N_("Something went wrong on our side. Nothing was stored: tell an operator of this server.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file taken, and what begins its import once its record is committed."""

    row: Import
    begin: Callable[[], None]


def take(
    database: Database,
    session: VisibleSession,
    territory: Territory,
    content: bytes,
    file_name: str,
    choices: Choices = NO_CHOICES,
) -> Waiting:
    """Enter the record of an import to come, where its progress can be asked."""
    row = imports.enter(session, territory.id, content, file_name, status=rows.RUNNING)
    number = presence_of(database.engine).number
    change(session, row, {"report": {**row.report, "progress": {"step": WAITING}, "runner": number}})
    job = _Job(database, principal_of(session), row.id, content, choices)

    def begin() -> None:
        presence_of(database.engine).begin(database.engine)
        _thread.submit(job.run)

    return Waiting(row, begin)


def standing(database: Database, row: Import) -> tuple[str, Mapping[str, Any] | None]:
    """Return the status of an import as it is, and its progress while it runs.

    An import whose process is gone has failed, though nobody was left to write it down.
    """
    if row.status != rows.RUNNING:
        return row.status, None
    if not presence_of(database.engine).holds(database.engine, row.report["runner"], row.updated_at):
        return rows.FAILED, None
    return row.status, row.report["progress"]


def failure_of(row: Import, status: str) -> Message | None:
    """Return why an import failed, when it did."""
    if status != rows.FAILED:
        return None
    return Message(UNEXPECTED if row.status == rows.FAILED else INTERRUPTED)


@dataclass(frozen=True, slots=True)
class _Job:
    database: Database
    principal: Principal
    import_id: str
    content: bytes
    choices: Choices

    def run(self) -> None:
        """Import the file, or say in its record why not; the record is all that is left of a failure."""
        try:
            if import_apart.is_worth(self.content):
                self._run_apart()
            else:
                self.run_here()
        finally:
            presence_of(self.database.engine).end()

    def run_here(self, processes: int = 1) -> None:
        """Import the file in this process, shared with some copies of it where it may have any."""
        try:
            self._import(processes)
        except InvalidInputError as error:
            self._end(rows.REFUSED, error.errors)
        except Exception as error:
            # Nobody waits for this thread: the record is where the failure is told.
            log.exception("the import %s failed", self.import_id)
            told = (FieldError("", error.message),) if isinstance(error, AppError) else ()
            self._end(rows.FAILED, told)

    def _run_apart(self) -> None:
        """Import the file in another process, which writes the record, unless it is lost."""
        # By a pipe to that process: an argument or a variable would show the password.
        settings = self.database.settings
        try:
            import_apart.done_apart(
                _run_alone,
                settings,
                self.principal,
                self.import_id,
                self.content,
                self.choices,
                many=len(self.content) >= import_apart.MANY_BYTES,
            )
            self._learn()
        except Exception:
            log.exception("the import %s failed in its process", self.import_id)
            if self._row().status == rows.RUNNING:
                self._end(rows.FAILED, ())

    def _learn(self) -> None:
        row = self._row()
        if row.status == rows.STORED:
            with self.database.reading(SYSTEM) as session:
                renewals().learn(session, row.territory_id)

    def _row(self) -> Import:
        with self.database.reading(SYSTEM) as session:
            return find(session, Import, self.import_id)

    def _import(self, processes: int) -> None:
        self._step(READING)
        with self.database.reading(self.principal) as session:
            row = find(session, Import, self.import_id)
            file_name, digest = row.file_name, row.digest
            known = layouts.remembered(session, row.territory_id)
        result = imports.read_file(self.content, file_name, self.choices, known)
        layouts.check_tables(self.choices.mapping, result)
        if imports.errors_of(result):
            report = report_of(file_name, digest, result, known=known)
            self._set(rows.REFUSED, report.content)
            return
        with self.database.writing(self.principal) as session:
            imports.store_result(
                session,
                self.import_id,
                result,
                self.choices,
                self._step_while_writing,
                processes,
                status=rows.STORED,
            )

    def _end(self, status: str, errors: Sequence[FieldError]) -> None:
        report = self._report()
        if errors:
            report["findings"] = [_finding(error) for error in errors]
        self._set(status, report)

    def _step_while_writing(self, step: str) -> None:
        # SQLite has one writer, and it is the import itself.
        if self.database.writes_together:
            self._step(step)

    def _step(self, step: str) -> None:
        self._set(rows.RUNNING, {**self._report(), "progress": {"step": step, "since": now().isoformat()}})

    def _report(self) -> dict[str, Any]:
        with self.database.reading(self.principal) as session:
            return dict(find(session, Import, self.import_id).report)

    def _set(self, status: str, report: Mapping[str, Any]) -> None:
        with self.database.writing(self.principal) as session:
            row = find(session, Import, self.import_id)
            change(session, row, {"status": status, "report": dict(report)})


def _run_alone(
    settings: DatabaseSettings, principal: Principal, import_id: str, content: bytes, choices: Choices
) -> None:
    """Import a file in a process that does nothing else."""
    database = open_database(settings)
    _Job(database, principal, import_id, content, choices).run_here(usable_processes())
    database.close()


def _finding(error: FieldError) -> dict[str, Any]:
    return {
        "severity": imports.ERROR,
        "sheet": error.sheet,
        "row": error.row,
        "field": error.field or None,
        "message": freeze(error.message),
    }
