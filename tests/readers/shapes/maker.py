"""Real workbooks and CSV files from rows written in Python: merges, formulas, hidden parts, colours."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

MADE_ON = datetime(2024, 1, 15)  # The same bytes every time.


@dataclass(frozen=True, slots=True)
class F:
    """A formula with the value that it had when the file was saved; None: never computed."""

    text: str
    value: float | str | None = None


@dataclass(frozen=True, slots=True)
class S:
    """A cell with a look: bold, a background, a number format."""

    value: object
    bold: bool = False
    colour: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, with what a spreadsheet keeps beside its cells."""

    rows: Sequence[Sequence[object]]
    merged: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[str] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    filtered: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hidden: bool = False
    frozen: int = 0


@dataclass(frozen=True, slots=True)
class Shape:
    """A file: its sheets, or the rows of its only table when it is a text file."""

    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    rows: Sequence[Sequence[object]] = ()
    encoding: str = ""
    delimiter: str = ";"
    chart: str = ""

    @property
    def suffix(self) -> str:
        """The ending of the file's name."""
        return ".csv" if self.encoding else ".xlsx"

    def content(self) -> bytes:
        """Return the bytes of the file."""
        return self._text() if self.encoding else self._workbook()

    def _text(self) -> bytes:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=self.delimiter, lineterminator="\r\n").writerows(self.rows)
        return stream.getvalue().encode(self.encoding)

    def _workbook(self) -> bytes:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False}) as book:
            book.set_properties({"created": MADE_ON})
            for name, sheet in self.sheets.items():
                _write(book, name, sheet)
            if self.chart:
                chart = book.add_chart({"type": "column"})
                chart.add_series({"values": self.chart})
                book.add_chartsheet("Graphique").set_chart(chart)
        return stream.getvalue()


def _write(book: Any, name: str, sheet: Sheet) -> None:
    page = book.add_worksheet(name)
    for ref in sheet.merged:
        page.merge_range(ref, None)
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                _cell(book, page, (row, column), cell)
    _decorate(page, sheet)


def _decorate(page: Any, sheet: Sheet) -> None:
    for number in sheet.hidden_rows:
        page.set_row(number - 1, None, None, {"hidden": True})
    for letters in sheet.hidden_columns:
        page.set_column(letters, None, None, {"hidden": True})
    for ref, text in sheet.notes.items():
        page.write_comment(ref, text)
    if sheet.filtered:
        page.autofilter(sheet.filtered)
    for ref, values in sheet.choices.items():
        page.data_validation(ref, {"validate": "list", "source": list(values)})
    if sheet.frozen:
        page.freeze_panes(sheet.frozen, 0)
    if sheet.hidden:
        page.hide()


def _cell(book: Any, page: Any, place: tuple[int, int], cell: object) -> None:
    look = None
    if isinstance(cell, S):
        options: dict[str, Any] = {"bold": cell.bold}
        if cell.colour:
            options["bg_color"] = cell.colour
        if cell.number:
            options["num_format"] = cell.number
        look, cell = book.add_format(options), cell.value
    if isinstance(cell, F):
        page.write_formula(*place, cell.text, look, "" if cell.value is None else cell.value)
    elif isinstance(cell, date):
        day = datetime(cell.year, cell.month, cell.day)
        page.write_datetime(*place, day, look or book.add_format({"num_format": "dd/mm/yyyy"}))
    elif cell is None:
        page.write_blank(*place, None, look)
    else:
        page.write(*place, cell, look)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file without a source here, kept as the program that made it wrote it."""

    path: Path

    @property
    def suffix(self) -> str:
        """The ending of the file's name."""
        return self.path.suffix

    def content(self) -> bytes:
        """Return the bytes of the file."""
        return self.path.read_bytes()
