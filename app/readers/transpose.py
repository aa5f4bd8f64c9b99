"""Tables that lie on their side: one column a company, one row a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.readers.grid import Cell, Grid
from app.readers.headers import SITE_ANCHORS, column_of
from app.readers.layout import ANCHORS, header_at

SEARCHED_ROWS = 30
MIN_QUESTIONS = 4


def upright(grid: Grid) -> Grid:
    """Return the grid, turned when its titles stand in the first column above several columns of answers."""
    rows = grid.rows[:200]
    if len(grid.rows) > 200 or any(header_at(grid, index) for index in range(min(SEARCHED_ROWS, len(rows)))):
        return grid
    for place in range(2):
        titles = [row[place] if place < len(row) else None for row in rows]
        known = [column_of(cell.rstrip(" :?*")) if isinstance(cell, str) else None for cell in titles]
        fields = [column.field for column in known if column is not None and column.field != "ignore"]
        width = max((len(row) for row in rows), default=0)
        full = sum(_answers(rows, column, known) >= len(fields) / 2 for column in range(place + 1, width))
        telling = set(fields) & ANCHORS and set(fields) & SITE_ANCHORS
        if len(set(fields)) >= MIN_QUESTIONS and telling and full >= 2 and len(fields) == len(set(fields)):
            return replace(grid, rows=_turned(rows, width), hidden_rows=frozenset(), spans={}, turned=True)
    return grid


def _answers(rows: Sequence[Sequence[Cell]], column: int, known: Sequence[object]) -> int:
    return sum(
        column < len(row) and row[column] is not None
        for row, title in zip(rows, known, strict=True)
        if title is not None
    )


def _turned(rows: Sequence[Sequence[Cell]], width: int) -> list[list[Cell]]:
    return [[row[column] if column < len(row) else None for row in rows] for column in range(width)]
