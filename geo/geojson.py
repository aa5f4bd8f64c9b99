"""Points, lines and hulls as GeoJSON geometries (RFC 7946: longitude first, WGS 84)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import MultiPoint
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geo.projections import local_projection

Position = tuple[float, float]
Geometry2D = dict[str, Any]
# RFC 7946, section 11.2: six decimals are about 10 cm.
DECIMALS = 6


def point(lon: float, lat: float) -> Geometry2D:
    """Return the GeoJSON point of WGS 84 degrees."""
    return {"type": "Point", "coordinates": _position((lon, lat))}


def line(positions: Sequence[Position]) -> Geometry2D:
    """Return the line through (lon, lat) positions; a point when they are all the same."""
    if len(set(positions)) < 2:
        return point(*positions[0])
    return {"type": "LineString", "coordinates": [_position(position) for position in positions]}


def closed_line(positions: Sequence[Position]) -> Geometry2D:
    """Return the line through positions and back to the first, as a loop of flows is drawn."""
    return line([*positions, positions[0]])


def hull(positions: Sequence[Position], margin_m: float = 0.0) -> Geometry2D:
    """Return the convex hull of (lon, lat) positions.

    Parameters
    ----------
    margin_m
        How far the hull reaches beyond its points, in metres; 0 gives a line for two points and a point
        for one.
    """
    if not positions:
        raise ValueError("a hull needs at least one position")
    to_metres, to_degrees = local_projection(*positions[0])
    shape: BaseGeometry = _projected(MultiPoint(list(positions)), to_metres).convex_hull
    if margin_m > 0:
        shape = shape.buffer(margin_m, quad_segs=4)
    return _rounded(mapping(shapely.set_precision(_projected(shape, to_degrees), 10**-DECIMALS)))


def area_m2(positions: Sequence[Position]) -> float:
    """Return the area in m² of the convex hull of (lon, lat) positions."""
    to_metres, _ = local_projection(*positions[0])
    return float(_projected(MultiPoint(list(positions)), to_metres).convex_hull.area)


def _projected(shape: BaseGeometry, transformer: Transformer) -> BaseGeometry:
    def move(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    moved: BaseGeometry = shapely.transform(shape, move)
    return moved


def _position(position: Position) -> list[float]:
    return [round(position[0], DECIMALS), round(position[1], DECIMALS)]


def _rounded(geometry: Any) -> Geometry2D:
    def walk(coordinates: Any) -> Any:
        if coordinates and isinstance(coordinates[0], int | float):
            return [round(value, DECIMALS) for value in coordinates]
        return [walk(inner) for inner in coordinates]

    return {"type": geometry["type"], "coordinates": walk(geometry["coordinates"])}
