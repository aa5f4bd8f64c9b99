"""Imports, and the rows each of them created or changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.db.tables import Company, Contact, Diagnostic, Flow, Import, ImportEntry, Park, Site
from app.db.visibility import VisibleSession

STORED = "stored"
UNDONE = "undone"


def entries_of(session: VisibleSession, import_id: str) -> Sequence[ImportEntry]:
    """Return what an import did, in the order it was done."""
    statement = select(ImportEntry).where(ImportEntry.import_id == import_id)
    return session.scalars(statement.order_by(ImportEntry.position)).all()


def later_import_of(session: VisibleSession, imported: Import, row_ids: Iterable[str]) -> Import | None:
    """Return an import still stored that touched one of the rows after ``imported``."""
    wanted = sorted(set(row_ids))
    for start in range(0, len(wanted), 500):
        statement = (
            select(Import)
            .join_from(Import, ImportEntry, ImportEntry.import_id == Import.id)
            .where(
                Import.territory_id == imported.territory_id,
                Import.id != imported.id,
                Import.created_at > imported.created_at,
                Import.status == STORED,
                ImportEntry.row_id.in_(wanted[start : start + 500]),
            )
        )
        later = session.scalars(statement).first()
        if later is not None:
            return later
    return None


def rows_of_sites(session: VisibleSession, territory_id: str) -> list[Site]:
    """Return the site rows of a territory."""
    statement = select(Site).where(Site.territory_id == territory_id).order_by(Site.created_at, Site.id)
    return list(session.scalars(statement))


def rows_of_flows(session: VisibleSession, territory_id: str) -> list[Flow]:
    """Return the flow rows of a territory."""
    statement = select(Flow).where(Flow.territory_id == territory_id).order_by(Flow.created_at, Flow.id)
    return list(session.scalars(statement))


def has_other_rows(session: VisibleSession, row: Company | Park | Site | Flow) -> bool:
    """Tell whether other rows still depend on this one."""
    if isinstance(row, Flow):
        return False
    if isinstance(row, Company):
        found = session.scalars(select(Site.id).where(Site.company_id == row.id).limit(1)).first()
        return found is not None
    if isinstance(row, Park):
        found = session.scalars(select(Site.id).where(Site.park_id == row.id).limit(1)).first()
        return found is not None
    return any(
        session.scalars(select(cls.id).where(cls.site_id == row.id).limit(1)).first() is not None
        for cls in (Flow, Contact, Diagnostic)
    )


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
