"""The cells of a sheet and its marks to a grid, whatever kind of workbook they come from."""

from __future__ import annotations

from collections.abc import Sequence

from app.readers.grid import Cell, Grid
from app.readers.guard import MAX_COLUMNS
from app.readers.headers import is_contract_header
from app.readers.sheet_marks import SheetMarks


def grid_of(name: str, rows: list[list[Cell]], marks: SheetMarks) -> Grid:
    """Return the grid of a sheet: cells merged downwards repeated, those of hidden columns left out."""
    while rows and not rows[-1]:
        rows.pop()
    spans = _fill_merged(rows, marks)
    header: Sequence[Cell] = next((row for row in rows if row), [])
    contract = is_contract_header(header)
    hidden = frozenset() if contract else _without_hidden(rows, marks)
    return Grid(name, rows, frozenset(marks.hidden_rows), spans, contract, hidden)


def _without_hidden(rows: list[list[Cell]], marks: SheetMarks) -> frozenset[int]:
    """Empty the cells of hidden columns, and return those that held any."""
    emptied: set[int] = set()
    for row in rows:
        for column in marks.hidden_columns:
            if column <= len(row) and row[column - 1] is not None:
                row[column - 1] = None
                emptied.add(column)
    return frozenset(emptied)


def _fill_merged(rows: list[list[Cell]], marks: SheetMarks) -> dict[tuple[int, int], int]:
    """Repeat the value of cells merged downwards, and return how far cells are merged to the right."""
    spans: dict[tuple[int, int], int] = {}
    for left, top, right, bottom in marks.merges:
        if top > len(rows) or left > MAX_COLUMNS:
            continue
        if right > left:
            spans[top, left - 1] = min(right, MAX_COLUMNS) - 1
        first = rows[top - 1]
        value = first[left - 1] if left - 1 < len(first) else None
        if value is None:
            continue
        for row in rows[top : min(bottom, len(rows))]:
            if any(cell is not None for cell in row):
                row.extend([None] * (left - len(row)))
                row[left - 1] = value if row[left - 1] is None else row[left - 1]
    return spans
