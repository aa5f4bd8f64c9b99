"""Flows in the order of their content, as ``columns`` sorts them, from numbers wherever these settle it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.blocks.rows import RANGES, Rows
from matching.columns import FlowColumns
from matching.model import Flow, Period, Quantity, Range
from matching.results import flow_key
from matching.units import is_level

Longs = NDArray[np.int64]


def canonical_order(rows: Rows, site_rank: Longs, head_rank: Longs, texts: FlowColumns) -> Longs:
    """Return the order of ``rows`` by content; the rows of the table settle what no content does.

    Parameters
    ----------
    site_rank, head_rank
        Rank of each row's site, and of the first words of its text.
    """
    order = np.lexsort((rows["row"], head_rank, site_rank))
    site, head = site_rank[order], head_rank[order]
    alike = (site[1:] == site[:-1]) & (head[1:] == head[:-1])
    starts = np.flatnonzero(alike & ~np.r_[False, alike[:-1]])
    stops = np.flatnonzero(alike & ~np.r_[alike[1:], False]) + 2
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        run = order[start:stop]
        keys = [flow_key(_flow(rows[place], texts)) for place in run.tolist()]
        order[start:stop] = run[sorted(range(len(run)), key=keys.__getitem__)]
    return np.asarray(order, dtype=np.int64)


def _flow(row: Rows, texts: FlowColumns) -> Flow:
    """Return a flow with the same key as the row's own, but for its site."""
    text = texts.flows[int(row["text"])]
    months = frozenset(month + 1 for month in range(12) if int(row["months"]) >> month & 1)
    ranges: dict[str, Any] = {name: _range(row, name) for name in RANGES}
    yearly = texts.quantities[int(row["text"])]
    if yearly is None or np.isnan(row["value"]):
        return replace(text, months=months, quantity=None, unit_cost_eur=None, **ranges)
    quantity = Quantity(Range.of(float(row["value"])), yearly.unit, _period(text))
    cost = None if np.isnan(row["cost"]) else Range.of(float(row["cost"]))
    return replace(text, months=months, quantity=quantity, unit_cost_eur=cost, **ranges)


def _period(text: Flow) -> Period:
    """Return the period of a quantity that is already one of a year."""
    once = is_once(text)
    return Period.ONCE if once else Period.YEAR


def is_once(text: Flow) -> bool:
    """Tell whether a text's quantity comes once only."""
    quantity = text.quantity
    return quantity is not None and quantity.period is Period.ONCE and not is_level(quantity.unit, text.kind)


def _range(row: Rows, name: str) -> Range | None:
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    return None if np.isnan(high) else Range(low, high)
