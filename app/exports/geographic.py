"""Synergies on a map: a line for a substitution or a loop, a hull for a pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from app.exports.places import Places
from app.exports.streaming import json_document
from matching.model import Flow


def geometry_of(synergy: Mapping[str, Any], places: Places) -> BaseGeometry | None:
    """Return the WGS84 geometry of a synergy document, or None when no member is placed."""
    points = places.points_of(synergy)
    if not points:
        return None
    if synergy["kind"] == "mutualisation":
        hull = MultiPoint(points).convex_hull
        return orient(hull) if isinstance(hull, Polygon) else hull
    if synergy["kind"] == "loop":
        points = [*points, points[0]]
    return LineString(points) if len(points) > 1 else Point(points[0])


def to_geojson(
    synergies: Sequence[Mapping[str, Any]], flows: Sequence[Flow], language: str
) -> Iterator[bytes]:
    """Yield a GeoJSON feature collection (RFC 7946), the documents' fields as properties."""
    places = Places(flows)
    head = {"type": "FeatureCollection"}
    return json_document(head, "features", synergies, lambda synergy: _feature(synergy, places))


def _feature(synergy: Mapping[str, Any], places: Places) -> dict[str, Any]:
    geometry = geometry_of(synergy, places)
    return {
        "type": "Feature",
        "id": synergy["id"],
        "geometry": None if geometry is None else mapping(geometry),
        "properties": dict(synergy),
    }
