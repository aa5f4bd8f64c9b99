"""Titles that no table of wordings knows: the row that fits best what stands under it."""

from __future__ import annotations

from collections.abc import Mapping

from app.readers.contents import is_number, share
from app.readers.directed import bought, directed
from app.readers.evidence import CODED, SENTENCES
from app.readers.fallbacks import more_lists
from app.readers.grid import Grid, text_of
from app.readers.headers import YEAR, latest_first, retitled
from app.readers.layout import ANCHORS, Header, variants_of
from app.readers.matrices import below
from app.readers.sentences import is_sentence
from app.readers.titles import is_total
from app.readers.trips import trip_of
from app.readers.vocabulary import cell_direction
from app.readers.weighing import assigned, name_words
from matching.model import Direction

SEARCHED = 40  # Rows; above are titles and addresses, never so many.
MIN_TITLES, MIN_OF_FORM = 3, 4
MIN_TITLED = 2
BOTH = frozenset(Direction)


def likely_header(grid: Grid, is_form: bool = False, end: int | None = None) -> Header | None:
    """Return the header of a sheet whose titles are not known, or None when no row looks like one.

    Parameters
    ----------
    is_form
        Whether the sheet also holds questions and answers: titles must then be more.
    end
        The row (from 0) of the first titles that are known: only a table with amounts above them is sought.
    """
    least = MIN_OF_FORM if is_form else MIN_TITLES
    best: tuple[float, Header] | None = None
    last = len(grid.rows) - 1 if end is None else end - 1
    for index in range(min(SEARCHED, last)):
        if index + 1 in grid.hidden_rows or (end is not None and not _has_amounts(grid, index + 1, end)):
            continue
        found = weighed(grid, index, least)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best[1] if best is not None else None


def weighed(grid: Grid, index: int, least: int = MIN_TITLES) -> tuple[float, Header] | None:
    """Return how well row ``index`` (from 0) fits as titles, and the header it makes, or None."""
    titles = {place: text_of(cell) for place, cell in enumerate(grid.rows[index]) if cell is not None}
    if (
        len(titles) < (len(BOTH) if _are_two_lists(titles) else least)
        or not all(map(_is_title, titles.values()))
        or is_total(next(iter(titles.values())))
    ):
        return None
    cells = {place: below(grid, index, place) for place in range(max(map(len, grid.rows[index : index + 2])))}
    guesses = assigned(titles, cells)
    told = any(share(cells[place], is_sentence) >= SENTENCES for place in guesses)
    if not told and sum(guess.titled for guess in guesses.values()) < min(MIN_TITLED, len(titles)):
        return None
    columns = {place: guess.column for place, guess in guesses.items()}
    name_words(titles, cells, columns)
    columns = retitled(latest_first(directed(grid, index, columns)))
    columns = more_lists(grid, index, titles, columns)
    fields = {column.field for column in columns.values()}
    if not fields & ANCHORS or not fields & {"label", "waste_code", "mark"}:
        return None
    shared, variants = variants_of(columns)
    total = sum(guess.weight for guess in guesses.values() if guess.column.field != "ignore")
    return total, Header(
        index + 1, False, shared, variants, bought=bought(titles.values()), trip=trip_of(titles)
    )


def _are_two_lists(titles: Mapping[int, str]) -> bool:
    """Tell whether two titles are "Besoins" and "Ressources", each above things."""
    return {cell_direction(title) for title in titles.values()} == BOTH and len(titles) == len(BOTH)


def _has_amounts(grid: Grid, start: int, end: int) -> bool:
    rows = ([cell for cell in row if cell is not None] for row in grid.rows[start:end])
    return any(len(cells) >= MIN_TITLES and any(map(is_number, map(text_of, cells))) for cells in rows)


def _is_title(text: str) -> bool:
    bare = CODED.sub("", text)
    numbered = is_number(bare) and any(char.isdigit() for char in bare)
    return bool(YEAR.fullmatch(text)) or not (numbered or text.rstrip().endswith(":"))
