"""Synergies as rows: one row a synergy, the contract's names, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from app.exports.blocks import made_in_blocks
from app.exports.sentences import unchanged
from matching.model import Flow

COLUMNS = (
    "id", "kind", "form", "score", "confidence", "resource", "rule", "members", "quantity_per_year", "unit",
    "distance_km", "criteria", "saving_eur_per_year", "saving_eur_low", "saving_eur_high",
    "saving_tco2e_per_year", "saving_tco2e_low", "saving_tco2e_high", "assumptions", "warnings", "missing",
    "next_step", "explanation",
)  # fmt: skip
SEPARATOR = " | "
Row = tuple[str | float | None, ...]
# A spreadsheet takes a cell that starts so for a formula (OWASP, CSV injection), in full width too; it may
# drop the blanks before it. A French one also cuts at each semicolon: what follows is a cell of its own.
FORMULA = re.compile(r"(^|[;\t\r\n])([\s\"]*)([=+\-@＝＋－＠])")
BLANK_START = ("\t", "\r", "\n")
CRITERIA_NAMES = {
    "fr": {"material": "matière", "quantity": "quantité", "timing": "calendrier", "distance": "distance",
           "quality": "qualité"},
    "en": {name: name for name in ("material", "quantity", "timing", "distance", "quality")},
}  # fmt: skip


def row_of(synergy: Mapping[str, Any], language: str) -> dict[str, str | float | None]:
    """Return a localised synergy document as one flat row."""
    row: dict[str, str | float | None] = {name: synergy.get(name) for name in COLUMNS}
    row["members"] = SEPARATOR.join(f"{m['site']} — {m['label']}" for m in synergy["members"])
    names = CRITERIA_NAMES[language]
    row["criteria"] = SEPARATOR.join(f"{names[name]} {c['value']}" for name, c in synergy["criteria"].items())
    row["warnings"] = SEPARATOR.join(warning["message"] for warning in synergy["warnings"])
    for name in ("assumptions", "missing"):
        row[name] = SEPARATOR.join(synergy[name])
    return row


@runtime_checkable
class Tabled(Protocol):
    """Documents that are still to be made, and know their rows without being made."""

    def rows(self, written: Callable[[str], str] = unchanged) -> Iterator[Row]:
        """Yield a row for each document, as ``row_of`` has it, in the order of ``COLUMNS``.

        ``written`` may be called on each piece of a text instead of the whole text.
        """


def rows_of(
    synergies: Sequence[Mapping[str, Any]], language: str, written: Callable[[str], str] = unchanged
) -> Iterator[Row]:
    """Yield the cells of each synergy, in the order of ``COLUMNS``.

    Parameters
    ----------
    written
        What is made of each text, such as the signs of XML written out.
    """
    if isinstance(synergies, Tabled):
        yield from synergies.rows(written)
        return
    for synergy in synergies:
        row = row_of(synergy, language)
        cells = (row[name] for name in COLUMNS)
        yield tuple([written(cell) if isinstance(cell, str) else cell for cell in cells])


def inert(value: object) -> object:
    """Return text that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    kept = FORMULA.sub(r"\1\2'\3", value)
    return "'" + kept if kept.startswith(BLANK_START) else kept


def to_csv(synergies: Sequence[Mapping[str, Any]], flows: Sequence[Flow], language: str) -> Iterator[bytes]:
    """Yield UTF-8 CSV with the contract's columns, piece by piece."""
    yield _lines([COLUMNS])
    yield from made_in_blocks(synergies, lambda _, some: _lines(map(_inert_row, rows_of(some, language))))


def _inert_row(row: Row) -> list[object]:
    return [inert(value) for value in row]


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
