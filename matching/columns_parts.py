"""Columns of some of the flows, and of the flows of two: what is worked out for a flow is kept with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from matching.columns import FlowColumns
from matching.model import Flow

NAMES = tuple(field.name for field in fields(FlowColumns) if field.name != "unread")


def of_rows(columns: FlowColumns, rows: Sequence[int]) -> FlowColumns:
    """Return the columns of some rows, in the order they are given."""
    chosen = np.array(rows, dtype=np.int64)

    def part(values: Any) -> Any:
        return values[chosen] if isinstance(values, np.ndarray) else tuple(values[row] for row in rows)

    unread = {place: columns.unread[row] for place, row in enumerate(rows) if row in columns.unread}
    return FlowColumns(**{name: part(getattr(columns, name)) for name in NAMES}, unread=unread)


def end_to_end(first: FlowColumns, second: FlowColumns) -> FlowColumns:
    """Return the columns of both, one after the other; sites are to be numbered anew (``with_sites``)."""

    def both(name: str) -> Any:
        one, other = getattr(first, name), getattr(second, name)
        return np.concatenate([one, other]) if isinstance(one, np.ndarray) else (*one, *other)

    unread = {**first.unread, **{len(first) + row: said for row, said in second.unread.items()}}
    return FlowColumns(**{name: both(name) for name in NAMES}, unread=unread)


def with_sites(columns: FlowColumns, key: Callable[[Flow], Hashable]) -> FlowColumns:
    """Return the columns with sites numbered in the order of the rows."""
    numbers: dict[Hashable, int] = {}
    site = [numbers.setdefault(key(flow), len(numbers)) for flow in columns.flows]
    return replace(columns, site=np.array(site, dtype=np.int64))
