"""The report of a territory, from everything that is stored of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from app.db.tables import Synergy
from app.db.tables import Territory as TerritoryRow
from app.db.visibility import VisibleSession
from app.exports.territory_report import Territory, territory_pdf
from app.repositories import features, flows, sites
from app.repositories.features import Wanted
from app.repositories.paging import Slice

CHUNK_ROWS = 500


def report_pdf(
    session: VisibleSession,
    territory: TerritoryRow,
    language: str,
    printed: date,
    land: BaseGeometry | None = None,
) -> bytes:
    """Return the report of a territory as a PDF.

    Parameters
    ----------
    land
        Dry land in WGS84, the ground of the map; None: none is drawn.
    """
    rows = list(_synergies(session, territory.id))
    known = Territory(
        name=territory.name,
        sites=list(sites.of_territory(session, territory.id).values()),
        flows=flows.of_territory(session, territory.id),
        synergies=[_document(row) for row in rows],
        engine=_engine(rows),
    )
    return territory_pdf(known, language, printed, land)


def _synergies(session: VisibleSession, territory_id: str) -> Iterator[Synergy]:
    wanted, cursor = Wanted(equal={"territory_id": territory_id}), None
    while True:
        page = features.page(session, "synergies", wanted, Slice(CHUNK_ROWS, cursor))
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def _document(row: Synergy) -> dict[str, Any]:
    return {**row.document, "id": row.id, "status": row.status, "stale": row.stale}


def _engine(rows: list[Synergy]) -> dict[str, str]:
    """Return what computed the synergies last."""
    if not rows:
        return {}
    last = max(rows, key=lambda row: (row.updated_at, row.id))
    return {"version": last.engine_version, "catalogue_digest": last.catalogue_digest}
