"""The flow table in Parquet: the contract's columns, typed or as text, read a few row groups at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from app.readers.parquet_cells import Cells
from app.readers.parquet_sites import SITE_COLUMNS, sites_of
from app.readers.parquet_texts import TEXT_COLUMNS, read_text, texts_of
from app.readers.result import Finding, UnreadableFileError
from matching.blocks.digits import significant
from matching.blocks.rows import RANGES, ROW, Rows, active_months
from matching.messages import N_, Message
from matching.model import Flow, Period
from matching.units import PERIODS_PER_YEAR, STEADY_DIGITS, is_level, unit

NUMBERS = ("quantity", "unit_cost_eur", *RANGES)
COLUMNS = frozenset({*SITE_COLUMNS, *TEXT_COLUMNS, *NUMBERS, "months", "reliability"})
REQUIRED = ("site", "label", "direction", "kind")
# Row groups are read together up to this many rows: a few hundred MB of text in memory.
ROWS_AT_ONCE = 250_000


@dataclass(frozen=True, slots=True)
class Part:
    """Row groups of a file that are read together; ``first`` is the number of their first row, from 0."""

    groups: tuple[int, ...]
    first: int
    rows: int


@dataclass(frozen=True, slots=True)
class TablePart:
    """What some row groups hold.

    Attributes
    ----------
    rows
        One record a flow; its text, site and activity are numbers of the tables below.
    texts
        Distinct texts, the columns of ``TEXT_COLUMNS``.
    sites
        Distinct sites: name, siret, place, lon, lat, and how many ``outputs`` stand there.
    """

    rows: Rows
    texts: pa.Table
    sites: pa.Table
    activities: tuple[str, ...]
    findings: tuple[Finding, ...]
    rejected: int


def parts_of(path: str, rows_at_once: int = ROWS_AT_ONCE) -> list[Part]:
    """Return the parts in which a file is read.

    Raises
    ------
    UnreadableFileError
        If it is no Parquet file, or lacks a column that a flow cannot do without.
    """
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        text = N_("This is no Parquet file: {reason}")
        raise UnreadableFileError(Message(text, {"reason": str(error)})) from error
    missing = [name for name in REQUIRED if name not in file.schema_arrow.names]
    if missing:
        text = N_("The table lacks the column “{name}”.")
        raise UnreadableFileError(Message(text, {"name": missing[0]}))
    found: list[Part] = []
    groups: list[int] = []
    first = rows = 0
    for number in range(file.num_row_groups):
        size = file.metadata.row_group(number).num_rows
        if groups and rows + size > rows_at_once:
            found.append(Part(tuple(groups), first, rows))
            groups, first, rows = [], first + rows, 0
        groups.append(number)
        rows += size
    return [*found, Part(tuple(groups), first, rows)] if groups else found


def read_part(path: str, part: Part) -> TablePart:
    """Read some row groups: flows as records, their texts and sites once each, and what is wrong."""
    file = pq.ParquetFile(path)
    names = [name for name in file.schema_arrow.names if name in COLUMNS]
    cells = Cells(file.read_row_groups(list(part.groups), columns=names), part.first)
    rows = np.zeros(len(cells), dtype=ROW)
    rows["row"] = cells.numbers
    quantity = cells.ranges("quantity")
    cells.refuse(quantity[:, 0] < 0, "quantity", N_("Quantity {value} is negative: give zero or more."))
    text, texts = texts_of(cells, ~np.isnan(quantity[:, 0]))
    rows["text"] = text
    flows = [read_text(row) for row in texts.to_pylist()]
    for number, (flow, findings) in enumerate(flows):
        if flow is None:
            cells.refuse_all(np.flatnonzero(text == number), findings)
    _fill(rows, cells, quantity, [flow for flow, _ in flows])
    gives = np.array([flow is not None and flow.is_output for flow, _ in flows], dtype=bool)[text]
    activity, activities = cells.codes("naf")
    rows["activity"] = activity
    rows["site"], sites = sites_of(cells, gives)
    return TablePart(
        rows[~cells.bad],
        texts,
        sites,
        tuple(code.replace(".", "") for code in activities),
        tuple(cells.findings),
        int(cells.bad.sum()),
    )


def _fill(rows: Rows, cells: Cells, quantity: Any, flows: Sequence[Flow | None]) -> None:
    rows["months"] = cells.months()
    rows["reliability"] = cells.reliability(~np.isnan(quantity[:, 0]))
    for name in RANGES:
        ends = cells.ranges(name)
        if name.endswith("_pct"):
            percentage = N_("“{field}” is a percentage: give a number from 0 to 100.")
            cells.refuse((ends[:, 0] < 0) | (ends[:, 1] > 100), name, percentage)
        else:
            cold = N_("A temperature below -273.15 °C is impossible.")
            cells.refuse(ends[:, 0] < -273.15, name, cold)
        rows[f"{name}_low"], rows[f"{name}_high"] = ends[:, 0], ends[:, 1]
    scale, per_month, factor = (column[rows["text"]] for column in _scales(flows))
    months = np.bitwise_count(active_months(rows))
    declared = quantity.mean(axis=1) * scale
    yearly = np.where(per_month > 0, declared * per_month * months / 12, declared)
    rows["value"] = significant(yearly * factor, STEADY_DIGITS)
    rows["cost"] = significant(cells.ranges("unit_cost_eur").mean(axis=1) / factor, STEADY_DIGITS)


def _scales(flows: Sequence[Flow | None]) -> tuple[Any, Any, Any]:
    """Return, text by text, what a cell counts for, active periods a year (0: none) and the unit's factor.

    The texts' own quantities are those of a cell that says 1.
    """
    scale, periods, factor = (np.full(len(flows), np.nan) for _ in range(3))
    for number, flow in enumerate(flows):
        if flow is None or flow.quantity is None:
            continue
        quantity = flow.quantity
        scale[number], factor[number] = quantity.value.middle, unit(quantity.unit).factor
        steady = is_level(quantity.unit, flow.kind) or quantity.period in (Period.YEAR, Period.ONCE)
        periods[number] = 0.0 if steady else PERIODS_PER_YEAR[quantity.period]
        if quantity.period is Period.DAY and not steady and quantity.days_per_week is not None:
            periods[number] = PERIODS_PER_YEAR[Period.WEEK] * quantity.days_per_week
    return scale, periods, factor
