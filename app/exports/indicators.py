"""Indicators as files for funders: one row an indicator, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from app.exports.table import inert
from app.exports.workbook import SAFE
from app.translations import gettext
from matching.messages import N_

COLUMNS = (
    "code", "family", "name", "stage", "value", "low", "high", "unit", "definition", "method", "reference",
    "date",
)  # fmt: skip
# Titles and widths in a workbook.
SHOWN = {
    "code": (N_("Code"), 26), "family": (N_("Family"), 18), "name": (N_("Indicator"), 34),
    "stage": (N_("How real"), 16), "value": (N_("Value"), 14), "low": (N_("At least"), 14),
    "high": (N_("At most"), 14), "unit": (N_("Unit"), 12), "definition": (N_("Definition"), 50),
    "method": (N_("How it is reckoned"), 60), "reference": (N_("Asked by"), 22), "date": (N_("Date"), 12),
}  # fmt: skip
A4 = 9
Rows = Sequence[Mapping[str, Any]]


def to_csv(rows: Rows) -> bytes:
    """Return UTF-8 CSV with the names of the API."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(inert(row[name]) for name in COLUMNS)
    return text.getvalue().encode()


def to_xlsx(rows: Rows, territory: str, language: str) -> bytes:
    """Return a workbook of one sheet that prints on a page wide, named after the territory."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, SAFE) as book:
        sheet = book.add_worksheet(gettext(N_("Indicators"), language))
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E7EFEA"})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        number = book.add_format({"num_format": "#,##0.##", "valign": "top"})
        sheet.write_string(0, 0, territory, book.add_format({"bold": True, "font_size": 14}))
        for column, name in enumerate(COLUMNS):
            title, width = SHOWN[name]
            sheet.write_string(1, column, gettext(title, language), head)
            sheet.set_column(column, column, width)
            for line, row in enumerate(rows, start=2):
                value = row[name]
                if isinstance(value, int | float):
                    sheet.write_number(line, column, value, number)
                elif value is not None:
                    sheet.write_string(line, column, str(value), text)
        sheet.freeze_panes(2, 3)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        sheet.set_footer(f"&L{territory.replace('&', '&&')}&R&P / &N")
    return buffer.getvalue()
