"""Receivers by resource and place, in the order in which the search reads them."""

from __future__ import annotations

import numpy as np

from matching.criteria.distance import EARTH_RADIUS_KM
from matching.kernel.cells import (
    count_entries,
    fill_angles,
    fill_cells,
    fill_positions,
    fill_postings,
    fill_receivers,
    fill_resources,
    order_entries,
    order_flows,
)
from matching.kernel.sharing import in_parts
from matching.kernel.tables import GRID, POSTING, Flags, Floats, Ints, Longs, Postings, Records

# Small beside a usual reach, since the best are often near (measured); wider on very large territories.
CELL_KM = 12.0
MOST_CELLS = 4096
# Rows that a thread works on at a time.
AT_ONCE = 16_384
# A smaller share of the rows is put in order by itself (own estimate).
SCATTERED = 0.05


def postings_of(
    flows: Records, readings: Records, receivers: Longs, resources: int
) -> tuple[Postings, Records]:
    """Return the receivers by resource and cell, and the grid of the cells."""
    position, span = np.empty((len(receivers), 3)), np.empty((len(receivers), 2), dtype=np.int64)
    total = fill_receivers(flows, receivers, position, span)
    grid, cell = _cells(position)
    _find_middle(position, grid)
    start = np.zeros((resources, int(grid[0]["rows"] * grid[0]["columns"]) + 2), dtype=np.int32)
    resource, of = np.empty(total, dtype=np.int32), np.empty(total, dtype=np.int32)
    by = np.empty(total, dtype=np.int64)
    count_entries(readings, span, cell, resource, start)
    order_entries(span, cell, resource, start, of, by)
    x, y, z, log_certainty, value = (np.empty(total, dtype=np.float32) for _ in range(5))
    code, cells, met = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total, POSTING)
    postings = Postings(start, x, y, z, log_certainty, value, code, cells, met)

    def part(first: int, last: int) -> None:
        some, read = of[first:last], by[first:last]
        fill_postings(flows, readings, receivers, cell, grid, some, read, first, postings)

    in_parts(part, total, AT_ONCE)
    return postings, grid


def in_turn(flows: Records, readings: Records, gives: Flags) -> Longs:
    """Return the order of the flows in which what a search reads together lies together.

    Outputs come first; within each side, neighbours of one resource follow each other.
    """
    resource, position = np.empty(len(flows), dtype=np.int32), np.empty((len(flows), 3))
    fill_resources(flows, readings, resource)
    fill_positions(flows, np.arange(len(flows)), position)
    return turns(position, resource, gives)


def turns(position_km: Floats, resource: Ints, gives: Flags) -> Longs:
    """Return the order of flows by side, resource (-1 where none) and place; see ``in_turn``.

    Parameters
    ----------
    position_km
        Earth-centred coordinates, shape (n, 3), NaN where unplaced.
    """
    grid, cell = _cells(position_km)
    shape = (2, int(resource.max(initial=-1)) + 2, int(grid[0]["rows"] * grid[0]["columns"]) + 1)
    order = np.empty(len(resource), dtype=np.int64)
    order_flows(resource, gives, cell, np.zeros(shape, dtype=np.int32), order)
    return order


def in_row_order(asked: Longs, count: int) -> tuple[Longs, Longs]:
    """Return some of ``count`` rows in order, each once, and where each of ``asked`` is among them."""
    if (asked[1:] > asked[:-1]).all():
        return asked, np.arange(len(asked))
    if len(asked) < SCATTERED * count:
        rows, where = np.unique(asked, return_inverse=True)
        return rows, where
    found = np.zeros(count, dtype=np.bool_)
    found[asked] = True
    return np.flatnonzero(found), np.cumsum(found)[asked] - 1


def _cells(position: Floats) -> tuple[Records, Ints]:
    """Return the grid that covers some places, and the cell of each."""
    latitude, longitude = np.empty(len(position)), np.empty(len(position))
    cell = np.empty(len(position), dtype=np.int32)

    def angles(first: int, last: int) -> None:
        fill_angles(position[first:last], latitude[first:last], longitude[first:last])

    in_parts(angles, len(position), AT_ONCE)
    grid = _grid(latitude, longitude)

    def cells(first: int, last: int) -> None:
        fill_cells(grid, latitude[first:last], longitude[first:last], cell[first:last])

    in_parts(cells, len(position), AT_ONCE)
    return grid, cell


def _find_middle(position: Floats, grid: Records) -> None:
    """Write the middle of some places into the grid, and how far from it they lie at most."""
    ends = np.array([_ends(position[:, axis]) for axis in range(3)])
    grid["x"], grid["y"], grid["z"] = ends.mean(axis=1)
    grid["radius_km"] = np.sqrt(((ends[:, 1] - ends[:, 0]) ** 2).sum()) / 2


def _grid(latitude: Floats, longitude: Floats) -> Records:
    grid = np.zeros(1, dtype=GRID)
    south, north = _ends(latitude)
    west, east = _ends(longitude)
    size = CELL_KM / EARTH_RADIUS_KM
    squeeze = max(np.cos((south + north) / 2), 0.05)
    tall, wide = (north - south) / size, (east - west) * squeeze / size
    size *= max(1.0, np.sqrt((tall + 1) * (wide + 1) / MOST_CELLS))
    grid["south"], grid["west"], grid["height"], grid["width"] = south, west, size, size / squeeze
    grid["rows"] = max(1, int((north - south) / size) + 1)
    grid["columns"] = max(1, int((east - west) * squeeze / size) + 1)
    return grid


def _ends(values: Floats) -> tuple[float, float]:
    """Return the least and the most of what is a number."""
    least, most = np.fmin.reduce(values, initial=np.inf), np.fmax.reduce(values, initial=-np.inf)
    return (float(least), float(most)) if least <= most else (0.0, 0.0)
