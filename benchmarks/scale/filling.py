"""A territory's columns written as the engine's records, compiled: each record once, in its final place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from benchmarks.scale.territory import Territory
from geo.projections import earth_centred_km
from matching.kernel.placing import turns
from matching.kernel.sharing import in_parts
from matching.kernel.tables import FLOW, GOODS, READING, Records

AT_ONCE = 16_384


def flows_of(rows: Territory) -> tuple[Records, Records]:
    """Return the flows, in the order in which a search reads them, and their readings."""
    position = np.empty((len(rows), 3))
    readings = np.empty(len(rows), dtype=READING)

    def read(first: int, last: int) -> None:
        cut = slice(first, last)
        position[cut] = earth_centred_km(rows.longitude[cut], rows.latitude[cut])
        readings["resource"][cut], readings["certainty"][cut] = rows.resource[cut], rows.certainty[cut]
        readings["log_certainty"][cut] = np.log(rows.certainty[cut])

    in_parts(read, len(rows), AT_ONCE)
    order = turns(position, rows.resource.astype(np.int32), rows.is_output)
    flows, blank = np.empty(len(rows), dtype=FLOW), _blank()

    def fill(first: int, last: int) -> None:
        _fill(
            order[first:last],
            blank,
            position,
            rows.quantity,
            rows.months,
            rows.site,
            rows.quality,
            flows[first:last],
        )

    in_parts(fill, len(rows), AT_ONCE)
    return flows, readings


def _blank() -> Records:
    """Return a flow of which nothing is declared."""
    blank = np.zeros(1, dtype=FLOW)
    for name in FLOW.names or ():
        if name.endswith(("_low", "_high")) or name.startswith("to_"):
            blank[name] = np.nan
    blank["lot"], blank["nature"] = np.nan, GOODS
    return blank


@njit(cache=True, nogil=True)
def _fill(
    order: Any, blank: Any, position: Any, value: Any, months: Any, site: Any, quality: Any, flows: Any
) -> None:
    for n in range(len(order)):
        row = order[n]
        flows[n] = blank[0]
        flow = flows[n]
        flow.x, flow.y, flow.z = position[row, 0], position[row, 1], position[row, 2]
        flow.value, flow.site, flow.has = value[row], site[row], quality[row]
        active, rest = 0, months[row]
        while rest:
            rest &= rest - 1
            active += 1
        flow.months, flow.active_months, flow.rank = months[row], active, row
        flow.reading_start, flow.reading_stop = row, row + 1
