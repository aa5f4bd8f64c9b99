"""The tables of one sheet: where they were found, and what they are once corrected."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.readers.corrections import NO_CORRECTIONS, ColumnCorrection, Correction, Corrections
from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import Column
from app.readers.layout import Header, header_at
from app.readers.layouts import by_name as named
from app.readers.layouts import column_from, corrected, normal, signature, table_signature, titles_at
from app.readers.likely import likely_header, weighed
from app.readers.pairs import Pair, pairs_in
from app.readers.questions import Question, asked_in, questions_of
from matching.model import Direction

SEARCHED_ROWS = 500  # A sheet without titles in so many rows has none.
TITLE_ROWS = 15
MIN_QUESTIONS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A table: the row where its titles were found (from 1; 0: nowhere), and what it is once corrected."""

    layout: str
    found_row: int
    header: Header
    correction: Correction | None = None


@dataclass(slots=True)
class Tables:
    """What a sheet's titles are, with the corrections of whoever knows better.

    Attributes
    ----------
    found
        The tables, in their order.
    questions, questions_layout
        What a questionnaire asks above the first table, or in a sheet without any; its signature.
    unknown_row
        The row that looks like titles in a sheet where none was recognised, None when some were.
    """

    grid: Grid
    corrections: Corrections = field(default_factory=lambda: NO_CORRECTIONS)
    found: list[Found] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    questions_layout: str = ""
    unknown_row: int | None = None
    _due: tuple[int, Found] | None = None
    _skipping: bool = False
    _guessed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        first = self._first_header()
        self.questions = questions_of(self.grid, SEARCHED_ROWS if first is None else first)
        if len(self.questions) >= MIN_QUESTIONS:
            self.questions_layout = signature(
                self.grid.name, "questions", list(dict.fromkeys(one.title for one in self.questions))
            )
        asked = sum(bool(one.field) for one in self.questions) >= MIN_QUESTIONS
        if self._guess(asked, first) or first is not None or asked:
            return
        self.unknown_row = likely_titles(self.grid)
        layout = self.unknown_layout
        correction = self.corrections.get(layout)
        if correction is not None and _says_something(correction):
            self._take(layout, self.unknown_row, None, correction)

    def _first_header(self) -> int | None:
        """Return the first row (from 0) that is a header, None when the sheet has none."""
        grid = self.grid
        for index in range(min(SEARCHED_ROWS, len(grid.rows))):
            if index + 1 not in grid.hidden_rows and header_at(grid, index) is not None:
                return index
        return None

    def _guess(self, is_form: bool, end: int | None) -> bool:
        """Take the titles that fit best for the table's, where no wording is known; False when none fits."""
        header = likely_header(self.grid, is_form, end)
        if header is None:
            return False
        layout = table_signature(self.grid, header.row)
        correction = self.corrections.get(layout)
        if correction is not None:
            self._take(layout, header.row, None, correction)
        else:
            self._due = header.row - 1, Found(layout, header.row, header)
        self._guessed = frozenset(map(normal, titles_at(self.grid, header.row)))
        return True

    def _guessed_again(self, index: int) -> Header | None:
        """Return the header of a further table whose titles are nearly those that were guessed."""
        titles = {normal(text_of(cell)) for cell in self.grid.rows[index] if cell is not None}
        if 2 * len(titles & self._guessed) < len(self._guessed):
            return None
        found = weighed(self.grid, index)
        return found[1] if found is not None else None

    @property
    def unknown_layout(self) -> str:
        """The signature of a sheet where no titles were recognised; empty when some were."""
        return "" if self.unknown_row is None else table_signature(self.grid, self.unknown_row)

    @property
    def questionnaire(self) -> Correction | None:
        """What somebody said of the sheet's questions."""
        return self.corrections.get(self.questions_layout) if self.questions_layout else None

    def header_at(self, index: int, again: bool) -> Header | None:
        """Return the header that row ``index`` (from 0) is, or that was due by then, as it was corrected."""
        if self._due is not None:
            due, table = self._due
            if index < due:
                return None
            self._due = None
            return self._open(table)
        header = header_at(self.grid, index, again)
        if header is None and self._guessed:
            header = self._guessed_again(index)
        if header is None:
            return None
        if not self.corrections:
            return self._open(Found("", header.row, header))
        layout = table_signature(self.grid, header.row)
        correction = self.corrections.get(layout)
        if correction is None:
            return self._open(Found(layout, header.row, header))
        self._take(layout, header.row, header, correction)
        return self.header_at(index, again) if self._due is not None else None

    def _take(self, layout: str, row: int, header: Header | None, correction: Correction) -> None:
        """Correct a table, to be opened once its rows come."""
        true_row = min(max(row + (correction.header_shift or 0), 0), len(self.grid.rows))
        fixed = corrected(self.grid, true_row, header if true_row == row else None, correction)
        table = Found(layout, row, fixed, correction)
        if correction.ignored:
            self.found.append(table)
            self._skipping = True
        else:
            self._due = max(true_row - 1, 0), table

    def _open(self, table: Found) -> Header:
        self._skipping = False
        self.found.append(table)
        return table.header

    def leaves_out(self, index: int) -> bool:
        """Tell whether row ``index`` (from 0), no header, stands in a table or a form that is left out."""
        asked = self.questionnaire
        form_left_out = asked is not None and asked.ignored and not self.found
        before_titles = self._due is not None and index + 1 >= self._due[1].found_row
        return self._skipping or before_titles or form_left_out

    def direction(self) -> Direction | None:
        """Return the direction that somebody gave to the table or the form being read."""
        correction = self.found[-1].correction if self.found else self.questionnaire
        return Direction(correction.direction) if correction is not None and correction.direction else None

    def pairs_in(self, cells: Sequence[Cell]) -> list[Pair] | None:
        """Return the questions and answers of a row as ``pairs.pairs_in`` does, once corrected."""
        correction = self.questionnaire
        if correction is None or not correction.columns:
            return pairs_in(cells)
        fixes = self._by_title(correction)
        asked = asked_in(cells)
        if not any(normal(title) in fixes for title, _ in asked):
            return pairs_in(cells)
        pairs: list[Pair] = []
        for title, answer in asked:
            told = fixes.get(normal(title))
            if told is None:
                pairs += pairs_in([title, answer]) or []
            elif told.field:
                known = (pairs_in([title, answer]) or [Pair(Column(""), None)])[0].column
                same = known if known.field == told.field else None
                pairs.append(Pair(column_from(told, title, same), answer))
        return pairs

    def _by_title(self, correction: Correction) -> dict[str, ColumnCorrection]:
        """Return the corrections of questions by their title, also of those that are named by their row."""
        fixes = named(correction)
        for question in self.questions:
            if (told := correction.columns.get(question.place)) is not None:
                fixes.setdefault(normal(question.title), told)
        return fixes

    def header_of(self, row: int) -> Header | None:
        """Return the header above a row (from 1), if any."""
        place = bisect_right(self.found, row, key=lambda table: table.header.row) - 1
        return self.found[place].header if place >= 0 else None

    def column_fields(self, row: int) -> dict[str, list[int]]:
        """Return the places of the columns that hold each field, for a row (from 1)."""
        header = self.header_of(row)
        return fields_of(header) if header is not None else {}

    def signed(self) -> list[Found]:
        """Return the tables with their signatures, one a layout."""
        tables: dict[str, Found] = {}
        for table in self.found:
            layout = table.layout or table_signature(self.grid, table.found_row)
            tables.setdefault(layout, replace(table, layout=layout))
        return list(tables.values())


