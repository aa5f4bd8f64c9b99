"""Small real files, and what a reader understands of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from app.readers import ReadResult, read_table
from app.readers.summary import summary
from geo.geocoding import Located, offline_geocoder

Rows = Sequence[Sequence[object]]
Understood = tuple[str, str, str, float | None, str | None]


class Nowhere:
    """A geocoder that knows no place."""

    def locate(self, address: str, postcode: str, city: str) -> Located | None:
        """Return nothing."""
        return None


def workbook(
    sheets: Mapping[str, Rows],
    merged: Mapping[str, Sequence[str]] | None = None,
    hidden_rows: Mapping[str, Sequence[int]] | None = None,
    hidden_sheets: Sequence[str] = (),
    filters: Mapping[str, str] | None = None,
) -> bytes:
    """Return the bytes of a workbook with these rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
        for row_number in (hidden_rows or {}).get(name, ()):
            sheet.row_dimensions[row_number].hidden = True
        if name in (filters or {}):
            sheet.auto_filter.ref = (filters or {})[name]
            sheet.auto_filter.add_filter_column(0, ["A"])
        if name in hidden_sheets:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content: bytes | str, filename: str = "flux.xlsx") -> ReadResult:
    """Read a file with the built-in gazetteer."""
    raw = content.encode() if isinstance(content, str) else content
    return read_table(raw, filename, offline_geocoder())


def understood(content: bytes | str, filename: str = "flux.xlsx") -> list[Understood]:
    """Return (site, direction, label, quantity a year, unit) of each flow."""
    document = summary(read(content, filename), "en")
    return [
        (flow["site"], flow["direction"], flow["label"], flow["quantity_per_year"], flow["unit"])
        for flow in document["flows"]
    ]


def complaints(result: ReadResult, severity: str) -> list[tuple[int | None, str]]:
    """Return (row, field) of the findings of one severity."""
    return [(finding.row, finding.field) for finding in result.findings if finding.severity == severity]
