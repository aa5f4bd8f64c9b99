"""Columns whose titles are not known, recognised by what stands above and below them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.readers.amounts import is_amount
from app.readers.calendar import is_month_of_year
from app.readers.contents import is_waste_code
from app.readers.grid import Cell, Grid, text_of
from app.readers.headers import SITE_ANCHORS, Column, column_of
from app.readers.hints import title_hints
from app.readers.matrices import below, group_above, is_measured
from app.readers.ticks import is_tick
from app.readers.titles import is_nothing
from app.readers.vocabulary import cell_direction, direction_said, is_unknown, plain, unaccented

PLACES = frozenset({"city", "postcode", "postcode_city", "address", "siret", "lon", "coordinates"})
NAMING = frozenset({"label", "resource", "kind", "mark", "waste_code"})
BOTH = 2
ASKS = re.compile(r"(?:what|which|que |qu |quel|ce qu|avez|pouvez|do you|could you|can you|would you)\b")
ANSWER = re.compile(r"\b(?:reponses?|answers?|cochez|choix|position)\b")
TEXT_SHARE = 0.8  # Our own estimate: this share of a column's cells are words.


def grouped(grid: Grid, index: int, titles: Mapping[int, Cell]) -> dict[int, Column]:
    """Return the columns of titles that only mean something under their group: "Coût" over "€ / t"."""
    found: dict[int, Column] = {}
    for place, cell in titles.items():
        if column_of(str(cell)) is not None:
            continue
        group = group_above(grid, index, place)
        column = column_of(f"{group} {cell}", True) if group else None
        if column is not None and column.field not in {"label", "mark"}:
            found[place] = column
    return found


def by_content(
    grid: Grid, index: int, titles: Mapping[int, Cell], columns: Mapping[int, Column]
) -> dict[int, Column]:
    """Return the columns, mended and completed by what their cells hold.

    Ticks under "Je cherche" make it a mark; words under a quantity's title are labels when nothing else is;
    with places in each row, the first unknown column of words names the companies.
    """
    mended = {place: _ticked(grid, index, place, column) for place, column in columns.items()}
    for place in titles:
        if place not in mended and _is_waste_codes(below(grid, index, place)):
            mended[place] = Column("waste_code", title=str(titles[place]))
    _people(mended)
    _dated_loads(grid, index, mended)
    _name_directions(grid, index, titles, mended)
    _measured(grid, index, titles, mended)
    _direct_amounts(mended)
    fields = {column.field for column in mended.values()}
    free = [place for place in sorted(titles) if place not in mended and _is_words(below(grid, index, place))]
    if not fields & SITE_ANCHORS and fields & PLACES and free:
        place = free.pop(0)
        mended[place] = Column("company", title=str(titles[place]))
    _other_direction(titles, free, mended)
    _labels_beside_directions(grid, index, titles, free, mended)
    if fields & NAMING:
        return mended
    wordy = [
        place
        for place, column in mended.items()
        if column.field == "quantity" and _is_words(below(grid, index, place))
    ]
    for place in (wordy or free)[:1]:
        title = str(titles[place])
        mended[place] = Column("label", direction_said(title), title=title)
    return mended


def _measured(grid: Grid, index: int, titles: Mapping[int, Cell], mended: dict[int, Column]) -> None:
    """Take the unknown title of numbers that tells a unit ("Disponibilité (jours/an)") for the quantity."""
    fields = {column.field for column in mended.values()}
    if "quantity" in fields or not fields & NAMING:
        return
    loose = {place for place, column in mended.items() if column.field == "weekdays"}
    for place in sorted((set(titles) - set(mended)) | loose):
        title = str(titles[place])
        unit, told, _ = title_hints(unaccented(title))
        if unit and told is not None and is_measured(below(grid, index, place)):
            mended[place] = Column("quantity", direction_said(title), unit, told, title)
            return


def _people(mended: dict[int, Column]) -> None:
    """Take "Nom" beside "Société" for whom to call."""
    named = [place for place, column in mended.items() if plain(column.title) in {"nom", "name"}]
    companies = [place for place, column in mended.items() if column.field == "company"]
    for place in named:
        if mended[place].field in SITE_ANCHORS and set(companies) - {place}:
            mended[place] = replace(mended[place], field="contact")


def _dated_loads(grid: Grid, index: int, mended: dict[int, Column]) -> None:
    """Take "Date" of a table of wastes for the day of each load, when the rows have several.

    So is "Mois" above months of a year where the same things come back month after month.
    """
    _monthly_loads(grid, index, mended)
    if "waste_code" not in {column.field for column in mended.values()}:
        return
    for place, column in mended.items():
        cells = below(grid, index, place)
        if column.field == "collected_on" and plain(column.title) == "date" and len(set(cells)) > 1:
            mended[place] = replace(column, field="moved_on")


def _monthly_loads(grid: Grid, index: int, mended: dict[int, Column]) -> None:
    months = next((place for place, column in mended.items() if column.field in {"months", "period"}), None)
    things = next((place for place, column in mended.items() if column.field == "label"), None)
    if months is None or things is None:
        return
    told = below(grid, index, months)
    named = below(grid, index, things)
    dated = all(isinstance(cell, date) or (isinstance(cell, str) and is_month_of_year(cell)) for cell in told)
    if told and dated and len(set(told)) > 1 and len(set(named)) < len(named):
        mended[months] = replace(mended[months], field="moved_on", rhythm=None)


def _labels_beside_directions(
    grid: Grid, index: int, titles: Mapping[int, Cell], free: Sequence[int], mended: dict[int, Column]
) -> None:
    """Take a label column that only says "Offre" or "Demande" for the direction, when others hold words."""
    fields = [column.field for column in mended.values()]
    others = [place for place in free if place not in mended]
    for place, column in list(mended.items()):
        cells = below(grid, index, place)
        said = {cell_direction(cell) if isinstance(cell, str) else None for cell in cells}
        labels = fields.count("label") > 1 or others
        if column.field != "label" or None in said or len(said) < BOTH or not labels:
            continue
        mended[place] = Column("direction", title=column.title)
        if fields.count("label") == 1:
            mended[others[0]] = Column("label", title=str(titles[others[0]]))
        return


def _direct_amounts(mended: dict[int, Column]) -> None:
    """Let "Consommation" beside "Rejet" tell the directions of their quantities."""
    amounts = {place: column for place, column in mended.items() if column.field == "quantity"}
    said = {place: column.direction or direction_said(column.title) for place, column in amounts.items()}
    if len({direction for direction in said.values() if direction is not None}) < BOTH:
        return
    if any(column.field in {"direction", "mark"} for column in mended.values()):
        return
    mended.update({place: replace(column, direction=said[place]) for place, column in amounts.items()})


def _other_direction(titles: Mapping[int, Cell], free: Sequence[int], mended: dict[int, Column]) -> None:
    """Take the unknown title "J'ai (à donner)" for a list of its own beside "Il me faut"."""
    told = {column.direction for column in mended.values() if column.field == "label"} - {None}
    for place in free:
        said = direction_said(str(titles[place]))
        if told and said is not None and place not in mended and said not in told:
            mended[place] = Column("label", said, title=str(titles[place]))
            return


def more_lists(
    grid: Grid, index: int, titles: Mapping[int, Cell], columns: Mapping[int, Column]
) -> dict[int, Column]:
    """Return the columns with the questions beside lists that list things too ("What you could share")."""
    lists = [column for column in columns.values() if column.field == "label"]
    if len(lists) < BOTH or any(column.direction is None for column in lists):
        return dict(columns)
    more = dict(columns)
    for place in sorted(set(titles) - set(columns)):
        title = str(titles[place])
        said = direction_said(title)
        cells = [cell for cell in below(grid, index, place) if not is_nothing(text_of(cell))]
        if said is not None and ASKS.match(plain(title)) and _is_words(cells):
            more[place] = Column("label", said, title=title)
    return more


def _name_directions(grid: Grid, index: int, titles: Mapping[int, Cell], mended: dict[int, Column]) -> None:
    """Take an unknown column of which every cell is "Entrants" or the like for the direction.

    Under a title of its own it must tell both directions.
    """
    if any(column.field == "direction" for column in mended.values()):
        return
    for place in sorted(set(range(max(titles))) - set(mended)):
        cells = below(grid, index, place)
        told = [
            cell for cell in cells if not (isinstance(cell, str) and (is_unknown(cell) or is_nothing(cell)))
        ]
        said = {cell_direction(cell) if isinstance(cell, str) else None for cell in told}
        sure = place not in titles or len(said) == BOTH or ANSWER.search(plain(str(titles[place])))
        if told and None not in said and sure:
            mended[place] = Column("direction", title=str(titles.get(place) or ""))
            return


def _ticked(grid: Grid, index: int, place: int, column: Column) -> Column:
    if column.field != "label" or column.direction is None:
        return column
    cells = below(grid, index, place)
    if cells and all(isinstance(cell, int | float) for cell in cells):
        return replace(column, field="quantity")
    return replace(column, field="mark") if cells and all(is_tick(cell) for cell in cells) else column


def _is_waste_codes(cells: Sequence[Cell]) -> bool:
    return len(cells) > 1 and all(is_waste_code(text_of(cell)) for cell in cells)


def _is_words(cells: Sequence[Cell]) -> bool:
    words = [cell for cell in cells if isinstance(cell, str) and not is_amount(cell) and not is_unknown(cell)]
    return bool(words) and len(words) >= TEXT_SHARE * len(cells)
