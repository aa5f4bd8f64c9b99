"""The columns of a table, each the best reading that its title and its cells leave to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.readers.calendar import is_season
from app.readers.contents import (
    LOOKED_AT,
    company_share,
    is_number,
    is_place,
    is_worded,
    resource_share,
    share,
)
from app.readers.evidence import Guess, guesses_of, lists_things, stemmed, title_direction
from app.readers.grid import Cell, Grid
from app.readers.headers import ENDING_NUMBER, SITE_ANCHORS, Column
from app.readers.matrices import below
from app.readers.vocabulary import legal_statuses, plain

ENOUGH = 1.5  # Own estimate: the least weight that makes a column something.
SURE = 2.0  # Own estimate: the least weight beside columns that are known.
NAMED_SHARE = 0.5
THINGS = 0.25  # Own estimate: resources are recognised so surely, on average, in a column that lists them.
MANY = frozenset({"comment", "contact", "ignore", "source"})
PER_FLOW = frozenset({"quantity", "unit", "period", "months", "waste_code", "unit_cost_eur", "temperature_c"})
KINDRED = {"site": "company"}
NAMING = frozenset({"label", "resource", "kind", "mark", "waste_code"})
LEVELS = frozenset({"concentration_pct", "moisture_pct", "temperature_c", "pressure_bar"})
TOWNS = frozenset({"city", "postcode", "postcode_city", "address"})
CONTRADICTED = 0.8  # Own estimate: this share of a column's cells says something else than its title.
COMPLETED = frozenset(
    (
        "company comment label quantity unit unit_cost_eur city postcode siret waste_code direction period"
        " months"
    ).split()
)
TOLD_BY_CELLS = frozenset({"label", "quantity", "unit", "waste_code", "siret"})
AMOUNTS = frozenset({"quantity", "mark", "month"})


def assigned(
    titles: Mapping[int, str], cells: Mapping[int, list[Cell]], known: Mapping[int, Column] | None = None
) -> dict[int, Guess]:
    """Return the best reading of each column that is not ``known``.

    Each field comes once, save those that may come again, and those of a flow where a row tells two.
    """
    known = known or {}
    ranked = sorted(
        (
            guess
            for place in set(cells) - set(known)
            if place in titles or cells[place]
            for guess in guesses_of(place, titles.get(place, ""), cells[place])
        ),
        key=lambda guess: (-guess.weight, guess.place),
    )
    chosen = _chosen(ranked, known, 1)
    columns = [*known.values(), *(guess.column for guess in chosen.values())]
    lists = sum(column.field == "label" for column in columns)
    return _chosen(ranked, known, lists) if lists > 1 else chosen


def _chosen(ranked: Sequence[Guess], known: Mapping[int, Column], lists: int) -> dict[int, Guess]:
    chosen: dict[int, Guess] = {}
    taken = [_key(column) for column in known.values() if column.field not in MANY]
    for guess in ranked:
        key = _key(guess.column)
        repeated = key[0] in PER_FLOW and sum(name == key[0] for name, _ in taken) < lists
        if guess.place in chosen or guess.weight < ENOUGH or not (repeated or _is_free(key, taken)):
            continue
        chosen[guess.place] = guess
        if key[0] not in MANY:
            taken.append(key)
    return chosen


def _key(column: Column) -> tuple[str, object]:
    name = KINDRED.get(column.field, column.field)
    numbered = ENDING_NUMBER.search(plain(column.title)) if name == "label" else None
    if numbered is not None:
        return name, (column.direction, numbered[0])
    return name, column.direction if name in {"label", "quantity", "mark"} else None


def completed(
    titles: Mapping[int, str], cells: Mapping[int, list[Cell]], columns: Mapping[int, Column]
) -> dict[int, Column]:
    """Return the columns of a known header with those of its unknown titles that are sure enough."""
    if all(place in columns for place in titles):
        return dict(columns)
    given = columns
    columns = {place: _directed(column) for place, column in columns.items()}
    fields = {column.field for column in columns.values()}
    found = assigned(titles, cells, columns)
    missing = COMPLETED - ({"quantity"} if fields & AMOUNTS else set())
    added = {
        place: guess.column
        for place, guess in found.items()
        if (guess.titled or guess.column.field in TOLD_BY_CELLS)
        and guess.weight >= SURE
        and guess.column.field in missing
    }
    if not (fields | {column.field for column in added.values()}) & NAMING:
        added = {**columns, **added}
        name_words(titles, cells, added)
    if any(column.field == "label" for column in added.values()):
        return {**columns, **added}
    return {**given, **added}


def believed(columns: Mapping[int, Column], grid: Grid, index: int) -> dict[int, Column]:
    """Return the columns that their cells do not contradict: "Titre" above words is no concentration.

    "Lieu" above the names of communes, where nothing else tells the town, is the town.
    """
    kept: dict[int, Column] = {}
    fields = {column.field for column in columns.values()}
    for place, column in columns.items():
        cells = below(grid, index, place)
        if column.field == "unit" and column.rhythm is not None and share(cells, is_number) >= CONTRADICTED:
            column = replace(column, field="quantity", unit="u")  # "U/an" above amounts.
        if column.field == "period" and share(cells, is_season) >= CONTRADICTED:
            column = replace(column, field="months")
        if column.field == "legal_status" and not share(cells, lambda text: plain(text) in legal_statuses()):
            continue  # "Statut" of a consignment note.
        if column.field in LEVELS and share(cells, is_worded) >= CONTRADICTED:
            continue
        located = column.field == "site" and "city" in stemmed(column.title) and not fields & TOWNS
        if located and share(list(dict.fromkeys(cells))[:LOOKED_AT], is_place) >= CONTRADICTED:
            column = replace(column, field="city")
        kept[place] = column
    return kept


def uses_for_labels(columns: dict[int, Column]) -> dict[int, Column]:
    """Take "Atelier" beside "Société" for the label of amounts where nothing else is one."""
    places = {column.field: place for place, column in columns.items()}
    if "quantity" not in places or places.keys() & NAMING or not places.keys() >= {"site", "company"}:
        return columns
    return columns | {places["site"]: replace(columns[places["site"]], field="label")}


def _directed(column: Column) -> Column:
    """Let a label whose wording tells no direction take the one of its title's verbs."""
    if column.field != "label" or column.direction is not None:
        return column
    return replace(column, direction=title_direction(column.title))


def _is_free(key: tuple[str, object], taken: Sequence[tuple[str, object]]) -> bool:
    """Tell whether no column holds a field yet; a second label or quantity must tell the other direction."""
    name, direction = key
    held = {told for field, told in taken if field == name}
    return not held or not (direction is None or direction in held or None in held)


def name_words(
    titles: Mapping[int, str], cells: Mapping[int, list[Cell]], columns: dict[int, Column]
) -> None:
    """Find the companies and the things among columns of words whose titles say nothing."""
    free = [place for place in sorted(titles) if place not in columns and lists_things(cells.get(place, []))]
    fields = {column.field for column in columns.values()}
    if free and not fields & SITE_ANCHORS:
        place = max(free, key=lambda place: company_share(cells[place]))
        if company_share(cells[place]) >= NAMED_SHARE and (len(free) > 1 or "label" in fields):
            columns[place] = Column("company", title=titles[place])
            free.remove(place)
    if free and not fields & {"label", "waste_code", "resource", "kind"}:
        place = max(free, key=lambda place: resource_share(cells[place]))
        if resource_share(cells[place]) >= THINGS or len(free) == 1:
            columns[place] = Column("label", title_direction(titles[place]), title=titles[place])
