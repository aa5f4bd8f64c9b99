"""Undo an import exactly: its new rows go, the columns it changed get back what they held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.db.tables import Company, Flow, Import, ImportEntry, Park, Site
from app.db.visibility import VisibleSession
from app.errors import ConflictError
from app.repositories import imports
from app.repositories.records import change, find, find_or_none, remove
from app.services.matches import refresh_matches
from matching.messages import N_, Message

RESOURCES: dict[str, type[Company] | type[Park] | type[Site] | type[Flow]] = {
    "company": Company,
    "park": Park,
    "site": Site,
    "flow": Flow,
}


def undo_import(session: VisibleSession, import_id: str) -> Import:
    """Undo an import; the record of it stays, marked undone.

    What people corrected since keeps their correction, and a site, company or park that has other rows by now
    stays for them.

    Raises
    ------
    ConflictError
        If it is undone already, or a later import built on the same rows: that one must be undone first.
    """
    imported = find(session, Import, import_id)
    entries = imports.entries_of(session, import_id)
    _check(session, imported, entries)
    for entry in reversed(entries):
        row = find_or_none(session, RESOURCES[entry.resource], entry.row_id)
        if row is None:
            continue
        if not entry.created:
            change(session, row, _restored(row, entry))
        elif not imports.has_other_rows(session, row):
            remove(session, row)
    change(session, imported, {"status": imports.UNDONE})
    refresh_matches(session, imported.territory_id)
    return imported


def _check(session: VisibleSession, imported: Import, entries: Sequence[ImportEntry]) -> None:
    if imported.status == imports.UNDONE:
        raise ConflictError(Message(N_("This import is undone already.")))
    later = imports.later_import_of(session, imported, {entry.row_id for entry in entries})
    if later is not None:
        text = N_("A later import, “{file}”, changed the same rows: undo it first.")
        raise ConflictError(Message(text, {"file": later.file_name}))


def _restored(row: object, entry: ImportEntry) -> dict[str, Any]:
    """Return the columns that still hold what the import set, with what they held before."""
    return {
        name: before
        for name, before in imports.from_plain(entry.before).items()
        if getattr(row, name) == imports.from_plain(entry.after)[name]
    }
