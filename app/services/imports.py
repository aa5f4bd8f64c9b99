"""A file of flows in, all or nothing, with a report by row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.db.tables import Import, Territory
from app.db.visibility import VisibleSession, principal_of
from app.errors import FieldError, InvalidInputError
from app.readers import Finding, ReadResult, read_untrusted
from app.readers.corrections import NO_CORRECTIONS, Corrections
from app.repositories import imports, territories
from app.repositories.records import add, change, find
from app.services import layouts
from app.services.consent import Origin, record_missing_mandates
from app.services.import_choices import NO_CHOICES, Choices, chosen
from app.services.import_difference import difference_of, no_longer_told
from app.services.import_reading import rows_of
from app.services.import_report import Report, report_of
from app.services.import_rows import ImportRows
from app.services.matches import refresh_matches
from app.services.matching import read_ahead
from geo.geocoding import offline_geocoder

ERROR = "error"


@dataclass(frozen=True, slots=True)
class Imported:
    """A stored import, its report, and what the reader noticed."""

    row: Import
    report: Report
    findings: tuple[Finding, ...]


def read_file(
    content: bytes,
    file_name: str,
    choices: Choices = NO_CHOICES,
    known: Corrections = NO_CORRECTIONS,
) -> ReadResult:
    """Read a file as was chosen for it; sites without a point are placed offline.

    Parameters
    ----------
    known
        The corrections that the territory remembers; those chosen for the file come first.
    """
    corrections = layouts.corrections_of(known, choices.mapping)
    result = read_untrusted(content, file_name, offline_geocoder(), choices.cells, corrections)
    return chosen(result, choices)


def import_table(
    session: VisibleSession,
    territory: Territory,
    content: bytes,
    file_name: str,
    choices: Choices = NO_CHOICES,
) -> Imported:
    """Store the flows of a file: recognised rows are updated, the others created.

    Raises
    ------
    InvalidInputError
        With the row, field and remedy of every error: nothing is stored then.
    """
    result = read_file(content, file_name, choices, layouts.remembered(session, territory.id))
    layouts.check_tables(choices.mapping, result)
    errors = errors_of(result)
    if errors:
        raise InvalidInputError(errors)
    row = enter(session, territory.id, content, file_name)
    report = store_result(session, row.id, result, choices)
    return Imported(row, report, result.findings)


def enter(
    session: VisibleSession, territory_id: str, content: bytes, file_name: str, **columns: Any
) -> Import:
    """Store the record of an import, with a report that tells of nothing yet."""
    digest = hashlib.sha256(content).hexdigest()
    row = Import(
        territory_id=territory_id,
        file_name=file_name,
        digest=digest,
        actor=principal_of(session).name,
        report=report_of(file_name, digest).content,
        **columns,
    )
    return add(session, row)


def store_result(
    session: VisibleSession,
    import_id: str,
    result: ReadResult,
    choices: Choices = NO_CHOICES,
    on_step: Callable[[str], None] = lambda step: None,
    processes: int = 1,
    **columns: Any,
) -> Report:
    """Store what was read of a file under its record, and renew the synergies of the territory.

    Parameters
    ----------
    choices
        What was chosen for the file, already applied to ``result``.
    on_step
        Told what is being done: ``storing``, then ``matching``.
    processes
        How many may match together, see ``matching.sharing``: for a program of its own, never for a server.
    columns
        What to set of the record at the end.
    """
    on_step("storing")
    imported = find(session, Import, import_id)
    territory_id = imported.territory_id
    # Imports of a territory take turns: the second recognises what the first brought.
    territories.lock_territory(session, territory_id)
    # Several processes read them later, together.
    labels_are_read = read_ahead(result.flows if processes < 2 else ())
    rows = _laid(session, territory_id, result)
    gone = no_longer_told(session, rows, territory_id, imported.file_name)
    if choices.end_gone:
        rows.end(gone, date.today())
        gone = []
    rows.store(import_id)
    record_missing_mandates(session, territory_id, Origin.IMPORT)
    withheld = rows.withheld()
    imports.store_rows(session, territory_id, import_id, map(withheld.row, rows_of(result)[0]))
    known = layouts.remembered(session, territory_id)
    layouts.used(session, territory_id, result.tables)
    if choices.remember:
        layouts.remember(session, territory_id, choices.mapping, result.tables)
    on_step("matching")
    labels_are_read()
    refresh_matches(session, territory_id, processes)
    told = difference_of(rows, gone)
    file_name = withheld.text(imported.file_name)
    report = report_of(file_name, imported.digest, result, rows.tally, told, known).without(withheld)
    session.refresh(imported)
    change(session, imported, {"report": report.content, "file_name": file_name, **columns})
    return report


def rehearse(
    session: VisibleSession,
    territory: Territory,
    content: bytes,
    file_name: str,
    choices: Choices = NO_CHOICES,
) -> Report:
    """Return the report of an import without storing anything, errors of the file included."""
    result = read_file(content, file_name, choices, layouts.remembered(session, territory.id))
    layouts.check_tables(choices.mapping, result)
    return rehearsed(session, territory.id, file_name, hashlib.sha256(content).hexdigest(), result)


def rehearsed(
    session: VisibleSession, territory_id: str, file_name: str, digest: str, result: ReadResult
) -> Report:
    """Return the report of an import of what was read, without storing anything."""
    known = layouts.remembered(session, territory_id)
    if errors_of(result):
        return report_of(file_name, digest, result, known=known)
    rows = _laid(session, territory_id, result)
    gone = no_longer_told(session, rows, territory_id, file_name)
    told = difference_of(rows, gone)
    return report_of(file_name, digest, result, rows.tally, told, known).without(rows.withheld())


def _laid(session: VisibleSession, territory_id: str, result: ReadResult) -> ImportRows:
    rows = ImportRows(session, territory_id)
    for site in result.sites:
        rows.write_site(site)
    rows.write(result.flows)
    return rows


def errors_of(result: ReadResult) -> list[FieldError]:
    """Return the findings that keep a file from being stored."""
    return [
        FieldError(finding.field or "", finding.message, finding.row, finding.sheet)
        for finding in result.findings
        if finding.severity == ERROR
    ]
