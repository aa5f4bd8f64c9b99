"""One flow as one record: numbers, and the numbers of its text, its site and its activity."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import FlowColumns
from matching.stated import settled

Rows = NDArray[Any]
ALL_MONTHS = 0xFFF
RANGES = ("temperature_c", "concentration_pct", "moisture_pct")

# ``value`` is in the canonical unit, a year or once; ``cost`` in EUR per canonical unit; both NaN where
# unknown, as are the ends of ranges. ``months`` is a mask, 0 where nothing is said. ``row`` is the row of
# the table as a spreadsheet counts.
ROW = np.dtype(
    [
        ("row", np.int64),
        *((name, np.float64) for name in ("value", "cost")),
        *((f"{name}_{end}", np.float64) for name in RANGES for end in ("low", "high")),
        *((name, np.int32) for name in ("text", "site", "activity")),
        ("months", np.uint16),
        ("reliability", np.uint8),
    ]
)


def active_months(rows: Rows) -> NDArray[np.uint16]:
    """Return the mask of the months in which each flow runs, by which its year's quantity is counted."""
    return np.where(rows["months"] == 0, np.uint16(ALL_MONTHS), rows["months"]).astype(np.uint16)


def matched_months(rows: Rows, texts: FlowColumns) -> NDArray[np.uint16]:
    """Return the mask of the months in which each flow can meet another: those declared, else those said."""
    said = texts.months[rows["text"]]
    return np.where((rows["months"] == 0) & (said != 0), said, active_months(rows)).astype(np.uint16)


def range_columns(rows: Rows, name: str, texts: FlowColumns, gives: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the (n, 2) ends of a range, as ``stated.ranges`` does.

    Parameters
    ----------
    gives
        Which rows are outputs.
    """
    declared = np.column_stack([rows[f"{name}_low"], rows[f"{name}_high"]])
    return settled(declared, getattr(texts, name)[rows["text"]], gives, name)
