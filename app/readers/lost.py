"""Cells of a row that could not be read, so that somebody is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.readers.grid import ERRORS, Cell
from app.readers.layout import Header
from app.readers.vocabulary import is_unknown, plain
from app.readers.year_columns import calendar

CLOSED = re.compile(r"ferm\w*|arret\w*|vacances|conges|closed|shut ?down|stopped|x|neant|ras")


def broken_cells(row: Sequence[Cell], header: Header) -> Iterator[tuple[str, str]]:
    """Yield the field and the text of cells that only hold a formula's error, a quantity's left aside."""
    if not any(isinstance(cell, str) and cell.startswith("#") for cell in row):
        return
    told: set[str] = set()
    for column_place in (header.shared, *header.variants):
        for place, column in column_place.items():
            cell = row[place] if place < len(row) else None
            if cell in ERRORS and column.field not in {"ignore", "quantity", "month", *told}:
                told.add(column.field)
                yield column.field, str(cell)


def unread_months(row: Sequence[Cell], header: Header) -> Iterator[str]:
    """Yield the cells of a calendar that are neither amounts nor say that the site was closed."""
    if "month" not in header.fields:
        return
    for place in calendar({**header.shared, **header.variants[0]}).values():
        cell = row[place] if place < len(row) else None
        if not isinstance(cell, str) or is_unknown(cell) or cell in ERRORS:
            continue
        if not any(char.isdigit() for char in cell) and CLOSED.fullmatch(plain(cell)) is None:
            yield cell
