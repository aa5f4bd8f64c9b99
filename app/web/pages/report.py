"""What a territory is sent as: its report for a funder, and its layers for a map program."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import orjson
import shapely
from fastapi import APIRouter, Response
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.exports.geopackage import MEDIA_TYPE
from app.services import features
from app.services.territory_reports import report_pdf
from app.web.visit import VisitOf

router = APIRouter()
BACKGROUND = Path(__file__).parents[1] / "static" / "map" / "background.json"


@router.get("/rapport.pdf")
def report(visit: VisitOf) -> Response:
    """Return the report of the territory."""
    printed = datetime.now(UTC).date()
    content = report_pdf(visit.session, visit.territory, visit.language, printed, land())
    return _file(content, "application/pdf", f"rapport-{printed.isoformat()}.pdf")


@router.get("/territoire.gpkg")
def territory(visit: VisitOf) -> Response:
    """Return the sites, flows and synergies of the territory as a GeoPackage."""
    content = features.territory_geopackage(visit.session, visit.territory.id, visit.language)
    return _file(content, MEDIA_TYPE, "territoire.gpkg")


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"}
    return Response(content, media_type=media_type, headers=headers)


@lru_cache(maxsize=1)
def land() -> BaseGeometry | None:
    """Return the dry land of the map's built-in background; None where it was not built."""
    if not BACKGROUND.is_file():
        return None
    found = orjson.loads(BACKGROUND.read_bytes())["features"]
    parts = [shape(one["geometry"]) for one in found if one["properties"].get("layer") == "land"]
    return shapely.union_all([shapely.make_valid(part) for part in parts])
