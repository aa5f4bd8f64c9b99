"""Tables with one line a fact: a record's key, the name of a field, its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import SITE_ANCHORS, column_of

MIN_RECORDS = 2
MIN_FIELDS = 3
MAX_SEARCHED = 5  # Rows above the facts: a title, a blank line, the names of the three columns.
KNOWN_SHARE = 0.5  # Own estimate: this share of the fields' names are titles that are known.
WIDTH = 3


def assembled(grid: Grid) -> Grid:
    """Return the grid with the facts of each record in one row, that of its first line; else as it is."""
    for start in range(min(MAX_SEARCHED, len(grid.rows))):
        lines = [(number, row) for number, row in enumerate(grid.rows[start:], start=start) if any(row)]
        if lines and all(_is_fact(row) for _, row in lines):
            return _assembled(grid, lines)
    return grid


def _is_fact(row: Sequence[Cell]) -> bool:
    return len(row) >= WIDTH - 1 and row[0] is not None and isinstance(row[1], str) and not any(row[WIDTH:])


def _assembled(grid: Grid, lines: Sequence[tuple[int, Sequence[Cell]]]) -> Grid:
    records: dict[str, dict[str, Cell]] = {}
    first: dict[str, int] = {}
    for number, row in lines:
        key, name = text_of(row[0]), text_of(row[1])
        if name in records.get(key, {}):
            return grid  # A field that comes twice is no field.
        records.setdefault(key, {})[name] = row[2] if len(row) > 2 else None
        first.setdefault(key, number)
    whole = {key: facts for key, facts in records.items() if len(facts) >= MIN_FIELDS}
    names = list(dict.fromkeys(name for facts in whole.values() for name in facts))
    known = [column.field for name in names if (column := column_of(name.rstrip(" :"))) is not None]
    telling = "label" in known and SITE_ANCHORS & set(known)
    if len(whole) < MIN_RECORDS or not telling or len(known) < KNOWN_SHARE * len(names):
        return grid
    rows: list[list[Cell]] = [[] for _ in grid.rows]
    top = min(first[key] for key in whole)
    if top == 0:
        return grid
    rows[top - 1] = list(names)
    for key, facts in whole.items():
        rows[first[key]] = [facts.get(name) for name in names]
    return replace(grid, rows=rows, spans={}, hidden_rows=frozenset(), rebuilt=True)
