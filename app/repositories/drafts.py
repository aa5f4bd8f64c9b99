"""Rows read once, changed in memory and written together, through the one door for many rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.db.base import Base
from app.db.bulk import insert_rows, update_rows
from app.db.tables import Company, Flow, Park, Site
from app.db.tables.places import point_of
from app.db.visibility import VisibleSession

Resource = type[Company] | type[Park] | type[Site] | type[Flow]
# What the database keeps of a row for itself.
OWN = frozenset({"created_at", "updated_at", "version", "territory_id", "location", "outline"})


class Draft:
    """A row as it is stored, or a new one, with what was set since."""

    __slots__ = ("_stored", "changes", "id", "is_new")

    def __init__(self, row_id: str, stored: Any, *, is_new: bool = False) -> None:
        self.id = row_id
        self._stored = stored
        self.changes: dict[str, Any] = {}
        self.is_new = is_new

    def value(self, name: str) -> Any:
        """Return a column as it stands now."""
        if name in self.changes:
            return self.changes[name]
        return self._stored[name] if self.is_new else getattr(self._stored, name)

    def columns(self) -> dict[str, Any]:
        """Return the columns of a new row."""
        return {**self._stored, **self.changes}


def drafts_of(
    session: VisibleSession, cls: Resource, territory_id: str, ids: Iterable[str] | None = None
) -> list[Draft]:
    """Return the rows of a territory in the order they came, or those of some identifiers."""
    names = [column.name for column in cls.__table__.columns if column.name not in OWN]
    statement = select(*(getattr(cls, name) for name in names)).where(cls.territory_id == territory_id)
    if ids is None:
        rows = session.execute(statement.order_by(cls.created_at, cls.id))
        return [Draft(row.id, row) for row in rows]
    wanted, found = sorted(set(ids)), []
    for start in range(0, len(wanted), 5_000):
        chunk = wanted[start : start + 5_000]
        found += [Draft(row.id, row) for row in session.execute(statement.where(cls.id.in_(chunk)))]
    return found


def store_new(session: VisibleSession, cls: Resource, territory_id: str, drafts: Iterable[Draft]) -> None:
    """Store new rows."""
    owner = {"territory_id": territory_id}
    rows = [owner | {"id": draft.id} | draft.columns() for draft in drafts]
    if cls is Site:
        rows = [row | {"location": point_of(row["lon"], row["lat"])} for row in rows]
    insert_rows(session, cls, rows)


def store_changes(session: VisibleSession, cls: Resource, territory_id: str, drafts: Iterable[Draft]) -> None:
    """Store what was set of rows that exist."""
    rows = [{"id": draft.id} | draft.changes | _place(cls, draft) for draft in drafts if draft.changes]
    update_rows(session, cls, territory_id, rows)


def _place(cls: type[Base], draft: Draft) -> dict[str, Any]:
    """Return the geometry that follows a site's longitude and latitude."""
    if cls is not Site or not draft.changes.keys() & {"lon", "lat"}:
        return {}
    return {"location": point_of(draft.value("lon"), draft.value("lat"))}
