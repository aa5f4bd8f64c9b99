"""What the browser draws, compact: columns fetched once, then for each list which numbers it shows."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from fastapi import Request, Response
from shapely.geometry import mapping

from app.db.tables import Synergy
from app.repositories.atlas import FlowRow, ParkRow, SiteRow
from app.static_files import LEAST_BYTES, accepts, gzipped
from app.web import wording
from app.web.atlas import Atlas
from app.web.drawing import commune_features
from app.web.map_asked import MapAsked
from matching.model import Site

FLOW_KINDS = tuple(wording.FLOW_KINDS)
# About a metre.
DIGITS = 5
# Fast rather than smallest: it is made again with each change.
LEVEL = 5
Columns = dict[str, Any]


def points(atlas: Atlas) -> Columns:
    """Return sites, parks and the names of communes; a place that is not known is null."""
    places = {row.id: Site(name=row.name, lon=row.lon, lat=row.lat) for row in atlas.sites}
    return {
        "digest": atlas.digest,
        "sites": {
            "name": [row.name for row in atlas.sites],
            "lon": [_rounded(row.lon) for row in atlas.sites],
            "lat": [_rounded(row.lat) for row in atlas.sites],
            "worth": [round(worth) for worth in atlas.worth],
        },
        "parks": [_park(atlas, park) for park in atlas.parks],
        "communes": commune_features(places),
    }


def glyphs(atlas: Atlas) -> Columns:
    """Return the flows by site: kind as its place in ``wording.FLOW_KINDS``, 1 for an input."""
    return {
        "digest": atlas.digest,
        "site": list(atlas.site_of),
        "kind": [FLOW_KINDS.index(row.kind) for row in atlas.flows],
        "input": [int(row.direction == "input") for row in atlas.flows],
        "label": [row.label for row in atlas.flows],
    }


def lines(atlas: Atlas, numbers: Sequence[int], names: Mapping[str, str]) -> list[list[Any]]:
    """Return synergies to draw: identifier, kind, numbers of the members' sites, what it says."""
    found = []
    for number in numbers:
        row = atlas.synergies[number]
        sites = [atlas.site_of[flow] for flow in atlas.members[number]]
        found.append([row.id, row.kind, sites, names.get(row.id, "")])
    return found


def bits(numbers: Iterable[int], count: int) -> str:
    """Return which of ``count`` numbers are there: one bit each, the lowest first, in base64."""
    held = bytearray((count + 7) // 8)
    for number in numbers:
        held[number >> 3] |= 1 << (number & 7)
    return base64.b64encode(held).decode()


def ends_of(atlas: Atlas, numbers: Iterable[int]) -> frozenset[int]:
    """Return the sites at the ends of some synergies."""
    return frozenset(atlas.site_of[flow] for number in numbers for flow in atlas.members[number])


def resolved(asked: MapAsked, atlas: Atlas) -> MapAsked:
    """Return what is asked with identifiers for what the map names by number: ``~digest.number``.

    Sites and flows go to the browser without their identifiers, which no compression makes smaller. A number
    of a map that has changed since selects nothing.
    """
    rows: dict[str, Sequence[SiteRow | FlowRow]] = {"site": atlas.sites, "flow": atlas.flows}
    found = {name: _identifier(getattr(asked, name), atlas.digest, rows[name]) for name in rows}
    return replace(asked, **found)


def _identifier(text: str, digest: str, rows: Sequence[SiteRow | FlowRow]) -> str:
    if not text.startswith("~"):
        return text
    map_read, _, number = text[1:].partition(".")
    known = map_read == digest and number.isdecimal() and int(number) < len(rows)
    return rows[int(number)].id if known else ""


def in_order(rows: Collection[Synergy], atlas: Atlas, numbers: Sequence[int]) -> list[Synergy]:
    """Return stored synergies in the order of their numbers."""
    by_id = {row.id: row for row in rows}
    return [by_id[row_id] for number in numbers if (row_id := atlas.synergies[number].id) in by_id]


def answer(request: Request, columns: Columns, digest: str) -> Response:
    """Return columns as compressed JSON, or that the browser has them already."""
    tag = f'"{digest}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Accept-Encoding, Cookie"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    content = orjson.dumps(columns)
    if len(content) >= LEAST_BYTES and accepts(request.headers, "gzip"):
        content, headers["Content-Encoding"] = gzipped(content, LEVEL), "gzip"
    return Response(content, media_type="application/json", headers=headers)


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DIGITS)


def _park(atlas: Atlas, park: ParkRow) -> Columns:
    """Return a park with its outline, and its name in the middle of the outline or of its sites."""
    inside = [(row.lon, row.lat) for row in atlas.sites if row.park_id == park.id and row.lon is not None]
    shape = park.outline if park.outline is not None and not park.outline.is_empty else None
    found: Columns = {"id": park.id, "name": park.name, "outline": None, "at": None}
    if shape is not None and shape.geom_type in ("Polygon", "MultiPolygon"):
        found["outline"] = mapping(shape)
    if shape is not None:
        middle = shape.representative_point()
        found["at"] = [_rounded(middle.x), _rounded(middle.y)]
    elif inside:
        lons, lats = (
            [lon for lon, _ in inside if lon is not None],
            [lat for _, lat in inside if lat is not None],
        )
        found["at"] = [_rounded(sum(lons) / len(lons)), _rounded(sum(lats) / len(lats))]
    return found
