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
from math import isfinite
from typing import IO
from xml.sax.saxutils import escape, unescape
from zipfile import ZIP_DEFLATED, ZipFile

# Excel's own limits.
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
SAMPLE_ROW = 2
KEEP_SPACE = ' xml:space="preserve">'
# Stands for the row's number where a row is laid out; no XML can hold it.
ROW = "\0"
Text = Callable[[str], str]
ROWS_A_PIECE = 200
# Most of a long workbook repeats: more effort takes far more time for little less room.
COMPRESSION = 1
SAMPLE = re.compile(rf'<row r="{SAMPLE_ROW}"[^>]*>.*?</row>', re.DOTALL)
STYLE = re.compile(r'<c r="([A-Z]+)\d+" s="(\d+)"')
DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')
# What XML cannot hold, and what a spreadsheet would take for such a character.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
# How such a character is written.
WRITTEN_OUT = re.compile(r"_x([0-9A-F]{4})_")
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


def escaped(text: str) -> str:
    """Return a text as XML has it, for ``escaped_cell``."""
    if not SPECIAL.search(text):
        return text
    return CONTROL.sub(_written_out, escape(text))


def _written_out(found: re.Match[str]) -> str:
    text = found.group()
    return f"_x005F{text}" if len(text) > 1 else f"_x{ord(text):04X}_"


def _unescaped(text: str) -> str:
    return unescape(WRITTEN_OUT.sub(lambda found: chr(int(found[1], 16)), text))


def text_cell(value: str) -> str:
    """Return a text as the end of an opening tag and what follows it, cut to what a cell holds."""
    if len(value) > MOST_CHARACTERS:
        value = value[: MOST_CHARACTERS - 1] + "…"
    return (">" if value == value.strip() else KEEP_SPACE) + escaped(value)


def escaped_cell(value: str) -> str:
    """Return ``text_cell`` of a text that is ``escaped`` already."""
    if len(value) > MOST_CHARACTERS or value != value.strip():
        return text_cell(_unescaped(value))
    return ">" + value


class RowWriter:
    """Rows of one sheet as XML: numbers as numbers, anything else as text, nothing where there is nothing."""

    def __init__(self, columns: int, styles: CellStyles) -> None:
        self._columns = tuple(f'<c r="{letters(column)}' for column in range(columns))
        self._text = f'" s="{styles.text}" t="inlineStr"><is><t'
        self._number = f'" s="{styles.number}"><v>'
        self._layouts: dict[tuple[type | None, ...], str | None] = {}

    def rows(self, first: int, rows: Iterable[Sequence[object]], text: Text = text_cell) -> bytes:
        """Return rows as XML, the first of which is row ``first`` (1-based).

        Parameters
        ----------
        text
            What makes of a text the end of its cell; ``escaped_cell`` for texts that are ``escaped``.
        """
        # Row by row: each is written out while the processor still holds it.
        return b"".join([self.row(n, values, text).encode() for n, values in enumerate(rows, first)])

    def row(self, number: int, values: Sequence[object], text: Text = text_cell) -> str:
        """Return row ``number`` (1-based) as XML."""
        kinds = tuple([None if value is None or value == "" else type(value) for value in values])
        layout = self._layouts.get(kinds) or self._lay_out(kinds)
        if layout is None or not isfinite(sum([value for value in values if type(value) is float])):
            return self._unusual(number, values, text)
        cells = [
            text(value) if type(value) is str else value
            for value in values
            if value is not None and value != ""
        ]
        return layout.replace(ROW, str(number)) % tuple(cells)

    def _lay_out(self, kinds: tuple[type | None, ...]) -> str | None:
        """Return how cells of such kinds are written, None where one is neither a text nor a number."""
        if kinds not in self._layouts:
            figure = f"{self._number}%r</v></c>"
            ends: dict[type, str] = {str: f"{self._text}%s</t></is></c>", int: figure, float: figure}
            filled = [(column, kind) for column, kind in zip(self._columns, kinds, strict=True) if kind]
            if all(kind in ends for _, kind in filled):
                cells = "".join([f"{column}{ROW}{ends[kind]}" for column, kind in filled])
                self._layouts[kinds] = f'<row r="{ROW}">{cells}</row>'
            else:
                self._layouts[kinds] = None
        return self._layouts[kinds]

    def _unusual(self, number: int, values: Sequence[object], text: Text) -> str:
        """Return a row of values of any kind: what Excel has no number for stands as text."""
        parts = [f'<row r="{number}">']
        for column, value in zip(self._columns, values, strict=True):
            if value is None or value == "":
                continue
            if type(value) in (int, float) and isfinite(value):  # type: ignore[arg-type]
                parts.append(f"{column}{number}{self._number}{value!r}</v></c>")
            else:
                made = text(value) if type(value) is str else text_cell(str(value))
                parts.append(f"{column}{number}{self._text}{made}</t></is></c>")
        parts.append("</row>")
        return "".join(parts)


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
