"""The header of a table: which column holds which field, and which columns make a flow of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.readers.fallbacks import by_content, grouped
from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import (
    ENDING_NUMBER,
    SITE_ANCHORS,
    SITE_FIELDS,
    YEAR,
    Column,
    column_of,
    is_contract_header,
    latest_first,
    retitled,
)
from app.readers.matrices import below, company_matrix, matrix
from app.readers.vocabulary import cell_direction, direction_said, plain
from app.readers.weighing import believed, completed, uses_for_labels

ANCHORS = frozenset({"label", "quantity", "waste_code", "mark", "month"})
HEADER_FIELDS = frozenset({"label", "quantity", "waste_code", "kind", "resource"})
PER_FLOW = frozenset({"label", "mark", "quantity", "unit", "period", "months", "waste_code", "direction"})
MIN_SHARE = 0.5  # At least half of a header's titles are known, else it is a row of data.
DIRECTION_SHARE = 0.8  # This share of a column says "input" or "output": it is the direction.
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
    titles = {place: _year(cell) for place, cell in titles.items()}
    if (
        len(titles) < 2
        or _is_answer(titles)
        or any(not isinstance(cell, str) or NUMBER.fullmatch(cell) for cell in titles.values())
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
    columns = retitled(_refined(grid, index, directed(grid, index, known_columns)))
    columns = believed(by_content(grid, index, titles, columns), grid, index)
    if not {column.field for column in columns.values()} & ANCHORS:
        crossed = _matrix(grid, index, titles, exact, again)
        if crossed is not None:
            return crossed
    cells_below = {place: below(grid, index, place) for place in titles}
    columns = latest_first(completed({p: str(t) for p, t in titles.items()}, cells_below, columns))
    columns = uses_for_labels(columns)
    if not {column.field for column in columns.values()} & ANCHORS:
        return Header(index + 1, False, {}, (columns,))
    shared, variants = variants_of(columns)
    return Header(index + 1, False, shared, variants)


def _is_answer(titles: dict[int, Cell]) -> bool:
    """Tell whether a row of two cells is a question and its answer ("Sens :", "Offre"; "Sens", "Déchets")."""
    first, *others = map(str, titles.values())
    if len(others) != 1:
        return False
    column = column_of(first)
    told = column is not None and column.field == "direction" and cell_direction(others[0]) is not None
    return told or first.rstrip().endswith(":")


def _matrix(
    grid: Grid, index: int, titles: dict[int, Cell], exact: dict[int, Column], again: bool
) -> Header | None:
    found = None if again else matrix(grid, index, titles, exact)
    found = found or company_matrix(grid, index, titles, exact)
    return None if found is None else Header(index + 1, False, *found, matrix=True)


def _continues(grid: Grid, index: int) -> bool:
    """Tell whether a row is the second line of a header: some title above is merged down to it."""
    above, here = (grid.rows[index - 1] if index else []), grid.rows[index]
    return any(
        isinstance(cell, str) and cell == title and column_of(cell) is not None
        for cell, title in zip(here, above, strict=False)
    )


def _year(cell: Cell) -> Cell:
    """Return the text of a title that is a year stored as a number."""
    text = text_of(cell)
    return text if isinstance(cell, int | float) and YEAR.fullmatch(text) else cell


def directed(grid: Grid, index: int, columns: dict[int, Column]) -> dict[int, Column]:
    """Give columns the direction of the group title above them ("Entrants" over four columns)."""
    if index == 0:
        return columns
    above = {place: cell for place, cell in enumerate(grid.rows[index - 1]) if isinstance(cell, str)}
    groups = {place: said for place, cell in above.items() if (said := direction_said(cell)) is not None}
    if len(above) < 2 or not groups:
        return columns
    directed = dict(columns)
    starts = sorted(above)
    for place, column in columns.items():
        start = max((s for s in starts if s <= place), default=None)
        if start is None or start not in groups or column.field in SITE_FIELDS:
            continue
        if place <= grid.spans.get((index, start), place):
            directed[place] = replace(column, direction=groups[start])
    return directed


def _refined(grid: Grid, index: int, columns: dict[int, Column]) -> dict[int, Column]:
    """Correct columns by what their cells hold: "Type" with inputs and outputs is the direction."""
    refined = dict(columns)
    if any(column.field == "direction" for column in columns.values()):
        return refined
    for place, column in columns.items():
        if column.field not in {"kind", "label", "legal_status"}:
            continue
        cells = below(grid, index, place)
        said = [cell for cell in cells if isinstance(cell, str) and cell_direction(cell) is not None]
        distinct = {cell_direction(cell) for cell in said}
        others = [
            p
            for p, c in columns.items()
            if p != place and c.field in {"label", "waste_code", "kind", "resource"}
        ]
        few = len({str(cell) for cell in said}) <= 4 and len(said) >= DIRECTION_SHARE * len(cells)
        if cells and others and few and (len(distinct) == 2 or column.field == "kind"):
            refined[place] = Column("direction", title=column.title)
            return refined
    return refined


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
