"""Flows put in order by resource and cell, compiled: counted first, then each put where its like begin."""

from __future__ import annotations

from math import asin, atan2, isnan, sqrt
from typing import Any

import numpy as np

from matching.kernel.compiling import AHEAD, compiled, inlined, soon_read
from matching.kernel.tables import ALONE, CHOOSY, INTRICATE, MONTH_BITS, Postings
from matching.kernel.window import cell_of

NONE = np.uint64(0)
# Quantities beyond which single precision would lose one over them.
SMALLEST, LARGEST = 1e-20, 1e20


@compiled
def fill_positions(flows: Any, rows: Any, position: Any) -> None:
    """Fill the earth-centred coordinates in km of some rows, shape (n, 3)."""
    for n in range(len(rows)):
        o = flows[rows[n]]
        position[n, 0], position[n, 1], position[n, 2] = o.x, o.y, o.z


@compiled
def fill_angles(position: Any, latitude: Any, longitude: Any) -> None:
    """Fill the latitude and longitude of places, in radians; NaN where unplaced."""
    for n in range(len(position)):
        x, y, z = position[n, 0], position[n, 1], position[n, 2]
        latitude[n], longitude[n] = asin(z / sqrt(x * x + y * y + z * z)), atan2(y, x)


@compiled
def fill_cells(grid: Any, latitude: Any, longitude: Any, cell: Any) -> None:
    """Fill the cell of each place, the one after the last for those unplaced."""
    g = grid[0]
    for n in range(len(cell)):
        cell[n] = g.rows * g.columns
        if not isnan(latitude[n]):
            row = cell_of(latitude[n], g.south, g.height, g.rows)
            cell[n] = row * g.columns + cell_of(longitude[n], g.west, g.width, g.columns)


@compiled
def fill_receivers(flows: Any, receivers: Any, position: Any, span: Any) -> int:
    """Fill ``position`` as above, and ``span`` with where the readings of each begin and end.

    Returns
    -------
    int
        How many readings there are.
    """
    total = 0
    for n in range(len(receivers)):
        i = flows[receivers[n]]
        position[n, 0], position[n, 1], position[n, 2] = i.x, i.y, i.z
        span[n, 0], span[n, 1] = i.reading_start, i.reading_stop
        total += i.reading_stop - i.reading_start
    return total


@compiled
def count_entries(readings: Any, span: Any, cell: Any, resource: Any, start: Any) -> None:
    """Fill ``start`` with where each cell of each resource begins, ``resource`` reading by reading."""
    entry = 0
    for n in range(len(span)):
        soon_read(readings, span[min(n + AHEAD, len(span) - 1), 0])
        for p in range(span[n, 0], span[n, 1]):
            resource[entry] = readings[p].resource
            start[resource[entry], cell[n]] += 1
            entry += 1
    total = 0
    for r in range(start.shape[0]):
        for c in range(start.shape[1]):
            count = start[r, c]
            start[r, c] = total
            total += count


@compiled
def order_entries(span: Any, cell: Any, resource: Any, start: Any, of: Any, by: Any) -> None:
    """Fill, entry by entry in order, which of the receivers it is (``of``) and by which reading (``by``).

    ``start`` is moved on to the ends of the cells and back.
    """
    entry = 0
    for n in range(len(span)):
        for p in range(span[n, 0], span[n, 1]):
            at = start[resource[entry], cell[n]]
            start[resource[entry], cell[n]] = at + 1
            of[at], by[at] = n, p
            entry += 1
    last = 0
    for r in range(start.shape[0]):
        for c in range(start.shape[1] - 1):
            end = start[r, c]
            start[r, c] = last
            last = end
        start[r, start.shape[1] - 1] = last


@inlined
def _marks(i: Any, alone: bool) -> int:
    asks = not (
        isnan(i.temperature_low)
        and isnan(i.temperature_high)
        and isnan(i.concentration_low)
        and isnan(i.moisture_high)
    )
    usual = isnan(i.value) or SMALLEST < i.value < LARGEST
    marks = i.nature
    if alone:
        marks |= ALONE
    if i.refuses | i.conflicts != NONE:
        marks |= CHOOSY
    if asks or not usual or not alone or isnan(i.x) or i.phrase_start < i.phrase_stop:
        marks |= INTRICATE
    return int(marks)


@compiled
def fill_postings(
    flows: Any, readings: Any, receivers: Any, cell: Any, grid: Any, of: Any, by: Any, first: int, p: Postings
) -> None:
    """Fill postings from ``first`` on, one for each of ``of`` and ``by``."""
    g = grid[0]
    for n in range(len(of)):
        soon_read(readings, by[min(n + AHEAD, len(by) - 1)])
        at, row = first + n, receivers[of[n]]
        i, reading, m = flows[row], readings[by[n]], p.met[at]
        m.flow, m.site, m.rank, m.cell = row, i.site, i.rank, cell[of[n]]
        m.log_certainty, m.has = reading.log_certainty, i.has
        m.x, m.y, m.z = i.x - g.x, i.y - g.y, i.z - g.z
        value = i.value if SMALLEST < i.value < LARGEST else np.nan
        m.value, m.inverse, m.share = value, 1 / value, 1 / max(i.active_months, 1)
        m.code = (i.unit << MONTH_BITS) | i.months
        m.marks = _marks(i, i.reading_stop - i.reading_start == 1)
        p.x[at], p.y[at], p.z[at] = i.x, i.y, i.z
        p.log_certainty[at], p.value[at] = reading.log_certainty, i.value
        p.code[at], p.cell[at] = m.code, m.cell


@compiled
def fill_resources(flows: Any, readings: Any, resource: Any) -> None:
    """Fill the resource that each flow is read as first, -1 where it is not read."""
    for n in range(len(flows)):
        o = flows[n]
        resource[n] = readings[o.reading_start].resource if o.reading_start < o.reading_stop else -1


@compiled
def order_flows(resource: Any, gives: Any, cell: Any, start: Any, order: Any) -> None:
    """Fill ``order`` with the flows, outputs first, by resource and cell.

    ``start`` is room, all zero: sides, one more than resources, cells.
    """
    for n in range(len(cell)):
        start[0 if gives[n] else 1, resource[n] + 1, cell[n]] += 1
    total = 0
    for side in range(2):
        for r in range(start.shape[1]):
            for c in range(start.shape[2]):
                count = start[side, r, c]
                start[side, r, c] = total
                total += count
    for n in range(len(cell)):
        side = 0 if gives[n] else 1
        at = start[side, resource[n] + 1, cell[n]]
        start[side, resource[n] + 1, cell[n]] = at + 1
        order[at] = n
