"""Boxes to tick typed inside one cell: "☒ je cherche ☐ je propose" is "je cherche"."""

from __future__ import annotations

import re
from dataclasses import replace

from app.readers.grid import Cell, Grid

BOX = re.compile(r"(?P<full>[☒☑✅🗹⊠]|\[ ?[xX✓✔] ?\]|\( ?[xX✓✔] ?\))|(?P<empty>[☐□▢◻⬜]|\[ ?\]|\( ?\))")
LOOKED_AT_ROWS = 500
UNANSWERED = "☐"


def ticked(grid: Grid) -> Grid:
    """Return the grid with what is ticked in place of cells of boxes, an empty box where nothing is.

    A sheet without any box in its first rows is left as it is.
    """
    first = (cell for row in grid.rows[:LOOKED_AT_ROWS] for cell in row)
    if not any(isinstance(cell, str) and BOX.search(cell) for cell in first):
        return grid
    rows = [
        [_answer(cell) if isinstance(cell, str) and BOX.search(cell) else cell for cell in row]
        for row in grid.rows
    ]
    return replace(grid, rows=rows)


def _answer(text: str) -> Cell:
    boxes = list(BOX.finditer(text))
    if not BOX.sub("", text).strip():
        return "x" if any(box["full"] for box in boxes) else None
    if not any(box["empty"] for box in boxes) and len(boxes) == 1 and boxes[0].start() > 0:
        return text  # "Palette (x)" is no list of answers.
    before = text[: boxes[0].start()].strip()
    if before and not text[boxes[-1].end() :].strip() and not before.endswith((":", "?")):
        ends = [0, *(box.end() for box in boxes)]
        answers = [text[start : box.start()] for start, box in zip(ends, boxes, strict=False) if box["full"]]
        before = ""
    else:
        starts = [*(box.start() for box in boxes[1:]), len(text)]
        answers = [text[box.end() : end] for box, end in zip(boxes, starts, strict=True) if box["full"]]
    told = " ; ".join(answer.strip(" ,;/|\n") for answer in answers if answer.strip())
    return " ".join(part for part in (before, told or UNANSWERED) if part)
