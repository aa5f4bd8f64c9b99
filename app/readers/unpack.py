"""Tables that arrived in one column: a CSV file pasted or opened without cutting its lines."""

from __future__ import annotations

import csv
from dataclasses import replace

from app.readers.grid import Cell, Grid

DELIMITERS = ";\t|,"
MIN_COLUMNS = 3
MIN_SHARE = 0.8  # This share of the lines must be cut alike.


def unpacked(grid: Grid) -> Grid:
    """Return the grid with its lines cut, when every row is one cell of text that holds a line of CSV."""
    filled = [[cell for cell in row if cell is not None] for row in grid.rows]
    lines = [cells[0] for cells in filled if cells]
    if len(lines) < 2 or any(len(cells) > 1 for cells in filled):
        return grid
    texts = [line for line in lines if isinstance(line, str)]
    if len(texts) < len(lines):
        return grid
    for delimiter in DELIMITERS:
        widths = [len(_cut(text, delimiter)) for text in texts]
        usual = max(set(widths), key=widths.count)
        if usual >= MIN_COLUMNS and widths.count(usual) >= MIN_SHARE * len(widths):
            rows = [_cut(str(cells[0]), delimiter) if cells else [] for cells in filled]
            return replace(grid, rows=rows, spans={})
    return grid


def _cut(text: str, delimiter: str) -> list[Cell]:
    cells = next(csv.reader([text.replace("\n", " ")], delimiter=delimiter), [])
    return [cell.strip() or None for cell in cells]
