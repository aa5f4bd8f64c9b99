"""Columns that hold a year bit by bit: one a month, a quarter or a season."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.readers.amounts import amount_in
from app.readers.calendar import parse_months
from app.readers.grid import ERRORS, Cell, text_of
from app.readers.headers import Column
from app.readers.layout import Header
from matching.errors import InvalidFlowError
from matching.model import ALL_YEAR

MIN_MONTHS = 6  # Columns that tell fewer months are no calendar.
MIN_CALENDAR = 3  # Fewer columns neither.


def add_up_months(
    row: Sequence[Cell], header: Header, variant: dict[int, Column], values: dict[str, Cell]
) -> None:
    """Turn one column a month, a quarter or a season into a year's quantity and the months that have any.

    A total beside them counts before their sum, unless its formula is broken.
    """
    months = calendar({**header.shared, **variant}) if "month" in header.fields else {}
    if not months:
        return
    amounts = {told: _number(row[place]) for told, place in months.items() if place < len(row)}
    active = frozenset[int]().union(*(parse_months(told) for told, value in amounts.items() if value))
    if not active:
        return
    if values.get("quantity") is None or values["quantity"] in ERRORS:
        values["quantity"] = sum(amounts.values())
    values["period"] = "year"
    whole = frozenset[int]().union(*map(parse_months, months)) == ALL_YEAR
    if whole and active < ALL_YEAR:
        values.setdefault("months", ";".join(map(str, sorted(active))))


def calendar(columns: dict[int, Column]) -> dict[str, int]:
    """Return where the amounts of each month, quarter or season stand; empty when they make no calendar."""
    months = {column.title: place for place, column in columns.items() if _is_month(column)}
    told = frozenset[int]().union(*map(parse_months, months)) if months else frozenset[int]()
    return months if len(told) >= MIN_MONTHS and len(months) >= MIN_CALENDAR else {}


def _is_month(column: Column) -> bool:
    """Tell whether a column holds months' amounts; a correction can call any column so."""
    return column.field == "month" and re.fullmatch(r"\d{1,2}(?:-\d{1,2})?", column.title) is not None


def _number(cell: Cell) -> float:
    try:
        amount = amount_in(text_of(cell)) if cell is not None else None
    except InvalidFlowError:
        return 0.0
    return amount.value.middle if amount is not None else 0.0