def fields_of(header: Header) -> dict[str, list[int]]:
    """Return the places of the columns of a header by their field."""
    places: dict[str, list[int]] = {}
    for columns in (header.shared, *header.variants):
        for place, column in columns.items():
            places.setdefault(column.field, []).append(place)
    return places


def _says_something(correction: Correction) -> bool:
    """Tell whether a correction of a list does more than leave out what was not used."""
    told = correction.ignored or correction.header_shift or correction.direction
    return bool(told) or any(one.field for one in correction.columns.values())


def likely_titles(grid: Grid) -> int:
    """Return the row (from 1) that looks most like titles: the first of the widest ones without a number.

    0 when the cells begin at once.
    """
    best, width = 0, 1
    sample = grid.rows[:TITLE_ROWS]
    for number, row in enumerate(sample, start=1):
        cells = [cell for cell in row if cell is not None]
        titled = all(isinstance(cell, str) and not _is_number(cell) for cell in cells)
        if titled and len(cells) > width and number < len(grid.rows):
            best, width = number, len(cells)
    if not best:
        return 0
    # Rows of text all the way down are their own titles only when they are wider than what follows.
    titles = [text for text in titles_at(grid, best) if text]
    return best if len(set(map(normal, titles))) == len(titles) else 0


def _is_number(text: str) -> bool:
    return text_of(text)[:1].isdigit()
