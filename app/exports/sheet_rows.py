"""Long sheets of a workbook: rows written one after the other, never all in memory.

The workbook is laid out by its library with one sample row in each long sheet; the rows take its place, in
its styles.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

# Excel's own limits.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
SAMPLE_ROW = 2
ROWS_A_PIECE = 200
# Most of a long workbook repeats: more effort takes far more time for little less room.
COMPRESSION = 1
SAMPLE = re.compile(rf'<row r="{SAMPLE_ROW}"[^>]*>.*?</row>', re.DOTALL)
STYLE = re.compile(r'<c r="([A-Z]+)\d+" s="(\d+)"')
DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')
# What XML cannot hold, and what a spreadsheet would take for such a character.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
# Characters alone, which is many times faster to look for: an underscore may start such a code.
SPECIAL = re.compile(r"[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class CellStyles:
    """The numbers of the styles of a text and of a number."""

    text: str
    number: str


def letters(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


class RowWriter:
    """Rows of one sheet as XML: numbers as numbers, anything else as text, nothing where there is nothing."""

    def __init__(self, columns: int, styles: CellStyles) -> None:
        self._columns = tuple(f'<c r="{letters(column)}' for column in range(columns))
        self._text = f'" s="{styles.text}" t="inlineStr"><is><t'
        self._number = f'" s="{styles.number}"><v>'

    def rows(self, first: int, rows: Iterable[Sequence[object]]) -> bytes:
        """Return rows as XML, the first of which is row ``first`` (1-based)."""
        return "".join([self.row(number, values) for number, values in enumerate(rows, first)]).encode()

    def row(self, number: int, values: Sequence[object]) -> str:
        """Return row ``number`` (1-based) as XML."""
        parts = [f'<row r="{number}">']
        text, figure = f"{number}{self._text}", f"{number}{self._number}"
        for column, value in zip(self._columns, values, strict=True):
            kind = type(value)
            if kind is str:
                if value:
                    parts.append(f"{column}{text}{_text(value)}</t></is></c>")  # type: ignore[arg-type]
            elif value is None:
                continue
            elif (kind is float or kind is int) and abs(value) < inf:  # type: ignore[arg-type]
                parts.append(f"{column}{figure}{value!r}</v></c>")
            else:
                parts.append(f"{column}{text}{_text(str(value))}</t></is></c>")
        parts.append("</row>")
        return "".join(parts)


def _text(value: str) -> str:
    """Return a text as the end of an opening tag and what follows it, cut to what a cell holds."""
    if len(value) > MOST_CHARACTERS:
        value = value[: MOST_CHARACTERS - 1] + "…"
    space = ">" if value == value.strip() else ' xml:space="preserve">'
    if not SPECIAL.search(value):
        return space + value
    kept = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    kept = CONTROL.sub(_written_out, kept)
    return space + kept


def _written_out(found: re.Match[str]) -> str:
    text = found.group()
    return f"_x005F{text}" if len(text) > 1 else f"_x{ord(text):04X}_"


@dataclass(frozen=True, slots=True)
class LongSheet:
    """Rows to put in a sheet from the second row on, ``count`` of them, ``columns`` wide.

    ``blocks`` returns them as XML, some rows at a time, written by the writer it is given.
    """

    blocks: Callable[[RowWriter], Iterable[bytes]]
    count: int
    columns: int


def in_turn(values: Iterable[Sequence[object]]) -> Callable[[RowWriter], Iterator[bytes]]:
    """Return the ``blocks`` of a long sheet from its rows, read once."""

    def blocks(writer: RowWriter) -> Iterator[bytes]:
        left, number = iter(values), SAMPLE_ROW
        while block := list(islice(left, ROWS_A_PIECE)):
            yield writer.rows(number, block)
            number += len(block)

    return blocks


def fill(laid_out: IO[bytes], sheets: Mapping[int, LongSheet], out: IO[bytes]) -> None:
    """Write a workbook again with the rows of its long sheets.

    Parameters
    ----------
    laid_out
        The workbook with a sample row in each long sheet: a text in its first cell, a number in its second.
    sheets
        By the sheet's place in the workbook, from 1.
    """
    names = {f"xl/worksheets/sheet{place}.xml": sheet for place, sheet in sheets.items()}
    with ZipFile(laid_out) as given, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as made:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename not in names:
                made.writestr(entry, content, ZIP_DEFLATED)
                continue
            with made.open(entry.filename, "w", force_zip64=True) as part:
                for piece in _filled(content.decode(), names[entry.filename]):
                    part.write(piece)


def _filled(page: str, sheet: LongSheet) -> Iterator[bytes]:
    found = SAMPLE.search(page)
    if found is None:
        raise ValueError("A long sheet needs its sample row.")
    styles = [style for _, style in STYLE.findall(found.group())]
    last = f"{letters(sheet.columns - 1)}{sheet.count + 1}"
    yield DIMENSION.sub(f'<dimension ref="A1:{last}"/>', page[: found.start()]).encode()
    yield from sheet.blocks(RowWriter(sheet.columns, CellStyles(*styles)))
    yield page[found.end() :].encode()


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file from its start, a piece at a time."""
    file.seek(0)
    while piece := file.read(io.DEFAULT_BUFFER_SIZE * 64):
        yield piece
