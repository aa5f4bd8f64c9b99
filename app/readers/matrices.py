"""Tables whose cells are quantities: one column a resource, or one row a resource, one column a company."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.readers.grid import Cell, Grid
from app.readers.guesses import kind_in_words
from app.readers.headers import SITE_ANCHORS, SITE_FIELDS, Column, column_of
from app.readers.hints import BRACKETS, title_hints
from app.readers.ticks import is_cross
from app.readers.titles import is_total, names_a_site
from app.readers.units import split_rhythm
from app.readers.vocabulary import direction_said, plain, unaccented, without_direction

NAMING = frozenset({"label", "resource", "kind"})
BESIDE = frozenset({"ignore", "kind", "comment", "unit", "waste_code"})  # Columns of all companies.
MOST_SITE_ROWS = 5
MIN_SHARE = 0.5
MEASURED_SHARE = 0.6  # This share of a column's cells begin with a number: it holds quantities.
MIN_COMPANIES = 2
SAMPLE_ROWS = 40
AMOUNT = re.compile(
    r"(?:q\d+ )?(?:qtes?|quantites?|qt|qty|tonnages?|volumes?|poids|masse)"
    r"(?: (?:en )?[a-z]{1,3}\d?)?(?: \d+)?"
)
LEVEL = re.compile(r"°\s?C|%")
Split = tuple[dict[int, Column], tuple[dict[int, Column], ...]]


def below(grid: Grid, index: int, place: int) -> list[Cell]:
    """Return the filled cells of a column in the rows below row ``index`` (from 0)."""
    rows = grid.rows[index + 1 : index + 1 + SAMPLE_ROWS]
    return [row[place] for row in rows if place < len(row) and row[place] is not None]


def group_above(grid: Grid, index: int, place: int) -> str:
    """Return the title that stands over a column in the row above row ``index``, or ""."""
    above = grid.rows[index - 1] if index > 0 else []
    starts = [start for start, cell in enumerate(above) if isinstance(cell, str) and start <= place]
    if not starts:
        return ""
    start = max(starts)
    reach = grid.spans.get((index, start))
    if reach is not None:
        return str(above[start]) if place <= reach else ""
    alone = sum(cell is not None for cell in above) == 1
    if alone and all(cell is None for cell in grid.rows[index][:start]):
        return ""  # The title of the whole table.
    return str(above[start]) if place == start else ""


def matrix(grid: Grid, index: int, titles: Mapping[int, Cell], exact: Mapping[int, Column]) -> Split | None:
    """Return the columns of a table with one column a resource ("Carton (t/an)"), or None."""
    sites = {
        place: column
        for place, column in exact.items()
        if column.field in SITE_FIELDS or column.field == "ignore"
    }
    anchor = next((place for place, column in sites.items() if column.field in SITE_ANCHORS), None)
    if anchor is None or str(titles[anchor]).rstrip().endswith((":", "?")):
        return None
    first = below(grid, index, anchor)[:1]
    if not first or (isinstance(first[0], str) and column_of(first[0].rstrip(" :")) is not None):
        return None
    others = {place: str(cell) for place, cell in titles.items() if place not in exact}
    kept = {place: title for place, title in others.items() if _is_filled_in(below(grid, index, place))}
    if not kept or len(kept) < MIN_SHARE * len(others):
        return None
    measured, kept = len(kept), _things(kept)
    if not kept or len(kept) < MIN_SHARE * measured or _are_directions(kept):
        return None
    return sites, tuple(
        {place: quantities(title, group_above(grid, index, place))} for place, title in kept.items()
    )


def _are_directions(titles: Mapping[int, str]) -> bool:
    """Tell whether titles say "Prélèvement" and "Rejet", and no thing."""
    bare = [BRACKETS.sub(" ", title) for title in titles.values()]
    return len({direction_said(title) for title in bare} - {None}) > 1 and not any(
        map(without_direction, bare)
    )


def _things(titles: Mapping[int, str]) -> dict[int, str]:
    """Return the titles that name things: no level ("°C"), no amount of what another names, no mere count."""
    hints = {place: title_hints(unaccented(title))[:2] for place, title in titles.items()}
    measured = any(unit for unit, _ in hints.values())
    return {
        place: title
        for place, title in titles.items()
        if not LEVEL.search(title)
        and not AMOUNT.fullmatch(plain(title.replace("_", " ")))
        and (hints[place][0] or not measured or not _only_counts(title))
    }


def _only_counts(title: str) -> bool:
    """Tell whether a title counts what is no resource ("Couverts par jour", not "Palettes par mois")."""
    bare = BRACKETS.sub(" ", title)
    return split_rhythm(bare)[0] is not None and kind_in_words(bare) is None


def _is_filled_in(cells: Sequence[Cell]) -> bool:
    """Tell whether the cells under a resource are its amounts, or crosses."""
    return is_measured(cells) or (bool(cells) and all(map(is_cross, cells)))


def company_matrix(
    grid: Grid, index: int, titles: Mapping[int, Cell], exact: Mapping[int, Column]
) -> Split | None:
    """Return the columns of a table with one row a resource and one column a company, or None.

    Every title but those of the things must be a name that no column has, above amounts or crosses and
    nothing else; rows that tell the towns of the companies are left aside.
    """
    place = _things_at(titles, exact)
    if place is None:
        return None
    companies = [other for other in sorted(titles) if other not in exact]
    kept = {other: column for other, column in exact.items() if other != place}
    if len(companies) < MIN_COMPANIES or any(column.field not in BESIDE for column in kept.values()):
        return None
    told = {row for row, _ in site_rows(grid, index, place)}
    block = [row for number, row in _block(grid, index) if number not in told]
    things = [row[place] for row in block if place < len(row)]
    if any(isinstance(thing, str) and column_of(thing.rstrip(" :")) is not None for thing in things):
        return None
    for other in companies:
        cells = [row[other] for row in block if other < len(row) and row[other] is not None]
        title = str(titles[other])
        if (
            (cells and not is_measured([cell for cell in cells if not is_cross(cell)] or [0], 1.0))
            or not names_a_site(title)
            or column_of(title, True) is not None
        ):
            return None
    named = exact[place]
    label = Column("label", named.direction, title=named.title)
    return {**kept, place: label}, tuple(
        {other: quantities(str(titles[other]), group_above(grid, index, other))} for other in companies
    )


def _things_at(titles: Mapping[int, Cell], exact: Mapping[int, Column]) -> int | None:
    """Return where the things stand in a table with one column a company: left of every company."""
    naming = {place: column.field for place, column in exact.items() if column.field in NAMING}
    if not naming or min(titles) not in exact:
        return None
    place = min(naming, key=lambda place: (naming[place] != "label", place))
    return place if all(place < other for other in titles if other not in exact) else None


def site_rows(grid: Grid, index: int, place: int) -> Iterator[tuple[int, str]]:
    """Yield the rows (from 1) below row ``index`` that tell of the companies ("Commune"), and the field."""
    for number, row in list(_block(grid, index))[:MOST_SITE_ROWS]:
        thing = row[place] if place < len(row) else None
        column = column_of(thing.rstrip(" :")) if isinstance(thing, str) else None
        if column is None or column.field not in SITE_FIELDS - SITE_ANCHORS:
            return
        yield number, column.field


def sites_below(grid: Grid, index: int, place: int, others: Iterable[int]) -> dict[int, dict[str, Cell]]:
    """Return what rows such as "Commune" tell of each company of a table with one column a company."""
    told: dict[int, dict[str, Cell]] = {other: {} for other in others}
    for number, field in site_rows(grid, index, place):
        row = grid.rows[number - 1]
        for other, fields in told.items():
            if other < len(row) and row[other] is not None:
                fields[field] = row[other]
    return told


def _block(grid: Grid, index: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows below row ``index`` (from 0) down to a blank one or a total, with their number."""
    for number, row in enumerate(grid.rows[index + 1 : index + 1 + SAMPLE_ROWS], start=index + 2):
        filled = [cell for cell in row if cell is not None]
        if not filled or (isinstance(filled[0], str) and is_total(filled[0])):
            return
        yield number, row


def is_measured(cells: Sequence[Cell], share: float = MEASURED_SHARE) -> bool:
    """Tell whether a column holds quantities: enough of its cells are or begin with a number."""
    numbers = [
        cell
        for cell in cells
        if isinstance(cell, int | float)
        or (isinstance(cell, str) and (cell[:1].isdigit() or cell.strip() in "-–—"))
    ]
    return bool(cells) and len(numbers) >= share * len(cells)


def quantities(title: str, group: str) -> Column:
    """Return the column of the amounts of what its title, under its group's, names ("Carton (t/an)")."""
    unit, told, _ = title_hints(unaccented(title))
    label = " ".join(BRACKETS.sub(" ", title).split()) if unit or told else title
    if not unit and group:
        unit, group_told, _ = title_hints(unaccented(group))
        told = told or group_told
    return Column("quantity", direction_said(title) or direction_said(group), unit, told, label)
