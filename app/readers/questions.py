"""What a form asks, line by line, whether or not it is understood or answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import Column
from app.readers.pairs import ONE_CELL, Pair, pairs_in
from app.readers.titles import is_note, section_of

MAX_CELLS = 4
MAX_TITLE = 120


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its row (from 1), its words, its column when it was understood, its answer."""

    row: int
    title: str
    column: Column | None
    answer: str
    rank: int = 1

    @property
    def place(self) -> str:
        """Its name: its row, and its rank (``7.2``) when it is not the first of that row."""
        return str(self.row) if self.rank == 1 else f"{self.row}.{self.rank}"

    @property
    def field(self) -> str:
        """The field it asks for; empty when it is not understood."""
        return self.column.field if self.column is not None else ""


def asked_in(cells: Sequence[Cell]) -> list[tuple[str, Cell]]:
    """Return the questions of a row of filled cells with their answers, None for an empty one."""
    if not cells or len(cells) > MAX_CELLS or not isinstance(cells[0], str):
        return []
    split = [ONE_CELL.match(cell) if isinstance(cell, str) else None for cell in cells]
    if all(split):
        return [(found[1].strip(), found[2].strip()) for found in split if found is not None]
    if len(cells) == MAX_CELLS and isinstance(cells[2], str) and _is_question(cells[2]):
        return [(_bare(cells[0]), cells[1]), (_bare(cells[2]), cells[3])]
    answer = None if len(cells) == 1 else cells[1] if len(cells) == 2 else " ".join(map(text_of, cells[1:]))
    return [(_bare(cells[0]), answer)]


def _bare(title: str) -> str:
    return title.strip().rstrip(":* ").strip()


def _is_question(text: str) -> bool:
    return text.rstrip().endswith((":", "?")) or pairs_in([text, "-"]) is not None


def questions_of(grid: Grid, end: int) -> list[Question]:
    """Return the questions of the rows before ``end`` (from 0): understood, or with a colon or question mark.

    Answers, or that there is none, change nothing to which lines are questions.
    """
    questions: list[Question] = []
    for index, row in enumerate(grid.rows[:end]):
        cells = [cell for cell in row if cell is not None]
        first = cells[0] if cells else None
        if not isinstance(first, str) or index + 1 in grid.hidden_rows:
            continue
        asks = first.rstrip().endswith((":", "?"))
        alone = len(cells) == 1 and not asks and not ONE_CELL.match(first)
        if is_note(first) or (alone and section_of(first) is not None):
            continue
        for rank, (title, answer) in enumerate(asked_in(cells), start=1):
            pair = _pair(title, answer, first)
            if title and len(title) <= MAX_TITLE and (asks or pair is not None):
                questions.append(
                    Question(index + 1, title, pair.column if pair else None, text_of(answer), rank)
                )
    return questions


def _pair(title: str, answer: Cell, first: str) -> Pair | None:
    ending = first.rstrip()[-1:] if first.rstrip().endswith((":", "?")) else ""
    pairs = pairs_in([f"{title.rstrip('?')}{ending}", answer if answer is not None else "-"])
    return pairs[0] if pairs else None
