"""What the fast reader of workbooks does not tell: merged cells, hidden rows, filters."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from app.readers.guard import MAX_COLUMNS

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
MAX_MERGES = 20_000
MAX_HIDDEN = 200_000


@dataclass(slots=True)
class SheetMarks:
    """Marks of one sheet.

    Attributes
    ----------
    merges
        (first column, first row, last column, last row) of merged cells, counted from 1.
    hidden_rows
        Rows hidden by hand; rows that only a filter hides are data all the same.
    hidden_columns
        Columns hidden by hand, counted from 1.
    """

    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def marks_of(content: bytes, member: str) -> SheetMarks:
    """Return the marks of the sheet stored as ``member`` of the archive; none when it cannot be read."""
    marks = SheetMarks()
    filtered = False
    row = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, element in _elements(archive, member):
            if name == "row":
                row = _number(element.get("r"), row + 1)
                if element.get("hidden") in ("1", "true") and len(marks.hidden_rows) < MAX_HIDDEN:
                    marks.hidden_rows.add(row)
            elif name == "col" and element.get("hidden") in ("1", "true"):
                _add_columns(marks, element)
            elif name == "mergeCell" and len(marks.merges) < MAX_MERGES:
                _add_merge(marks, element.get("ref", ""))
            elif name == "filterColumn":
                filtered = True
    if filtered:
        marks.hidden_rows.clear()
    return marks


def _elements(archive: zipfile.ZipFile, member: str) -> Iterator[tuple[str, ElementTree.Element]]:
    try:
        with archive.open(member) as stream:
            for _, element in ElementTree.iterparse(stream, events=("end",)):  # noqa: S314 - guarded, see above
                name = element.tag.removeprefix(MAIN).removeprefix(STRICT)
                if name in {"row", "col", "mergeCell", "filterColumn"}:
                    yield name, element
                if name in {"row", "c"}:
                    element.clear()
    except (ElementTree.ParseError, KeyError):
        return


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdigit() else default


def _add_columns(marks: SheetMarks, element: ElementTree.Element) -> None:
    first, last = _number(element.get("min"), 0), _number(element.get("max"), 0)
    if 0 < first <= last:
        marks.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))


def _add_merge(marks: SheetMarks, reference: str) -> None:
    # Half a second to load, for the few that read a workbook.
    from openpyxl.utils.cell import range_boundaries

    try:
        bounds = range_boundaries(reference)
    except (ValueError, TypeError):
        return
    left, top, right, bottom = (bound or 0 for bound in bounds)
    if left and top and right and bottom:
        marks.merges.append((left, top, right, bottom))
