"""Imports, and the rows each of them created or changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.db.base import now
from app.db.bulk import chunks, delete_rows, insert_rows
from app.db.tables import Company, Contact, Diagnostic, Flow, Import, ImportEntry, ImportRow, Park, Site
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


def stored_imports(session: VisibleSession, territory_id: str) -> Sequence[Any]:
    """Return the identifiers and names of the imports of a territory still stored, the first one first."""
    statement = select(Import.id, Import.file_name).where(
        Import.territory_id == territory_id, Import.status == STORED
    )
    return session.execute(statement.order_by(Import.created_at, Import.id)).all()


def last_stored(session: VisibleSession, territory_id: str) -> Import | None:
    """Return the last import of a territory that was stored and not undone."""
    wanted = select(Import).where(Import.territory_id == territory_id, Import.status == STORED)
    return session.scalars(wanted.order_by(Import.created_at.desc(), Import.id.desc()).limit(1)).first()


def flows_of(session: VisibleSession, import_id: str) -> Sequence[str]:
    """Return the identifiers of the flows that an import created or changed, in the order of its file."""
    statement = select(ImportEntry.row_id).where(
        ImportEntry.import_id == import_id, ImportEntry.resource == "flow"
    )
    return session.scalars(statement.order_by(ImportEntry.position)).all()


def flows_by_row(
    session: VisibleSession, import_id: str, rows: Iterable[int] | None = None
) -> dict[tuple[str | None, int | None], str]:
    """Return the flows an import wrote that are still there, by the sheet and row they were read at.

    Parameters
    ----------
    rows
        The numbers of the rows wanted; None: all.
    """
    written = select(ImportEntry.row_id).where(
        ImportEntry.import_id == import_id, ImportEntry.resource == "flow"
    )
    statement = select(Flow.id, Flow.sheet, Flow.row).where(Flow.id.in_(written))
    if rows is not None:
        statement = statement.where(Flow.row.in_(sorted(set(rows))))
    return {(row.sheet, row.row): row.id for row in session.execute(statement)}


def store_rows(
    session: VisibleSession, territory_id: str, import_id: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Store the rows of an import as they were read."""
    owner = {"territory_id": territory_id, "import_id": import_id}
    kept = [
        {
            **owner,
            "position": position,
            "sheet": row["sheet"],
            "row": row["row"],
            "certainty": row["group"],
            "content": dict(row),
        }
        for position, row in enumerate(rows)
    ]
    insert_rows(session, ImportRow, kept)


def rows_of(
    session: VisibleSession, import_id: str, group: str, skip: int, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Return rows of an import as they were read, those of one group unless it is empty."""
    statement = select(ImportRow.content).where(ImportRow.import_id == import_id)
    if group:
        statement = statement.where(ImportRow.certainty == group)
    return session.scalars(statement.order_by(ImportRow.position).offset(skip).limit(limit)).all()


def row_counts(session: VisibleSession, import_id: str) -> dict[str, int]:
    """Return how many rows of an import are kept in each group."""
    statement = select(ImportRow.certainty, func.count(ImportRow.id)).where(ImportRow.import_id == import_id)
    return {group: count for group, count in session.execute(statement.group_by(ImportRow.certainty))}


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
    """Return columns as JSON keeps them; dates and moments are marked."""
    return {name: _plain(value) for name, value in columns.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def from_plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns as they were before ``to_plain``."""
    return {name: _rich(value) for name, value in columns.items()}


def _rich(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return datetime.fromisoformat(value["moment"]) if "moment" in value else date.fromisoformat(value["date"])
