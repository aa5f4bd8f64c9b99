"""Spreadsheets of OpenDocument (ODS) to grids, behind the guard.

A sheet repeats cells and rows by attributes, up to a million times: blank ones are only counted, filled ones
within a limit. Format: OpenDocument 1.3, part 3, sections 9.1 (tables) and 19.385 (values), OASIS, 2021.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.etree import ElementTree

from app.readers.grid import Cell, Grid, Workbook
from app.readers.guard import MAX_COLUMNS, MAX_ROWS, too_many
from app.readers.marked import grid_of
from app.readers.result import UnreadableFileError
from app.readers.sheet_marks import SheetMarks
from matching.messages import N_, Message

NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, OFFICE, TEXT, STYLE = (f"{{{NAMES}{part}:1.0}}" for part in ("table", "office", "text", "style"))
MAX_TEXT = 32_767  # What a cell of a spreadsheet holds.
MAX_BLANKS = 2_000
MAX_REPEATED = 2_000_000  # Cells that repeated rows may add to a sheet.
NUMBERS = frozenset({"float", "currency", "percentage"})
BROKEN = "Err:"  # What LibreOffice shows for a formula that fails.


@dataclass(slots=True)
class _Sheet:
    """A sheet while it is being read: its rows so far, blank ones that are due, what its cells are marked."""

    name: str
    hidden: bool
    rows: list[list[Cell]] = field(default_factory=list)
    marks: SheetMarks = field(default_factory=SheetMarks)
    blanks: int = 0
    repeated: int = 0
    columns: int = 0

    def add(self, row: list[Cell], times: int) -> None:
        """Add a row, ``times`` times; rows below too many blank ones are left out."""
        if not row or self.blanks > MAX_BLANKS:
            self.blanks += times
            return
        self.repeated += (times - 1) * len(row)
        if len(self.rows) + self.blanks + times > MAX_ROWS or self.repeated > MAX_REPEATED:
            raise too_many()
        self.rows.extend([] for _ in range(self.blanks))
        self.blanks = 0
        self.rows.extend(list(row) for _ in range(times))

    @property
    def next_row(self) -> int:
        """The number, from 1, of the row to come."""
        return len(self.rows) + self.blanks + 1


def read_open_document(content: bytes) -> Workbook:
    """Return the visible sheets of a spreadsheet, formulas replaced by the values they had when it was saved.

    The guard has refused what inflates without measure, is encrypted, or declares entities.

    Raises
    ------
    UnreadableFileError
        If the workbook is damaged or too large.
    """
    try:
        sheets = list(_sheets(content))
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise UnreadableFileError(
            Message(N_("The workbook is damaged: open it and save it again."))
        ) from error
    shown: list[Grid] = [grid_of(one.name, one.rows, one.marks) for one in sheets if not one.hidden]
    return Workbook(tuple(shown), tuple(one.name for one in sheets if one.hidden))


def _sheets(content: bytes) -> Iterator[_Sheet]:
    hidden_styles: set[str] = set()
    sheet: _Sheet | None = None
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as stream:
        # The guard refused any declaration of entities before.
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):  # noqa: S314
            if element.tag == f"{TABLE}table" and event == "start":
                style = element.get(f"{TABLE}style-name", "")
                sheet = _Sheet(element.get(f"{TABLE}name", ""), style in hidden_styles)
            elif event == "start":
                continue
            elif element.tag == f"{STYLE}style":
                if any(one.get(f"{TABLE}display") == "false" for one in element):
                    hidden_styles.add(element.get(f"{STYLE}name", ""))
            elif sheet is not None and element.tag == f"{TABLE}table-column":
                _add_column(sheet, element)
            elif sheet is not None and element.tag == f"{TABLE}table-row":
                _add_row(sheet, element)
                element.clear()
            elif sheet is not None and element.tag == f"{TABLE}table":
                yield sheet
                sheet = None


def _add_column(sheet: _Sheet, element: ElementTree.Element) -> None:
    first, sheet.columns = sheet.columns + 1, sheet.columns + _times(element, "number-columns-repeated")
    if element.get(f"{TABLE}visibility") == "collapse":
        sheet.marks.hidden_columns.update(range(first, min(sheet.columns, MAX_COLUMNS) + 1))


def _add_row(sheet: _Sheet, element: ElementTree.Element) -> None:
    times, row = _times(element, "number-rows-repeated"), _row(sheet, element)
    # Rows that only a filter hides are data all the same.
    if row and element.get(f"{TABLE}visibility") == "collapse":
        sheet.marks.hidden_rows.update(range(sheet.next_row, sheet.next_row + min(times, MAX_ROWS)))
    sheet.add(row, times)


def _row(sheet: _Sheet, element: ElementTree.Element) -> list[Cell]:
    row: list[Cell] = []
    blanks = 0
    for cell in element:
        if cell.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
            continue
        times = _times(cell, "number-columns-repeated")
        value = _value(cell) if cell.tag == f"{TABLE}table-cell" else None
        if value is None:
            blanks += times
            continue
        if len(row) + blanks + times > MAX_COLUMNS:
            raise too_many()
        row += [None] * blanks
        _mark(sheet, cell, len(row) + 1)
        row += [value] * times
        blanks = 0
    return row


def _mark(sheet: _Sheet, cell: ElementTree.Element, column: int) -> None:
    """Remember how far a cell is merged."""
    right, down = _times(cell, "number-columns-spanned"), _times(cell, "number-rows-spanned")
    if right > 1 or down > 1:
        top = sheet.next_row
        sheet.marks.merges.append((column, top, column + right - 1, top + down - 1))


def _times(element: ElementTree.Element, name: str) -> int:
    text = element.get(f"{TABLE}{name}", "1")
    return max(1, int(text)) if text.isdigit() else 1


def _value(cell: ElementTree.Element) -> Cell:
    kind = cell.get(f"{OFFICE}value-type", "")
    told = cell.get(f"{OFFICE}value")
    if kind in NUMBERS and told is not None:
        number = float(told) * (100 if kind == "percentage" else 1)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    if kind == "date" and (day := _date(cell.get(f"{OFFICE}date-value", ""))) is not None:
        return day
    paragraphs = [_text(one) for one in cell if one.tag == f"{TEXT}p"]
    text = "\n".join(paragraphs) if paragraphs else cell.get(f"{OFFICE}string-value", "")
    text = text.strip()[:MAX_TEXT].strip("\u00a0\u200b ")
    return "#VALUE!" if text.startswith(BROKEN) else text or None


def _text(element: ElementTree.Element) -> str:
    """Return the text of a paragraph: its spaces and line breaks are elements, its notes are left out."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}s":
            count = child.get(f"{TEXT}c", "1")
            parts.append(" " * (min(int(count), 100) if count.isdigit() else 1))
        elif child.tag == f"{TEXT}line-break":
            parts.append("\n")
        elif child.tag == f"{TEXT}tab":
            parts.append(" ")
        elif child.tag != f"{OFFICE}annotation":
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _date(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
