"""Cells of a grid within reach of a place, compiled."""

from __future__ import annotations

from math import cos, pi
from typing import Any

from matching.criteria.distance import EARTH_RADIUS_KM
from matching.kernel.compiling import inlined


@inlined
def window(grid: Any, place: Any, reached: float) -> Any:
    """Return the first and last row and column of cells within ``reached`` km, all near a pole or 180°.

    The arc is a little long, since the inverse sine of what is small is hardly more than it.
    """
    half = reached / (2 * EARTH_RADIUS_KM)
    arc = 2 * half * (1 + half * half) if half < 0.5 else pi
    furthest = abs(place[0]) + arc
    wide = arc / cos(furthest) if furthest < pi / 2 - 0.01 else 2 * pi
    west, east = place[1] - wide, place[1] + wide
    if west < -pi or east > pi:
        west, east = -pi, pi
    return (
        cell_of(place[0] - arc, grid.south, grid.height, grid.rows),
        cell_of(place[0] + arc, grid.south, grid.height, grid.rows),
        cell_of(west, grid.west, grid.width, grid.columns),
        cell_of(east, grid.west, grid.width, grid.columns),
    )


@inlined
def cell_of(angle: float, first: float, size: float, count: int) -> int:
    """Return the number of the cell of an angle, the nearest one for what lies outside."""
    return int(min(max((angle - first) / size, 0.0), count - 1.0))
