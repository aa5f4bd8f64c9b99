"""Columns that only mean something beside others: a total beside months, crosses beside kinds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from app.readers.contents import company_share, is_worded, share
from app.readers.grid import Cell, Grid
from app.readers.headers import SITE_ANCHORS, Column
from app.readers.matrices import below
from app.readers.ticks import is_tick
from app.readers.trips import CARRIER
from app.readers.vocabulary import kinds, plain

MIN_MONTHS = 3  # Own estimate: so many columns of months make a total out of the one called so.
NAMES = frozenset({"name", "nom", "title", "titre", "record", "fiche", "annonce"})
PERSONS = 0.5  # Own estimate: this share of the cells has a capital to each word, as names of persons.
WORDED = 0.8
TOTAL = re.compile(
    r"(?:grand |sous )?(?:totale?|totaux|cumule?|somme|sum|annuel|year to date|ytd)"
    r"(?: (?:19|20)\d\d| an(?:nee)?| year)?"
    r"|(?:annee|year|an)(?: entiere)?"
)
MEANS = re.compile(r"(?:moyenne?s?|moy|average|mean|avg)\b")


def with_companions(
    grid: Grid, index: int, titles: Mapping[int, Cell], columns: Mapping[int, Column]
) -> dict[int, Column]:
    """Return the columns of a header in row ``index`` (from 0) with what stands beside them."""
    columns = _carriers(titles, columns)
    mended = _named_things(grid, index, titles, _totals(titles, columns))
    return _kind_crosses(grid, index, titles, mended)


def _totals(titles: Mapping[int, Cell], columns: Mapping[int, Column]) -> dict[int, Column]:
    """Take "Cumul 2024" beside months for the year's quantity, "Moyenne/mois" for nothing."""
    mended = dict(columns)
    months = [column for column in columns.values() if column.field == "month"]
    if len(months) < MIN_MONTHS:
        return mended
    for place, title in titles.items():
        words = plain(str(title))
        if MEANS.match(words):
            mended[place] = Column("ignore", title=str(title))
        elif TOTAL.fullmatch(words) and mended.get(place, Column("ignore")).field in {"ignore", "quantity"}:
            mended[place] = replace(mended.get(place, Column("")), field="quantity", title=str(title))
    return mended


def _named_things(
    grid: Grid, index: int, titles: Mapping[int, Cell], columns: Mapping[int, Column]
) -> dict[int, Column]:
    """Take "Name" beside "Organisation" for the things, where nothing else names them."""
    mended = dict(columns)
    companies = {place for place, column in columns.items() if column.field in SITE_ANCHORS}
    if any(column.field == "label" for column in columns.values()):
        return mended
    for place, title in titles.items():
        free = mended.get(place, Column("contact")).field in {"contact", "ignore", *SITE_ANCHORS}
        if plain(str(title)) not in NAMES or not free or not companies - {place}:
            continue
        cells = below(grid, index, place)
        if cells and share(cells, is_worded) >= WORDED and company_share(cells) < PERSONS:
            mended[place] = Column("label", title=str(title))
            return mended
    return mended


def _carriers(titles: Mapping[int, Cell], columns: Mapping[int, Column]) -> dict[int, Column]:
    """Take "Transporteur" for the companies of a table that names no other and is no register of wastes."""
    fields = {column.field for column in columns.values()}
    if fields & {"waste_code", "moved_on", *SITE_ANCHORS}:
        return dict(columns)
    place = next((place for place, title in titles.items() if CARRIER.match(plain(str(title)))), None)
    named = {} if place is None else {place: Column("company", title=str(titles[place]))}
    return {**columns, **named}


def _kind_crosses(
    grid: Grid, index: int, titles: Mapping[int, Cell], columns: Mapping[int, Column]
) -> dict[int, Column]:
    """Take columns of crosses under "Matière" and "Énergie" for the kind."""
    named = [place for place, title in titles.items() if plain(str(title)) in kinds()]
    crossed = [place for place in named if (cells := below(grid, index, place)) and all(map(is_tick, cells))]
    if len(crossed) < 2:
        return dict(columns)
    mended = {place: column for place, column in columns.items() if column.field != "kind"}
    return mended | {
        place: Column("kind", title=str(title)) for place, title in titles.items() if place in named
    }
