"""Cells of a grid within reach of a place, compiled."""

from __future__ import annotations

from math import cos, pi
from typing import Any

from matching.criteria.distance import EARTH_RADIUS_KM
from matching.kernel.compiling import inlined

# Unplaced flows, the own cell, the rest of its row to the west and to the east; then row by row.
STEPS_OF_OWN_ROW = 4


@inlined
def row_at(step: int, own: int, column: int, around: Any) -> Any:
    """Return the row and the first and last column of a step from the own cell (row ``own``) outwards."""
    west, east = around[2], around[3]
    if step >= STEPS_OF_OWN_ROW:
        out = (step - STEPS_OF_OWN_ROW) // 2 + 1
        return (own + out if step & 1 == 0 else own - out), west, east
    if step == 2:
        return own, west, min(column - 1, east)
    if step == 3:
        return own, max(column + 1, west), east
    return own, column, column


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
