"""Undo an import exactly: its new rows go, the columns it changed get back what they held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.db.tables import Import
from app.db.visibility import VisibleSession
from app.errors import ConflictError
from app.repositories import confirmations, imports
from app.repositories.drafts import Draft
from app.repositories.records import change, find
from app.services.import_rows import TABLES
from app.services.matches import refresh_matches
from app.services.withholding import as_whole_territory, withheld_of
from matching.messages import N_, Message

NOT_STORED: Mapping[str, str] = {
    imports.UNDONE: N_("This import is undone already."),
    imports.RUNNING: N_("This import is still running: wait until it is done."),
    imports.REFUSED: N_("This import stored nothing: there is nothing to undo."),
    imports.FAILED: N_("This import stored nothing: there is nothing to undo."),
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
    _check(session, imported)
    territory_id = imported.territory_id
    take_back(session, territory_id, imports.entries_of(session, import_id))
    change(session, imported, {"status": imports.UNDONE})
    refresh_matches(session, territory_id)
    return imported


def take_back(session: VisibleSession, territory_id: str, entries: Sequence[Any]) -> None:
    """Put back what entries of an import changed and remove what they created."""
    # What a company without mandate has is not the staff's to take away.
    hidden = withheld_of(session, territory_id).ids
    entries = [entry for entry in entries if entry.row_id not in hidden]
    # Last things first: flows before the sites they stand at, sites before their parks and companies.
    for resource in reversed(list(TABLES)):
        own = [entry for entry in entries if entry.resource == resource]
        _put_back(session, territory_id, resource, own)
    confirmations.take_back(session, territory_id, entries)
    for resource in reversed(list(TABLES)):
        created = [entry.row_id for entry in entries if entry.resource == resource and entry.created]
        # A place that a company without mandate is at is not free.
        with as_whole_territory(session, territory_id):
            imports.remove_free(session, territory_id, TABLES[resource], created)


def _check(session: VisibleSession, imported: Import) -> None:
    if imported.status in NOT_STORED:
        raise ConflictError(Message(NOT_STORED[imported.status]))
    later = imports.later_import_of(session, imported)
    if later is not None:
        text = N_("A later import, “{file}”, changed the same rows: undo it first.")
        raise ConflictError(Message(text, {"file": later.file_name}))


def _put_back(session: VisibleSession, territory_id: str, resource: str, entries: Sequence[Any]) -> None:
    changes = [entry for entry in reversed(entries) if not entry.created]
    cls = TABLES[resource]
    rows = imports.present(session, territory_id, cls, {entry.row_id for entry in changes})
    for entry in changes:
        if entry.row_id in rows:
            _restore(rows[entry.row_id], entry)
    imports.put_back(session, territory_id, cls, rows.values())


def _restore(row: Draft, entry: Any) -> None:
    """Set the columns that still hold what the import set to what they held before."""
    after = imports.from_plain(entry.after)
    for name, before in imports.from_plain(entry.before).items():
        if row.value(name) == after[name]:
            row.changes[name] = before
