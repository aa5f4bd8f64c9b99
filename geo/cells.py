"""Fixed cells of the earth, to tell roughly where something is and nothing finer."""

from __future__ import annotations

import math

from geo.distance import EARTH_RADIUS_KM, great_circle_km

# Length of a degree of latitude on a sphere: 2πR/360.
KM_PER_DEGREE = 2 * math.pi * EARTH_RADIUS_KM / 360

Cell = tuple[int, int]


def cell_of(lon: float, lat: float, size_km: float) -> Cell:
    """Return the cell of a point, column and row.

    Rows are bands of latitude as high as ``size_km``, cut from the Greenwich meridian into cells about as
    wide. Cells never move: two points of one cell are told apart by nothing that is derived from it.

    Parameters
    ----------
    lon, lat
        WGS 84 degrees, latitude within (-90, 90).
    size_km
        Side of a cell, positive.
    """
    step = size_km / KM_PER_DEGREE
    row = math.floor(lat / step)
    return math.floor(lon / _width(row, step)), row


def _width(row: int, step: float) -> float:
    """Return the width in degrees of the cells of a row, taken at its middle."""
    middle = min(abs((row + 0.5) * step), 89.0)
    return step / math.cos(math.radians(middle))


def centre_of(cell: Cell, size_km: float) -> tuple[float, float]:
    """Return the middle of a cell, WGS 84 degrees of longitude and latitude."""
    step = size_km / KM_PER_DEGREE
    column, row = cell
    return (column + 0.5) * _width(row, step), (row + 0.5) * step


def between_cells_km(one: Cell, other: Cell, size_km: float) -> float:
    """Return the distance in a straight line between the middles of two cells, in km."""
    (lon, lat), (to_lon, to_lat) = centre_of(one, size_km), centre_of(other, size_km)
    return float(great_circle_km(lon, lat, to_lon, to_lat))
