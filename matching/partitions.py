"""A territory cut into cells of as many outputs each, and what each cell must see around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Half a tenth of a km for the rounding of distances, with some room.
MARGIN_KM = 0.07


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of a territory.

    Attributes
    ----------
    cell
        Number of the cell in which each point lies.
    low_km, high_km
        Corners, earth-centred, of the box around the points of each cell that weigh something, (cells, 3);
        infinite for a cell with an unplaced one, which is near everything.
    """

    cell: Longs
    low_km: Floats
    high_km: Floats

    def __len__(self) -> int:
        return len(self.low_km)


def split(points_km: Floats, weight: Longs, parts: int) -> Cells:
    """Cut points into ``parts`` cells of about the same weight, each time across the longest side.

    Parameters
    ----------
    points_km
        Earth-centred coordinates, (n, 3), NaN where unplaced.
    weight
        How many outputs each point has.
    """
    cell = np.zeros(len(points_km), dtype=np.int64)
    placed = np.flatnonzero(~np.isnan(points_km[:, 0]))
    _cut(points_km, weight, placed, 0, parts, cell)
    boxes = [_box(points_km[(cell == number) & (weight > 0)]) for number in range(parts)]
    return Cells(cell, np.array([low for low, _ in boxes]), np.array([high for _, high in boxes]))


def _cut(points: Floats, weight: Longs, rows: Longs, first: int, parts: int, cell: Longs) -> None:
    """Give ``rows`` the numbers of their cells, from ``first``."""
    cell[rows] = first
    if parts == 1 or len(rows) < 2:
        return
    here = points[rows]
    axis = int(np.argmax(here.max(axis=0) - here.min(axis=0)))
    rows = rows[np.lexsort((rows, here[:, axis]))]
    grown = np.cumsum(weight[rows])
    half = parts // 2
    place = int(np.searchsorted(grown, grown[-1] * half / parts, side="left")) + 1
    place = min(place, len(rows) - 1)
    _cut(points, weight, rows[:place], first, half, cell)
    _cut(points, weight, rows[place:], first + half, parts - half, cell)


def _box(points: Floats) -> tuple[Floats, Floats]:
    if len(points) == 0:
        return np.full(3, np.inf), np.full(3, np.inf)
    if np.isnan(points).any():
        return np.full(3, -np.inf), np.full(3, np.inf)
    return points.min(axis=0), points.max(axis=0)


def seen_from(cells: Cells, number: int, points_km: Floats, reach_km: Floats) -> Flags:
    """Tell which points a cell must see: those within their reach of its box, and all unplaced ones.

    Parameters
    ----------
    reach_km
        Longest straight line, in km, over which each point can matter.
    """
    apart = np.maximum(np.maximum(cells.low_km[number] - points_km, points_km - cells.high_km[number]), 0.0)
    # Written so that an unplaced point, whose distance is not a number, is seen.
    return np.asarray(~((apart**2).sum(axis=1) > reach_km**2))


def straight_km(cut_km: Floats, road_factor: float) -> Floats:
    """Return the longest straight line of a reach in road km: an arc, and so its chord, is no longer."""
    return np.asarray((cut_km + MARGIN_KM) / road_factor)
