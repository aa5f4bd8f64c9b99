"""Imports, and the rows each of them created or changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db.base import now
from app.db.bulk import chunks, delete_rows, insert_rows
from app.db.tables import Company, Contact, Diagnostic, Flow, Import, ImportEntry, Park, Site
from app.db.visibility import VisibleSession
from app.repositories.drafts import Draft, Resource, drafts_of, store_changes, store_new
from app.repositories.records import conflicts

STORED = "stored"
UNDONE = "undone"
RUNNING = "running"
REFUSED = "refused"
FAILED = "failed"
# What keeps a row of each table: other rows that name it.
DEPENDENTS: Mapping[type[Any], tuple[Any, ...]] = {
    Flow: (),
    Site: (Flow.site_id, Contact.site_id, Diagnostic.site_id),
    Park: (Site.park_id,),
    Company: (Site.company_id,),
}
ENTRY = ("position", "resource", "row_id", "created", "before", "after")


def store(
    session: VisibleSession,
    territory_id: str,
    tables: Mapping[str, Resource],
    new: Mapping[str, Sequence[Draft]],
    changed: Mapping[str, Mapping[str, Draft]],
) -> None:
    """Store new and changed rows of each table; rows refer to those of the tables before theirs."""
    started = now()
    with conflicts():
        for name, cls in tables.items():
            for position, draft in enumerate(new[name]):
                # The order of the file is the order of creation, which recognises the n-th as the n-th.
                draft.changes["created_at"] = started + timedelta(microseconds=position)
            store_new(session, cls, territory_id, new[name])
            store_changes(session, cls, territory_id, changed[name].values())


def store_entries(
    session: VisibleSession, territory_id: str, import_id: str, entries: Sequence[Mapping[str, Any]]
) -> None:
    """Store what an import did."""
    owner = {"territory_id": territory_id, "import_id": import_id}
    insert_rows(session, ImportEntry, [{**entry, **owner} for entry in entries])


def entries_of(session: VisibleSession, import_id: str) -> Sequence[Any]:
    """Return what an import did, in the order it was done: rows with the columns of ``ENTRY``."""
    columns = (getattr(ImportEntry, name) for name in ENTRY)
    statement = select(*columns).where(ImportEntry.import_id == import_id)
    return session.execute(statement.order_by(ImportEntry.position)).all()


def later_import_of(session: VisibleSession, imported: Import) -> Import | None:
    """Return an import still stored that touched one of the same rows after ``imported``."""
    mine = aliased(ImportEntry)
    own_rows = select(mine.row_id).where(mine.import_id == imported.id)
    touched = select(ImportEntry.import_id).where(
        ImportEntry.territory_id == imported.territory_id, ImportEntry.row_id.in_(own_rows)
    )
    statement = select(Import).where(
        Import.territory_id == imported.territory_id,
        Import.id != imported.id,
        Import.created_at > imported.created_at,
        Import.status == STORED,
        Import.id.in_(touched),
    )
    return session.scalars(statement).first()


def put_back(session: VisibleSession, territory_id: str, cls: Resource, drafts: Iterable[Draft]) -> None:
    """Store rows as they were before an import."""
    with conflicts():
        store_changes(session, cls, territory_id, drafts)


def present(
    session: VisibleSession, territory_id: str, cls: Resource, ids: Iterable[str]
) -> dict[str, Draft]:
    """Return those of some rows that are still there, by identifier."""
    return {draft.id: draft for draft in drafts_of(session, cls, territory_id, ids)}


def remove_free(session: VisibleSession, territory_id: str, cls: Resource, ids: Iterable[str]) -> None:
    """Delete those of some rows that no other row depends on."""
    with conflicts():
        for chunk in chunks(ids, 5_000):
            kept: set[str | None] = set()
            for column in DEPENDENTS[cls]:
                kept |= set(session.scalars(select(column).where(column.in_(chunk)).distinct()))
            delete_rows(session, cls, territory_id, [row_id for row_id in chunk if row_id not in kept])


def to_plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as JSON keeps them; dates are marked."""
    return {
        name: {"date": value.isoformat()} if isinstance(value, date) else value
        for name, value in columns.items()
    }


def from_plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as they were before ``to_plain``."""
    return {
        name: date.fromisoformat(value["date"]) if isinstance(value, dict) else value
        for name, value in columns.items()
    }
