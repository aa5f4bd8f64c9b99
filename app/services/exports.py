"""Synergies as lists and files: narrowed, sorted, in the format asked."""

from __future__ import annotations

import math
from dataclasses import replace
from enum import StrEnum

from app.db.spatial import Box
from app.db.tables import Synergy
from app.db.visibility import VisibleSession
from app.exports import geopackage, render
from app.repositories import sites, synergies
from app.repositories.paging import Slice
from app.repositories.synergy_criteria import Criteria
from app.services.features import synergies_geopackage
from app.services.synergies import document_of, flows_of
from geo.distance import great_circle_km

# Files hold everything that fulfils the criteria; beyond this a list no longer helps anybody.
LARGEST_FILE = 10_000
# One degree of latitude, in km: the mean of the meridian (IUGG mean radius 6371.0088 km x pi / 180).
KM_PER_DEGREE = 111.195


class Format(StrEnum):
    """The formats of a list of synergies."""

    JSON = "json"
    GEOJSON = "geojson"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    GPKG = "gpkg"


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.GEOJSON: "application/geo+json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
    Format.GPKG: geopackage.MEDIA_TYPE,
}


def export_synergies(
    session: VisibleSession,
    criteria: Criteria,
    form: Format,
    language: str,
    sort: str = "-score",
    limit: int = LARGEST_FILE,
) -> bytes:
    """Return the synergies that fulfil the criteria as a file."""
    rows = synergies.listed(session, criteria, Slice(limit), sort).items
    return rendered(session, list(rows), form, language)


def rendered(session: VisibleSession, rows: list[Synergy], form: Format, language: str) -> bytes:
    """Return stored synergies as a file, in ``language``."""
    if form is Format.GPKG:
        return synergies_geopackage(session, rows, language)
    documents = [document_of(row, language) for row in rows]
    return render(form.value, documents, flows_of(session, rows), language)


def around(session: VisibleSession, criteria: Criteria, lon: float, lat: float, within_km: float) -> Criteria:
    """Return the criteria narrowed to sites within ``within_km`` (great circle) of a point."""
    found = sites.points_in(session, box_around(lon, lat, within_km), criteria.territory_id)
    near = {site_id for site_id, x, y in found if great_circle_km(lon, lat, x, y) <= within_km}
    return replace(criteria, site_ids=frozenset(near))


def box_around(lon: float, lat: float, within_km: float) -> Box:
    """Return a box that holds every point within ``within_km`` of a place outside the polar caps."""
    tall = within_km / KM_PER_DEGREE
    # Meridians draw together towards the poles: the box is as wide as its narrowest parallel needs.
    parallel = min(abs(lat) + tall, 89.0)
    wide = tall / math.cos(math.radians(parallel))
    return lon - wide, lat - tall, lon + wide, lat + tall
