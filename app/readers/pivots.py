"""Pivot tables of two levels in one column: a company, and below it the things that its amounts add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.readers.grid import Cell, Grid
from app.readers.titles import is_total
from app.readers.vocabulary import plain

LABELS = frozenset({"etiquettes de lignes", "etiquettes de ligne", "row labels"})
SEARCHED_ROWS = 15
COMPANY, THING = "Entreprise", "Libellé"
TOLERANCE = 1e-6


def levelled(grid: Grid) -> Grid:
    """Return the grid with the companies of a pivot table in a column of their own, behind the others.

    The first column of a pivot made by a spreadsheet has a title that it writes itself; a row that is the
    sum of those below it is a company's, and the rows add up so down to the total.
    """
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        if row and isinstance(row[0], str) and plain(row[0]) in LABELS:
            companies = _companies(grid.rows, index + 1)
            return grid if companies is None else _levelled(grid, index, companies)
    return grid


def _companies(rows: Sequence[Sequence[Cell]], start: int) -> dict[int, int] | None:
    """Return, by the row of each thing, the row of its company; None when the rows do not add up."""
    owners: dict[int, int] = {}
    place = start
    while place < len(rows) and rows[place] and not is_total(str(rows[place][0])):
        below = _added_up(rows, place)
        if below is None:
            return None
        owners |= dict.fromkeys(range(place + 1, below), place)
        place = below
    return owners or None


def _added_up(rows: Sequence[Sequence[Cell]], place: int) -> int | None:
    """Return the row behind those that add up to row ``place`` in every column, or None."""
    wanted = _amounts(rows[place])
    found = [0.0] * len(wanted)
    for number in range(place + 1, len(rows)):
        if not rows[number] or is_total(str(rows[number][0])):
            return None
        amounts = _amounts(rows[number])
        found = [total + amount for total, amount in zip(found, amounts, strict=False)]
        if len(found) == len(wanted) and all(
            abs(total - amount) <= TOLERANCE * max(1.0, abs(amount))
            for total, amount in zip(found, wanted, strict=True)
        ):
            return number + 1
    return None


def _amounts(row: Sequence[Cell]) -> list[float]:
    return [float(cell) if isinstance(cell, int | float) else 0.0 for cell in row[1:]]


def _levelled(grid: Grid, index: int, companies: dict[int, int]) -> Grid:
    width = max(len(row) for row in grid.rows)
    rows: list[list[Cell]] = []
    for number, row in enumerate(grid.rows):
        cells = [*row, *[None] * (width - len(row))]
        if number == index:
            cells = [THING, *cells[1:], COMPANY]
        elif number in companies:
            cells.append(grid.rows[companies[number]][0])
        elif number in companies.values():
            cells = []
        rows.append(cells)
    return replace(grid, rows=rows, rebuilt=True)
