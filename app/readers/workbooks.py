"""XLSX workbooks to grids, behind the guard."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from app.readers.grid import Cell, Grid, Workbook
from app.readers.guard import MAX_COLUMNS, MAX_ROWS, check_workbook, too_many
from app.readers.headers import is_contract_header
from app.readers.result import UnreadableFileError
from app.readers.sheet_marks import SheetMarks, marks_of
from matching.messages import N_, Message

MAX_TEXT = 32_767  # What a cell of a spreadsheet holds.
MAX_BLANKS = 2_000


def read_workbook(content: bytes) -> Workbook:
    """Return the visible sheets of a workbook, formulas replaced by the values they had when it was saved.

    Raises
    ------
    UnreadableFileError
        If the workbook is damaged, dangerous or too large.
    """
    check_workbook(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
            shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
            hidden = tuple(sheet.title for sheet in sheets if sheet.sheet_state != "visible")
            return Workbook(tuple(_grid(sheet, content) for sheet in shown), hidden)
        finally:
            book.close()
    except UnreadableFileError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part makes it meet
        raise UnreadableFileError(
            Message(N_("The workbook is damaged: open it and save it again."))
        ) from error


def _grid(sheet: Any, content: bytes) -> Grid:
    sheet.reset_dimensions()
    rows: list[list[Cell]] = []
    blanks = 0
    for cells in sheet.iter_rows():
        row = [_value(cell) for cell in cells]
        while row and row[-1] is None:
            row.pop()
        if len(row) > MAX_COLUMNS or len(rows) >= MAX_ROWS:
            raise too_many()
        blanks = 0 if row else blanks + 1
        rows.append(row)
        if blanks > MAX_BLANKS:
            break
    while rows and not rows[-1]:
        rows.pop()
    marks = marks_of(content, sheet._worksheet_path.lstrip("/"))
    spans = _fill_merged(rows, marks)
    header: Sequence[Cell] = next((row for row in rows if row), [])
    contract = is_contract_header(header)
    hidden = frozenset() if contract else _without_hidden(rows, marks)
    return Grid(sheet.title, rows, frozenset(marks.hidden_rows), spans, contract, hidden)


def _without_hidden(rows: list[list[Cell]], marks: SheetMarks) -> frozenset[int]:
    """Empty the cells of hidden columns, and return those that held any."""
    emptied: set[int] = set()
    for row in rows:
        for column in marks.hidden_columns:
            if column <= len(row) and row[column - 1] is not None:
                row[column - 1] = None
                emptied.add(column)
    return frozenset(emptied)


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()[:MAX_TEXT].strip("\u00a0\u200b ")
        return text or None
    if isinstance(value, bool | int | date):
        return value
    if isinstance(value, float):
        return value * 100 if "%" in (cell.number_format or "") else value
    return value.isoformat() if isinstance(value, time) else str(value)


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
