"""How a sheet writes numbers: whether "3,400" is three thousand four hundred or three point four.

French and English marks contradict each other, and only other cells or the language of a sheet can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache

from app.readers.grid import Cell, Grid
from app.readers.vocabulary import plain, table

LOOKED_AT_ROWS = 2_000
FIRST = r"^(?:[~<>≈=]|env\.?|about|approx\.?)?\s*[-+−]?"
AMBIGUOUS = re.compile(FIRST + r"[1-9]\d{0,2},\d{3}(?![\d.,])")
ENGLISH_NUMBER = re.compile(FIRST + r"\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,}(?![\d.,]))")
# A number and its unit alone: "1.2 Déchets" is a numbered title.
DOTTED_NUMBER = re.compile(FIRST + r"(?:0|[1-9]\d*)\.\d{1,2}\s*(?:[^\W\d]{1,4}[23]?(?:/\w+)?)?$")
FRENCH_NUMBER = re.compile(FIRST + r"(?:0,\d+|\d+,\d{1,2}|\d+,\d{4,}|\d{4,},\d+)(?![\d.,])")
MIN_WORDS = 3  # Own estimate: so many words of a language, and twice those of the other, tell a sheet's.


class Marks(IntEnum):
    """What dots and commas of numbers are.

    ``COMMA``: a comma is the decimal mark, a dot before three digits separates thousands. ``DOT``: so is a
    dot, always. ``ENGLISH``: a dot is the decimal mark and commas separate thousands.
    """

    COMMA = 0
    DOT = 1
    ENGLISH = 2


def with_marks(grid: Grid) -> Grid:
    """Return the grid with what its numbers and its words tell of how it writes numbers."""
    texts = [cell for row in grid.rows[:LOOKED_AT_ROWS] for cell in row if isinstance(cell, str)]
    if not any(map(AMBIGUOUS.match, texts)) and not any(map(ENGLISH_NUMBER.match, texts)):
        return grid
    if any(map(FRENCH_NUMBER.match, texts)):
        return replace(grid, comma_told=True)
    told = any(ENGLISH_NUMBER.match(text) or DOTTED_NUMBER.match(text) for text in texts)
    return replace(grid, english=told or is_english(texts))


def marks_of(grid: Grid) -> Marks:
    """Return how a sheet writes numbers."""
    return Marks.ENGLISH if grid.english else Marks(grid.decimal_dot)


@lru_cache(maxsize=1)
def _languages() -> dict[str, frozenset[str]]:
    rows = table("language_words.csv")
    return {
        language: frozenset(plain(row["wording"]) for row in rows if row["language"] == language)
        for language in ("en", "fr")
    }


def is_english(texts: Sequence[str]) -> bool:
    """Tell whether the words of a sheet are rather English than French."""
    words = list(_words(texts))
    english, french = (sum(word in _languages()[code] for word in words) for code in ("en", "fr"))
    return english >= MIN_WORDS and english >= 2 * french


def _words(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from plain(text).split()


def is_doubtful(text: Cell, grid_marks: int, comma_told: bool) -> bool:
    """Tell whether a cell's only comma stands before three digits and nothing tells what it means."""
    doubt = grid_marks != Marks.ENGLISH and not comma_told
    return doubt and isinstance(text, str) and AMBIGUOUS.match(text.strip().lower()) is not None
