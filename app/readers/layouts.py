"""The signature of a layout, and its columns once somebody has corrected them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import blake2s

from xlsxwriter.utility import xl_col_to_name

from app.readers.corrections import ColumnCorrection, Correction
from app.readers.directed import bought
from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import CONTRACT_FIELDS, Column, column_of, latest_first
from app.readers.hints import title_hints
from app.readers.layout import Header, header_at, variants_of
from app.readers.matrices import quantities
from app.readers.rows import JOINED
from app.readers.titles import sheet_direction
from app.readers.trips import trip_of
from app.readers.understanding import AMOUNT
from app.readers.units import Rhythm
from app.readers.vocabulary import plain, unaccented
from matching.model import Direction, Period

YEARS = re.compile(r"\b(?:19|20)\d\d\b")
DIGEST_BYTES = 8
SAMPLED = 40  # Rows that tell what kind of cells a column without titles holds.


def normal(title: str) -> str:
    """Return a title as signatures and corrections compare it: plain words, any year alike."""
    return YEARS.sub("#", plain(title))


def signature(sheet: str | None, shape: str, titles: Sequence[str]) -> str:
    """Return the signature of a layout: sixteen hexadecimal digits.

    Sheets of one direction ("Entrants", "Sortants") that share their titles are two layouts.
    """
    said = sheet_direction(sheet or "")
    told = json.dumps([shape, said.value if said else "", *map(normal, titles)], ensure_ascii=False)
    return blake2s(told.encode(), digest_size=DIGEST_BYTES).hexdigest()


def titles_at(grid: Grid, row: int) -> list[str]:
    """Return the titles of row ``row`` (from 1; 0: none) by place, without the empty ones at the end."""
    titles = [text_of(cell) for cell in grid.rows[row - 1]] if 0 < row <= len(grid.rows) else []
    while titles and not titles[-1].strip():
        titles.pop()
    return titles


def table_signature(grid: Grid, row: int) -> str:
    """Return the signature of the table whose titles stand in a row; of its kinds of cells without any."""
    titles = titles_at(grid, row)
    if titles:
        return signature(grid.name, "table", titles)
    sample = grid.rows[:SAMPLED]
    width = max((len(cells) for cells in sample), default=0)
    kinds = [_kind_of([row[place] for row in sample if place < len(row)]) for place in range(width)]
    return signature(grid.name, "bare", kinds)


def _kind_of(cells: Sequence[Cell]) -> str:
    filled = [cell for cell in cells if cell is not None]
    texts = sum(isinstance(cell, str) for cell in filled)
    return "" if not filled else "text" if 2 * texts > len(filled) else "number"


def by_name(correction: Correction) -> dict[str, ColumnCorrection]:
    """Return the corrected columns by their letters or row, and by their title as it is compared."""
    return {**{normal(name): one for name, one in correction.columns.items()}, **correction.columns}


def column_from(told: ColumnCorrection, title: str, found: Column | None = None) -> Column:
    """Return the column that a correction makes, as if its title were exact.

    What it leaves open is what the title, or the column as it was ``found``, says.
    """
    if told.field == "month":
        # Its title tells which one; amounts of no month are nobody's.
        named = column_of(title) if title else None
        return named if named is not None and named.field == "month" else Column("ignore", title=title)
    if not told.field:
        return Column("ignore", title=title)
    unit, rhythm, _ = title_hints(unaccented(title))
    known = found or Column("")
    return Column(
        told.field,
        Direction(told.direction) if told.direction else known.direction,
        told.unit or known.unit or unit,
        _rhythm(told.period, known.rhythm or rhythm),
        title,
    )


def _rhythm(period: str, said: Rhythm | None) -> Rhythm | None:
    """Return the rhythm of a corrected period; "twice a month" stays so when only the month is repeated."""
    if not period or (said is not None and said.period == period):
        return said
    return Rhythm(Period(period))


def columns_of(header: Header) -> dict[int, Column]:
    """Return the columns of a header by place; those of a matrix are amounts of what their title names."""
    found = dict(header.shared)
    for variant in header.variants:
        for place, column in variant.items():
            found[place] = replace(column, field=AMOUNT) if header.matrix else column
    return found


def corrected(grid: Grid, row: int, found: Header | None, correction: Correction) -> Header:
    """Return the header of a table as somebody corrected it.

    Parameters
    ----------
    row
        The row of the true titles, from 1; 0: none.
    found
        The header that was found in that row, if any.
    """
    titles = titles_at(grid, row)
    if found is None and row > 0:
        found = header_at(grid, row - 1)
    columns = columns_of(found) if found is not None else told_by(titles)
    fixes = fixes_of(grid, row, titles, correction)
    fixed = {
        place: column_from(one, titles[place] if place < len(titles) else "", columns.get(place))
        for place, one in fixes.items()
    }
    kept = {place: column for place, column in columns.items() if place not in fixed}
    taken = {(column.field, column.direction) for column in fixed.values()} - {("ignore", None)}
    for place, column in kept.items():
        alone = column.field not in {*JOINED, AMOUNT, "month", "ignore"}
        if alone and (column.field, column.direction) in taken:
            kept[place] = Column("ignore", title=column.title)
    strict = found is not None and found.strict and _is_strict(fixes.values())
    header = _header(row, {**kept, **fixed}, strict, titles)
    if found is None or not header.matrix:
        return header
    return replace(header, companies=found.companies, site_rows=found.site_rows)


def told_by(titles: Sequence[str]) -> dict[int, Column]:
    """Return the columns of titles that say what they are, each alone."""
    told = {place: column_of(title) for place, title in enumerate(titles) if title.strip()}
    return {place: column for place, column in told.items() if column is not None}


def fixes_of(
    grid: Grid, row: int, titles: Sequence[str], correction: Correction
) -> dict[int, ColumnCorrection]:
    """Return the corrections of a table's columns by place; those of no column are left out."""
    width = max((len(cells) for cells in grid.rows[max(row - 1, 0) : row + SAMPLED]), default=0)
    fixes: dict[int, ColumnCorrection] = {}
    width = max(width, len(titles))
    # The letters of a column are never taken for the title "A" of another.
    letters = {place_name(grid, place) for place in range(width)}
    named = {normal(name): one for name, one in correction.columns.items() if name not in letters}
    for place in range(width):
        title = normal(titles[place]) if place < len(titles) else ""
        told = correction.columns.get(place_name(grid, place)) or (named.get(title) if title else None)
        if told is not None:
            fixes[place] = told
    return fixes


