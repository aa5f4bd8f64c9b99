"""CSV files as people save them: UTF-8 or Windows-1252, comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
import re

from app.readers.grid import Cell, Grid, Workbook
from app.readers.guard import MAX_COLUMNS, MAX_ROWS, too_many
from app.readers.headers import is_contract_header
from app.readers.result import UnreadableFileError
from matching.messages import N_, Message

DELIMITERS = ",;\t|"
SAMPLE_LINES = 30
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # What Excel itself writes first.
MAX_CELL = 131_072
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECIMAL_COMMA = re.compile(r"^-?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+)$")
DECIMAL_DOT = re.compile(r"^-?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d+)$")


def read_csv(content: bytes) -> Workbook:
    """Return the one sheet of a CSV file.

    Raises
    ------
    UnreadableFileError
        If the bytes are no text, or the table is empty or too large.
    """
    text = decode(content)
    if not text.strip():
        raise UnreadableFileError(Message(N_("The file is empty.")))
    told = SEPARATOR_LINE.match(text)
    delimiter = told[1] if told else delimiter_of(text)
    previous = csv.field_size_limit(MAX_CELL)
    try:
        rows = [
            _cells(row) for row in _limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        ]
    except csv.Error as error:
        text_ = N_("The file is not a table of text: {reason}.")
        raise UnreadableFileError(Message(text_, {"reason": str(error)})) from error
    finally:
        csv.field_size_limit(previous)
    if told:
        rows[0] = []
    return Workbook((Grid(None, rows, decimal_dot=_decimal_dot(rows, delimiter)),))


def _limited(reader: csv.Reader) -> list[list[str]]:  # type: ignore[name-defined]
    rows: list[list[str]] = []
    for row in reader:
        rows.append(row)
        if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
            raise too_many()
    return rows


def _cells(row: list[str]) -> list[Cell]:
    return [cell.strip() or None for cell in row]


def decode(content: bytes) -> str:
    """Return the text of a file: by its BOM, else UTF-8, else Windows-1252."""
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return content.decode(encoding, errors="replace")
    if b"\x00" in content:
        raise UnreadableFileError(
            Message(N_("This is not a CSV or XLSX file: save the table as one of them."))
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def delimiter_of(text: str) -> str:
    """Return the delimiter that cuts the first lines into the most columns of steady number."""
    lines = [line for line in text[: 64 * 1024].splitlines() if line.strip()][:SAMPLE_LINES]
    best, best_score = ",", -1.0
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width)) if widths else 1
        widest = max(widths, default=1)
        score = (
            0.0 if widest < 2 else widths.count(usual) / len(widths) * (usual > 1) * 10 + min(widest, 60) / 10
        )
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _decimal_dot(rows: list[list[Cell]], delimiter: str) -> bool:
    """Tell whether a dot is the decimal mark: in the contract's own table, or where numbers show it."""
    header = next((row for row in rows if any(cell is not None for cell in row)), [])
    contract = is_contract_header(header)
    if contract and delimiter == ",":
        return True
    cells = [cell for row in rows[:2000] for cell in row if isinstance(cell, str)]
    if any(DECIMAL_COMMA.match(cell) for cell in cells):
        return False
    return contract or any(DECIMAL_DOT.match(cell) for cell in cells)
