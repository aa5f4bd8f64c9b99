"""The right value of a cell, as somebody typed it: read in place of what the file holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.readers.record import Record

# Fields by the sheet and row they stand at.
Settled = Mapping[tuple[str | None, int], Mapping[str, str]]


def settle(records: Iterable[Record], settled: Settled) -> None:
    """Put settled values into the records of their rows.

    A quantity that is typed tells its own unit: the column of units no longer counts for it.
    """
    if not settled:
        return
    for record in records:
        typed = settled.get((record.context.sheet, record.row))
        if typed:
            record.values.update(typed)
            if any(letter.isalpha() for letter in typed.get("quantity", "")) and "unit" not in typed:
                record.values.pop("unit", None)
                record.values.pop("period", None)


def to_plain(settled: Settled) -> list[list[object]]:
    """Return settled values as JSON keeps them."""
    return [[sheet, row, dict(values)] for (sheet, row), values in settled.items()]


def from_plain(plain: Iterable[tuple[str | None, int, dict[str, str]]]) -> Settled:
    """Return settled values that were sent as JSON."""
    return {(sheet, row): values for sheet, row, values in plain}
