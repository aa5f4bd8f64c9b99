"""Tables whose cells are quantities: one column a resource, or one row a resource, one column a company."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from app.readers.grid import Cell, Grid
from app.readers.guesses import kind_in_words
from app.readers.headers import SITE_ANCHORS, SITE_FIELDS, Column, column_of
from app.readers.hints import BRACKETS, title_hints
from app.readers.ticks import is_cross
from app.readers.titles import names_a_site
from app.readers.units import split_rhythm
from app.readers.vocabulary import direction_said, plain, unaccented, without_direction

NAMING = frozenset({"label", "resource", "kind"})
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

    Every title but the first must be a name that no column has, above numbers and nothing else.
    """
    place, *others = sorted(titles)
    named = exact.get(place)
    if named is None or named.field not in NAMING or len(others) < MIN_COMPANIES:
        return None
    companies = [other for other in others if other not in exact]
    kept = [exact[other].field for other in others if other in exact]
    if len(companies) < MIN_COMPANIES or any(field != "ignore" for field in kept):
        return None
    block = list(_block(grid, index))
    things = [row[place] for row in block if place < len(row)]
    if any(isinstance(thing, str) and column_of(thing.rstrip(" :")) is not None for thing in things):
        return None
    for other in companies:
        cells = [row[other] for row in block if other < len(row) and row[other] is not None]
        title = str(titles[other])
        if (
            (cells and not is_measured(cells, 1.0))
            or not names_a_site(title)
            or column_of(title, True) is not None
        ):
            return None
    label = Column("label", named.direction, title=named.title)
    return {place: label}, tuple(
        {other: quantities(str(titles[other]), group_above(grid, index, other))} for other in companies
    )


def _block(grid: Grid, index: int) -> Iterator[Sequence[Cell]]:
    for row in grid.rows[index + 1 : index + 1 + SAMPLE_ROWS]:
        if all(cell is None for cell in row):
            return
        yield row


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
