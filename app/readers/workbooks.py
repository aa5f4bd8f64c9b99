"""XLSX workbooks to grids, behind the guard."""

from __future__ import annotations

import io
from datetime import date, time
from typing import Any

from app.readers.grid import Cell, Grid, Workbook
from app.readers.guard import MAX_COLUMNS, MAX_ROWS, check_workbook, is_open_document, too_many
from app.readers.marked import grid_of
from app.readers.open_document import read_open_document
from app.readers.result import UnreadableFileError
from app.readers.sheet_marks import marks_of
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
    if is_open_document(content):
        return read_open_document(content)
    # Half a second to load, for the few that read a workbook.
    from openpyxl import load_workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

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
    return grid_of(sheet.title, rows, marks_of(content, sheet._worksheet_path.lstrip("/")))


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
