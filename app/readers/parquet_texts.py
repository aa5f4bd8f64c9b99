"""The texts of a table's flows: everything but figures, months and place, once for all that share it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pyarrow as pa

from app.readers.flows import FlowReader
from app.readers.grid import Cell
from app.readers.parquet_cells import Cells, Flags, Longs, grouped
from app.readers.record import Context, Findings, Record
from app.readers.result import Finding
from matching.model import Flow, Kind, Site

WORDS = ("direction", "kind", "label", "waste_code", "comment", "resource", "state", "hazardous",
         "legal_status", "destination", "unit", "period", "pressure_bar", "weekdays")  # fmt: skip
# ``naf`` where no resource is declared, ``temperature_c`` of a space: they help to read the words.
HELPS = ("naf", "temperature_c")
QUANTIFIED = "quantity"
TEXT_COLUMNS = (*WORDS, *HELPS, QUANTIFIED)
STRICT = Context(strict=True, decimal_dot=True)


def texts_of(cells: Cells, quantified: Flags) -> tuple[Longs, pa.Table]:
    """Return the number of each row's text, and the distinct texts with the columns ``TEXT_COLUMNS``."""
    read = {name: cells.codes(name) for name in (*WORDS, *HELPS)}
    nothing = {name: values.index("") if "" in values else len(values) for name, (_, values) in read.items()}
    declared = read["resource"][0] != nothing["resource"]
    kinds = np.array([value == Kind.SPACE for value in read["kind"][1]], dtype=bool)
    hidden = {"naf": declared, "temperature_c": ~kinds[read["kind"][0]]}
    columns = []
    for name, (numbers, values) in read.items():
        kept = np.where(hidden[name], nothing[name], numbers) if name in hidden else numbers
        columns.append((kept, len(values) + 1))
    first, text = grouped([*columns, (quantified.astype(np.int64), 2)])
    table = {
        name: pa.array([*values, ""]).take(pa.array(numbers[first]))
        for (name, (_, values)), (numbers, _) in zip(read.items(), columns, strict=True)
    }
    table[QUANTIFIED] = pa.array(np.where(quantified[first], "1", ""))
    return text, pa.table(table)


@lru_cache(maxsize=200_000)
def _read(cells: tuple[tuple[str, str], ...]) -> tuple[Flow | None, tuple[Finding, ...]]:
    values: dict[str, Cell] = {name: text for name, text in cells if text and name not in ("naf", QUANTIFIED)}
    said = dict(cells)
    if said[QUANTIFIED]:
        values["quantity"] = 1.0
    findings = Findings()
    flow = FlowReader(findings).flow(Record(0, values, STRICT), Site("?", activity_code=said.get("naf", "")))
    return flow, tuple(finding for finding in findings.found if finding.severity == "error")


def read_text(cells: Mapping[str, str]) -> tuple[Flow | None, tuple[Finding, ...]]:
    """Return a flow that says what a text says, its quantity that of a cell of 1, or what is wrong."""
    return _read(tuple(cells.items()))
