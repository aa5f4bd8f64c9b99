"""What was understood of the tables of a sheet, column by column, for people to check and correct."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.readers.corrections import ColumnCorrection, Correction
from app.readers.grid import Grid, text_of
from app.readers.headers import Column, column_of
from app.readers.layouts import (
    by_name,
    column_from,
    columns_of,
    fixes_of,
    normal,
    place_name,
    titles_at,
    told_by,
)
from app.readers.questions import Question
from app.readers.tables import Found, Tables
from app.readers.understanding import ColumnRead, How, Shape, TableRead

MOST_COLUMNS = 300
SAMPLED_ROWS = 40
MOST_SAMPLES = 3
LONGEST_SAMPLE = 60
NOTHING = Column("ignore")


def tables_read(tables: Tables, read_rows: bool) -> list[TableRead]:
    """Return the tables of a sheet, one a layout; ``read_rows``: some of its rows were read."""
    described = [_table(tables.grid, table) for table in tables.signed()]
    if tables.questions_layout and (tables.questionnaire or any(one.field for one in tables.questions)):
        described.insert(0, _questions(tables))
    elif not described and tables.unknown_row is not None and tables.grid.rows:
        row = tables.unknown_row
        columns = _columns(tables.grid, row, told_by(titles_at(tables.grid, row)), {})
        shape: Shape = "list" if read_rows else "unknown"
        if len(columns) > 1:
            described.append(TableRead(tables.grid.name, row, tables.unknown_layout, shape, columns, row))
    return described


def _table(grid: Grid, table: Found) -> TableRead:
    header, correction = table.header, table.correction or Correction()
    fixes = fixes_of(grid, header.row, titles_at(grid, header.row), correction)
    shape: Shape = "turned" if grid.turned else "matrix" if header.matrix else "table"
    return TableRead(
        grid.name,
        header.row,
        table.layout,
        "contract" if header.strict else shape,
        _columns(grid, header.row, columns_of(header), fixes),
        table.found_row,
        correction.ignored,
        correction.direction,
    )


def _columns(
    grid: Grid, number: int, columns: dict[int, Column], fixes: dict[int, ColumnCorrection]
) -> tuple[ColumnRead, ...]:
    titles = titles_at(grid, number)
    sample = grid.rows[number : number + SAMPLED_ROWS]
    width = max([len(titles), *map(len, sample)], default=0)
    found: list[ColumnRead] = []
    for place in range(min(width, MOST_COLUMNS)):
        title = titles[place] if place < len(titles) else ""
        filled = [text_of(row[place]) for row in sample if place < len(row) and row[place] is not None]
        if title or filled or place in fixes:
            samples = [text[:LONGEST_SAMPLE] for text in filled[:MOST_SAMPLES]]
            name, column = place_name(grid, place), columns.get(place, NOTHING)
            found.append(_column(name, title, column, place in fixes, samples))
    return tuple(found)


def _column(place: str, title: str, column: Column, is_corrected: bool, samples: Sequence[str]) -> ColumnRead:
    if column.field == "ignore":
        unused: How = "corrected" if is_corrected else "ignored"
        return ColumnRead(place, title, "", unused, samples=tuple(samples))
    said = column_of(title) if title else None
    how: How = "exact" if said is not None and said.field == column.field else "guessed"
    return ColumnRead(
        place,
        title,
        column.field,
        "corrected" if is_corrected else how,
        column.direction.value if column.direction else "",
        column.unit,
        column.rhythm.period.value if column.rhythm else "",
        tuple(samples),
    )


def _questions(tables: Tables) -> TableRead:
    correction = tables.questionnaire or Correction()
    fixes = by_name(correction)
    asked: dict[str, list[Question]] = {}
    for question in tables.questions[:MOST_COLUMNS]:
        asked.setdefault(normal(question.title), []).append(question)
    columns: list[ColumnRead] = []
    for title, alike in asked.items():
        first = alike[0]
        told = fixes.get(title) or fixes.get(first.place)
        column = first.column or NOTHING
        if told is not None:
            column = column_from(told, first.title, column if column.field == told.field else None)
        samples = [one.answer[:LONGEST_SAMPLE] for one in alike if one.answer][:MOST_SAMPLES]
        columns.append(_column(first.place, first.title, column, told is not None, samples))
    row = tables.questions[0].row
    return TableRead(
        tables.grid.name,
        row,
        tables.questions_layout,
        "questions",
        tuple(columns),
        row,
        correction.ignored,
        correction.direction,
    )


def missing_columns(table: TableRead, correction: Correction) -> Iterable[str]:
    """Yield the names of corrected columns that the table does not have."""
    known = {column.place for column in table.columns} | {normal(column.title) for column in table.columns}
    for name in correction.columns:
        if name not in known and normal(name) not in known:
            yield name
