"""Receivers by resource and place, in the order in which the search reads them."""

from __future__ import annotations

import numpy as np

from matching.criteria.distance import EARTH_RADIUS_KM
from matching.kernel.building import starts
from matching.kernel.tables import GRID, MONTH_BITS, POSTING, Flags, Floats, Longs, Postings, Records

# Small beside a usual reach, since the best are often near (measured); wider on very large territories.
CELL_KM = 12.0
MOST_CELLS = 4096


def postings_of(
    flows: Records, readings: Records, receivers: Longs, resources: int
) -> tuple[Postings, Records]:
    """Return the receivers by resource and cell, and the grid of the cells."""
    counts = (flows["reading_stop"] - flows["reading_start"])[receivers]
    flow = np.repeat(receivers, counts)
    within = np.arange(len(flow)) - np.repeat(starts(counts.tolist())[:-1], counts)
    entry = flows["reading_start"][flow] + within
    position = np.stack([flows[axis][flow] for axis in "xyz"])
    grid, cell = _cells(*_angles(position))
    width = int(grid[0]["rows"] * grid[0]["columns"]) + 1
    place = readings["resource"][entry].astype(np.int64) * width + cell
    order = np.lexsort((flow, place))
    edges = starts(np.bincount(place, minlength=resources * width).tolist())
    start = np.column_stack([edges[:-1].reshape(resources, width), edges[width::width]])
    return _postings(flows, readings, flow[order], entry[order], start), grid


def _postings(flows: Records, readings: Records, flow: Longs, entry: Longs, start: Longs) -> Postings:
    met = np.zeros(len(flow), dtype=POSTING)
    met["flow"], met["site"] = flow, flows["site"][flow]
    met["log_certainty"] = readings["log_certainty"][entry]
    met["alone"] = (flows["reading_stop"] - flows["reading_start"])[flow] == 1
    x, y, z = (flows[axis][flow].astype(np.float32) for axis in "xyz")
    return Postings(
        start=start,
        x=x,
        y=y,
        z=z,
        log_certainty=met["log_certainty"].astype(np.float32),
        value=flows["value"][flow].astype(np.float32),
        code=(flows["unit"][flow] << MONTH_BITS) | flows["months"][flow],
        met=met,
    )


def in_turn(flows: Records, readings: Records, gives: Flags) -> Longs:
    """Return the order of the flows in which what a search reads together lies together.

    Outputs come first; within each side, neighbours of one resource follow each other.
    """
    first = flows["reading_start"]
    read = first < flows["reading_stop"]
    resource = np.full(len(flows), -1, dtype=np.int64)
    resource[read] = readings["resource"][first[read]]
    _, cell = _cells(*_angles(np.stack([flows[axis] for axis in "xyz"])))
    return np.asarray(np.lexsort((cell, resource, ~gives)), dtype=np.int64)


def _cells(latitude: Floats, longitude: Floats) -> tuple[Records, Longs]:
    """Return the grid that covers the points, and each point's cell, the last one for those unplaced."""
    placed = ~np.isnan(latitude)
    grid = _grid(latitude[placed], longitude[placed])
    rows, columns = int(grid[0]["rows"]), int(grid[0]["columns"])
    with np.errstate(invalid="ignore"):
        row = np.clip((latitude - grid["south"]) / grid["height"], 0, rows - 1)
        column = np.clip((longitude - grid["west"]) / grid["width"], 0, columns - 1)
    inside = np.where(placed, row, 0).astype(np.int64) * columns + np.where(placed, column, 0).astype(
        np.int64
    )
    return grid, np.where(placed, inside, rows * columns)


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


def _ends(angles: Floats) -> tuple[float, float]:
    return (float(angles.min()), float(angles.max())) if len(angles) else (0.0, 0.0)


def _angles(position: Floats) -> tuple[Floats, Floats]:
    """Return latitude and longitude in radians of points of shape (3, n)."""
    norm = np.sqrt((position**2).sum(axis=0))
    return np.arcsin(position[2] / norm), np.arctan2(position[1], position[0])
