"""Box queries on sites: R*Tree on SQLite, GiST on PostGIS.

On SQLite triggers keep ``site_index`` (an R*Tree, whose keys are numbers) and ``site_box`` (number to site)
in step with ``site.lon`` and ``site.lat``; being plain SQL, they hold for other writers of the file too.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, column, func, select, table
from sqlalchemy.orm import Session

from app.db.geometry import WGS84
from app.db.tables import Site

Box = tuple[float, float, float, float]

_box = table("site_box", column("number"), column("site_id"))
_index = table(
    "site_index", column("number"), column("west"), column("east"), column("south"), column("north")
)


def within_box(session: Session, box: Box) -> ColumnElement[bool]:
    """Return the criterion of the sites inside ``box`` (west, south, east, north, WGS84 degrees)."""
    west, south, east, north = box
    exact = and_(Site.lon.between(west, east), Site.lat.between(south, north))
    if session.get_bind().dialect.name == "postgresql":
        envelope = func.ST_MakeEnvelope(west, south, east, north, WGS84)
        overlaps: ColumnElement[Any] = Site.location.op("&&")(envelope)
        return and_(overlaps, exact)
    near = (
        select(_box.c.site_id)
        .join_from(_box, _index, _index.c.number == _box.c.number)
        .where(_index.c.west <= east, _index.c.east >= west, _index.c.south <= north, _index.c.north >= south)
    )
    return and_(Site.id.in_(near), exact)
