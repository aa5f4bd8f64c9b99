"""A file of flows in, all or nothing, with a report by row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.db.tables import Import, Territory
from app.db.visibility import VisibleSession, principal_of
from app.errors import FieldError, InvalidInputError
from app.exports.document import freeze, localised
from app.readers import Finding, ReadResult, read_untrusted
from app.repositories.records import add, flush
from app.services.import_rows import ImportRows
from app.services.matches import refresh_matches
from geo.geocoding import offline_geocoder

ERROR = "error"
COUNTED = ("companies", "parks", "sites", "flows")


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do; ``content`` is language-neutral."""

    content: dict[str, Any]

    def in_language(self, language: str) -> dict[str, Any]:
        """Return the report with its messages in ``language``."""
        return localised(self.content, language)


@dataclass(frozen=True, slots=True)
class Imported:
    """A stored import, its report, and what the reader noticed."""

    row: Import
    report: Report
    findings: tuple[Finding, ...]


def read_file(content: bytes, file_name: str) -> ReadResult:
    """Read a file; sites without a point are placed offline."""
    return read_untrusted(content, file_name, offline_geocoder())


def import_table(session: VisibleSession, territory: Territory, content: bytes, file_name: str) -> Imported:
    """Store the flows of a file: recognised rows are updated, the others created.

    Raises
    ------
    InvalidInputError
        With the row, field and remedy of every error: nothing is stored then.
    """
    result = read_file(content, file_name)
    errors = errors_of(result)
    if errors:
        raise InvalidInputError(errors)
    imported, report = _store(session, territory, content, file_name, result)
    refresh_matches(session, territory.id)
    return Imported(imported, report, result.findings)


def rehearse(session: VisibleSession, territory: Territory, content: bytes, file_name: str) -> Report:
    """Return the report of an import without storing anything, errors of the file included."""
    result = read_file(content, file_name)
    if errors_of(result):
        return Report(_content(file_name, content, result, {}))
    savepoint = session.begin_nested()
    try:
        return _store(session, territory, content, file_name, result)[1]
    finally:
        savepoint.rollback()


def _store(
    session: VisibleSession, territory: Territory, content: bytes, file_name: str, result: ReadResult
) -> tuple[Import, Report]:
    row = Import(
        territory_id=territory.id,
        file_name=file_name,
        digest=hashlib.sha256(content).hexdigest(),
        actor=principal_of(session).name,
    )
    imported = add(session, row)
    rows = ImportRows(session, imported)
    for site in result.sites:
        rows.write_site(site)
    rows.write(result.flows)
    report = Report(_content(file_name, content, result, rows.tally))
    imported.report = report.content
    flush(session)
    return imported, report


def errors_of(result: ReadResult) -> list[FieldError]:
    """Return the findings that keep a file from being stored."""
    return [
        FieldError(finding.field or "", finding.message, finding.row, finding.sheet)
        for finding in result.findings
        if finding.severity == ERROR
    ]


def _content(file_name: str, content: bytes, result: ReadResult, tally: Mapping[str, int]) -> dict[str, Any]:
    return {
        "file_name": file_name,
        "digest": hashlib.sha256(content).hexdigest(),
        "read": {"sites": len(result.sites), "flows": len(result.flows)},
        "done": {
            f"{resource}_{verb}": tally.get(f"{resource}_{verb}", 0)
            for resource in COUNTED
            for verb in ("created", "updated", "unchanged")
        },
        "findings": _frozen_findings(result.findings),
    }


def _frozen_findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "severity": finding.severity,
            "sheet": finding.sheet,
            "row": finding.row,
            "field": finding.field,
            "message": freeze(finding.message),
        }
        for finding in findings
    ]
