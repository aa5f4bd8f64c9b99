"""The header of a table: which column holds which field, and which columns make a flow of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.readers.companions import with_companions
from app.readers.directed import bought, directed, refined
from app.readers.fallbacks import by_content, grouped, more_lists
from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import (
    ENDING_NUMBER,
    SITE_ANCHORS,
    YEAR,
    Column,
    column_of,
    is_contract_header,
    latest_first,
    retitled,
)
from app.readers.matrices import below, company_matrix, matrix, site_rows, sites_below
from app.readers.ticks import is_cross
from app.readers.trips import trip_of
from app.readers.vocabulary import cell_direction, plain
from app.readers.weighing import believed, completed, uses_for_labels
from matching.model import Direction

ANCHORS = frozenset({"label", "quantity", "waste_code", "mark", "month"})
HEADER_FIELDS = frozenset({"label", "quantity", "waste_code", "kind", "resource"})
PER_FLOW = frozenset({"label", "mark", "quantity", "unit", "period", "months", "waste_code", "direction"})
MIN_SHARE = 0.5  # At least half of a header's titles are known, else it is a row of data.
NUMBER = re.compile(r"(?!(?:19|20)\d\d$)[-+]?[\d\s.,]*\d")


@dataclass(frozen=True, slots=True)
class Header:
    """A table's columns.

    Attributes
    ----------
    row
        The header's row, counted from 1.
    strict
        The titles are the contract's own.
    shared
        Columns that count for every flow of a row.
    variants
        The columns of each flow of a row; one variant in an ordinary table.
    matrix
        Whether each variant is a column whose title is the label and whose cells are the quantity.
    companies, site_rows
        What rows such as "Commune" tell of the company of each column, and these rows (from 1).
    bought
        The direction of a table whose titles are those of orders: what it lists comes in.
    trip
        Where the departure and the arrival of trips stand.
    fields
        The fields that some column holds.
    sites_only
        Whether the table lists sites, not flows.
    """

    row: int
    strict: bool
    shared: dict[int, Column]
    variants: tuple[dict[int, Column], ...]
    matrix: bool = False
    companies: Mapping[int, Mapping[str, Cell]] = field(default_factory=dict)
    site_rows: frozenset[int] = frozenset()
    bought: Direction | None = None
    trip: tuple[int, int] | None = None
    fields: frozenset[str] = field(init=False)
    sites_only: bool = field(init=False)

    def __post_init__(self) -> None:
        columns = [*self.shared.values(), *(c for variant in self.variants for c in variant.values())]
        fields = frozenset(column.field for column in columns)
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "sites_only", not (fields & ANCHORS) and not self.matrix)


def header_at(grid: Grid, index: int, again: bool = False) -> Header | None:
    """Return the header that row ``index`` (from 0) is, or None.

    Parameters
    ----------
    again
        Whether a table is already open: a second header must then be surer.
    """
    cells = grid.rows[index]
    titles: dict[int, Cell] = {place: cell for place, cell in enumerate(cells) if cell is not None}
    if is_contract_header(cells):
        columns = {place: Column(str(cell).strip().lower()) for place, cell in titles.items()}
        return Header(index + 1, True, {}, (columns,))
    titles = {place: _dated(cell) for place, cell in titles.items()}
    if (
        len(titles) < 2
        or _is_answer(titles)
        or _are_answers(titles)
        or any(not isinstance(cell, str) or NUMBER.fullmatch(cell) for cell in titles.values())
        or sum(map(is_cross, titles.values())) > 1
    ):
        return None
    again = again and not _continues(grid, index)
    exact = {place: column for place, cell in titles.items() if (column := column_of(str(cell))) is not None}
    known = {column.field for column in exact.values()} - {"ignore"}
    enough = 3 if again else 2
    if len(known) < enough or len(exact) < MIN_SHARE * len(titles):
        return _matrix(grid, index, titles, exact, again)
    if not known & (HEADER_FIELDS | SITE_ANCHORS):
        return None
    loose = {
        place: column for place, cell in titles.items() if (column := column_of(str(cell), True)) is not None
    }
    known_columns = grouped(grid, index, titles) | loose | exact
    known_columns = with_companions(grid, index, titles, known_columns)
    columns = retitled(refined(grid, index, directed(grid, index, known_columns)))
    columns = believed(by_content(grid, index, titles, columns), grid, index)
    if not {column.field for column in columns.values()} & ANCHORS:
        crossed = _matrix(grid, index, titles, exact, again)
        if crossed is not None:
            return crossed
    cells_below = {place: below(grid, index, place) for place in titles}
    columns = latest_first(completed({p: str(t) for p, t in titles.items()}, cells_below, columns))
    columns = more_lists(grid, index, titles, uses_for_labels(columns))
    if not {column.field for column in columns.values()} & ANCHORS:
        return Header(index + 1, False, {}, (columns,))
    shared, variants = variants_of(columns)
    return Header(
        index + 1, False, shared, variants, bought=bought(map(str, titles.values())), trip=trip_of(titles)
    )


def _is_answer(titles: dict[int, Cell]) -> bool:
    """Tell whether a row of two cells is a question and its answer ("Sens :", "Offre"; "Sens", "Déchets")."""
    first, *others = map(str, titles.values())
    if len(others) != 1:
        return False
    column = column_of(first)
    told = column is not None and column.field == "direction" and cell_direction(others[0]) is not None
    return told or first.rstrip().endswith(":")


def _are_answers(titles: dict[int, Cell]) -> bool:
    """Tell whether every other cell of a row asks for what the next one answers ("Commune :", "Orthez")."""
    asked = [isinstance(cell, str) and cell.rstrip().endswith(":") for cell in titles.values()]
    return len(asked) > 2 and asked[::2] == [True] * len(asked[::2]) and not any(asked[1::2])


def _matrix(
    grid: Grid, index: int, titles: dict[int, Cell], exact: dict[int, Column], again: bool
) -> Header | None:
    found = None if again else matrix(grid, index, titles, exact)
    if found is not None:
        return Header(index + 1, False, *found, matrix=True)
    found = company_matrix(grid, index, titles, exact)
    if found is None:
        return None
    shared, variants = found
    place = next(place for place, column in shared.items() if column.field == "label")
    companies = sites_below(grid, index, place, [place for variant in variants for place in variant])
    rows = frozenset(row for row, _ in site_rows(grid, index, place))
    return Header(index + 1, False, shared, variants, matrix=True, companies=companies, site_rows=rows)


def _continues(grid: Grid, index: int) -> bool:
    """Tell whether a row is the second line of a header: some title above is merged down to it."""
    above, here = (grid.rows[index - 1] if index else []), grid.rows[index]
    return any(
        isinstance(cell, str) and cell == title and column_of(cell) is not None
        for cell, title in zip(here, above, strict=False)
    )


def _dated(cell: Cell) -> Cell:
    """Return the text of a title that is a year stored as a number, or a month stored as its first day."""
    text = text_of(cell)
    if isinstance(cell, date):
        return text if cell.day == 1 else cell
    return text if isinstance(cell, int | float) and YEAR.fullmatch(text) else cell


def variants_of(columns: dict[int, Column]) -> tuple[dict[int, Column], tuple[dict[int, Column], ...]]:
    """Split the columns of a table whose rows hold a need and a surplus side by side."""
    labels = [place for place, column in columns.items() if column.field == "label"]
    marks = [place for place, column in columns.items() if column.field == "mark"]
    numbered = [place for place in labels if ENDING_NUMBER.search(plain(columns[place].title))]
    if len(labels) > 1 and (len({columns[place].direction for place in labels}) > 1 or len(numbered) > 1):
        return _blocks(columns, labels)
    amounts = [place for place, column in columns.items() if column.field == "quantity" and column.direction]
    splitters = marks if marks and "direction" not in {c.field for c in columns.values()} else amounts
    if len({columns[place].direction for place in splitters}) > 1:
        shared = {place: column for place, column in columns.items() if place not in splitters}
        units = [place for place, column in columns.items() if column.field == "unit"]
        if len(units) == len(splitters) > 1 and all(place + 1 in units for place in splitters):
            shared = {place: column for place, column in shared.items() if place not in units}
            return shared, tuple({p: columns[p], p + 1: columns[p + 1]} for p in sorted(splitters))
        return shared, tuple({place: columns[place]} for place in sorted(splitters))
    return {}, (columns,)


def _blocks(
    columns: dict[int, Column], labels: Sequence[int]
) -> tuple[dict[int, Column], tuple[dict[int, Column], ...]]:
    starts = _starts(columns, sorted(labels))
    blocks: list[dict[int, Column]] = [{} for _ in starts]
    shared: dict[int, Column] = {}
    counts: dict[str, int] = {}
    for column in columns.values():
        counts[column.field] = counts.get(column.field, 0) + 1
    for place, column in columns.items():
        owner = sum(start <= place for start in starts) - 1
        lonely = counts[column.field] == 1 and column.field not in PER_FLOW
        if owner < 0 or lonely:
            shared[place] = column
        else:
            blocks[owner][place] = column
    return shared, tuple(blocks)


def _starts(columns: dict[int, Column], labels: list[int]) -> list[int]:
    """Return where each block begins: at its company when every block has its own, else at its label."""
    anchors = sorted(place for place, column in columns.items() if column.field in SITE_ANCHORS)
    own = len(anchors) == len(labels) and all(
        anchor < label and (following is None or label < following)
        for anchor, label, following in zip(anchors, labels, [*anchors[1:], None], strict=True)
    )
    return anchors if own else labels