def place_name(grid: Grid, place: int) -> str:
    """Return how a column is named: by its letters, by its row in a table that lies on its side."""
    return str(place + 1) if grid.turned else xl_col_to_name(place)


def _is_strict(fixes: Iterable[ColumnCorrection]) -> bool:
    """Tell whether corrections only say which of the contract's columns is which."""
    known = CONTRACT_FIELDS | {""}
    return all(one.field in known and not (one.direction or one.unit or one.period) for one in fixes)


def _header(row: int, columns: dict[int, Column], strict: bool, titles: Sequence[str]) -> Header:
    amounts = {place: column for place, column in columns.items() if column.field == AMOUNT}
    if amounts:
        shared = {place: column for place, column in columns.items() if place not in amounts}
        # A quantity beside amounts would be everybody's.
        shared = {place: column for place, column in shared.items() if column.field != "quantity"}
        variants = tuple({place: _amount(column)} for place, column in sorted(amounts.items()))
        return Header(row, False, shared, variants, matrix=True)
    used = {place: column for place, column in columns.items() if column.field != "ignore"}
    if not used:
        return Header(row, False, {}, ({0: Column("ignore")},))
    if strict:
        return Header(row, True, {}, (used,))
    shared, blocks = variants_of(latest_first(dict(sorted(columns.items()))))
    return Header(row, False, shared, blocks, bought=bought(titles), trip=trip_of(dict(enumerate(titles))))


def _amount(column: Column) -> Column:
    said = quantities(column.title, "")
    return Column(
        "quantity",
        column.direction or said.direction,
        column.unit or said.unit,
        column.rhythm or said.rhythm,
        said.title,
    )
