"""Rows of a table under its header: one record a flow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.readers.amounts import is_amount
from app.readers.asked import is_asked
from app.readers.grid import ERRORS, Cell, text_of
from app.readers.headers import SITE_ANCHORS, SITE_FIELDS, Column
from app.readers.layout import Header
from app.readers.pairs import items_of
from app.readers.record import Context, Record
from app.readers.sentences import named_in, said_in, season_last
from app.readers.ticks import TICKS, is_cross, is_tick
from app.readers.trips import name_trip
from app.readers.unfolding import unfolded
from app.readers.units import Rhythm
from app.readers.vocabulary import is_unknown, plain, unaccented
from app.readers.year_columns import add_up_months
from matching.model import Direction

DISPOSAL = re.compile(r"\b(?:traitement|elimination|evacuation|enlevement|exutoire|debouches?|disposal)\b")
DISPOSED = frozenset({"unit_cost_eur", "destination", "comment"})
LISTED = re.compile(r"[\n;]|\)\s*,\s")  # A comma only separates behind a bracket.
JOINED = frozenset({"comment", "contact", "source"})


def strict_records(rows: Sequence[Sequence[Cell]], header: Header, context: Context) -> Iterator[Record]:
    """Yield the records of a table with the contract's own header; rows without any cell are skipped."""
    names = {place: column.field for place, column in header.variants[0].items()}
    width = max(names) + 1
    ordered = [names.get(place, "") for place in range(width)]
    for index in range(header.row, len(rows)):
        values: dict[str, Cell] = {
            name: cell
            for name, cell in zip(ordered, rows[index], strict=False)
            if cell is not None and cell not in ERRORS and name
        }
        if values:
            yield Record(index + 1, values, context)


def records_of(row: Sequence[Cell], number: int, header: Header, context: Context) -> Iterator[Record]:
    """Yield the records of one row: one, or one for each need and surplus that it holds side by side."""
    shared = _values(row, header.shared)
    unfolded(shared)
    if _is_undirected(row, shared, header):
        yield Record(number, shared, replace(context, direction=None))
        return
    for variant in header.variants:
        values = {**shared, **_values(row, variant)}
        unfolded(values)
        add_up_months(row, header, variant, values)
        if not _is_filled(row, header, variant, values):
            continue
        told = _context_of(header, variant, values, context)
        for cells in _parts(values, _telling(variant)):
            record = Record(number, {**values, **cells}, told)
            _hear(record)
            yield record


def _context_of(
    header: Header, variant: dict[int, Column], values: dict[str, Cell], context: Context
) -> Context:
    """Return what the titles of a variant say of its rows."""
    amounts = _quantity_column(header.shared, variant)
    return replace(
        context,
        direction=_direction_of_sites(header)
        or _telling(variant).direction
        or context.direction
        or _disposal(header)
        or header.bought
        or amounts.direction,
        unit=amounts.unit or context.unit,
        rhythm=amounts.rhythm
        or _unit_rhythm(header.shared, variant)
        or (None if "period" in values else context.rhythm),
    )


def _is_filled(
    row: Sequence[Cell], header: Header, variant: dict[int, Column], values: dict[str, Cell]
) -> bool:
    """Complete the cells of a variant by what its titles name; False when the row says nothing of it."""
    first = _telling(variant)
    if header.matrix:
        for name, cell in header.companies.get(next(iter(variant)), {}).items():
            values.setdefault(name, cell)
        values.setdefault("company" if "label" in header.fields else "label", first.title)
        if is_cross(values.get("quantity")):
            del values["quantity"]
        elif _is_nothing(values.get("quantity")):
            return False
    elif not _mark(row, variant, values):
        return False
    if not is_asked(values, first):
        return False
    name_trip(row, header.trip, values)
    return len(header.variants) == 1 or header.matrix or _has_flow(values, variant)


def _hear(record: Record) -> None:
    """Take the direction and the amount out of a label that is a sentence, where nothing else tells them."""
    label, values = record.values.get("label"), record.values
    if not isinstance(label, str) or record.context.direction is not None or "direction" in values:
        return
    who, sentence = (not values.keys() & SITE_ANCHORS and named_in(label)) or ("", label)
    sentence, season = season_last(sentence)
    if (said := said_in(sentence)) is not None:
        if who:
            values["company"] = who
        if season:
            values.setdefault("months", season)
        direction, values["label"], amount = said
        record.context = replace(record.context, direction=direction)
        if amount:
            values.setdefault("quantity", amount)


def _parts(values: dict[str, Cell], column: Column) -> list[dict[str, Cell]]:
    """Return the label, and the quantity if any, of each thing that one cell lists.

    Lines of a label go with as many lines of quantities; without quantities, only an answer under a
    question or a title such as "Besoins" is taken for a list.
    """
    label, quantity = values.get("label"), values.get("quantity")
    if not isinstance(label, str) or not LISTED.search(label):
        return [{}]
    if isinstance(quantity, str):
        labels, amounts = label.splitlines(), quantity.splitlines()
        if len(labels) == len(amounts) > 1:
            pairs = zip(labels, amounts, strict=True)
            return [
                {"label": name.strip(), "quantity": amount.strip()} for name, amount in pairs if name.strip()
            ]
    listing = column.field == "label" and column.direction is not None and quantity is None
    items = items_of(label) if listing else []
    return [{"label": item} for item in items] if len(items) > 1 else [{}]


def _values(row: Sequence[Cell], columns: dict[int, Column]) -> dict[str, Cell]:
    values: dict[str, Cell] = {}
    for place, column in columns.items():
        cell = row[place] if place < len(row) else None
        if cell is None or column.field in {"ignore", "mark", "month"} or _is_lost(cell, column):
            continue
        if column.field == "kind" and is_cross(cell):
            cell = column.title
        if column.field not in values:
            values[column.field] = cell
        elif column.field in JOINED:
            values[column.field] = f"{text_of(values[column.field])} ; {text_of(cell)}"
    return values


def _is_lost(cell: Cell, column: Column) -> bool:
    """Tell whether a cell only holds a formula's error: of those, a quantity's alone is worth telling."""
    return cell in ERRORS and column.field != "quantity"


def _direction_of_sites(header: Header) -> Direction | None:
    """Return what the title of the companies tells of all rows: a "Point de collecte" gives."""
    columns = (*header.shared.values(), *header.variants[0].values())
    sites = (column for column in columns if column.field in SITE_FIELDS)
    return next((column.direction for column in sites if column.direction is not None), None)


def _disposal(header: Header) -> Direction | None:
    """Return the direction of a table with a "Coût de traitement": what it lists goes out."""
    columns = (*header.shared.values(), *header.variants[0].values())
    disposed = [column for column in columns if column.field in DISPOSED]
    return Direction.OUTPUT if any(DISPOSAL.search(unaccented(c.title)) for c in disposed) else None


def _telling(variant: dict[int, Column]) -> Column:
    """Return the column that tells a variant's direction."""
    ordered = sorted(
        variant.values(), key=lambda column: (column.field not in {"label", "mark"}, column.direction is None)
    )
    return ordered[0]


def _quantity_column(shared: dict[int, Column], variant: dict[int, Column]) -> Column:
    found = [column for column in (*variant.values(), *shared.values()) if column.field == "quantity"]
    named = [column for column in variant.values() if column.field in {"label", "mark"} and column.unit]
    return (found or named or [Column("quantity")])[0]


def _is_undirected(row: Sequence[Cell], shared: dict[str, Cell], header: Header) -> bool:
    """Tell whether a row with an amount has no tick at all, neither under "Entrant" nor under "Sortant"."""
    marks = [[p for p, column in variant.items() if column.field == "mark"] for variant in header.variants]
    if len(marks) < 2 or not all(marks) or not {"label", "quantity"} <= shared.keys():
        return False
    places = [place for variant in marks for place in variant]
    return all(place >= len(row) or row[place] is None for place in places)


def _unit_rhythm(shared: dict[int, Column], variant: dict[int, Column]) -> Rhythm | None:
    """Return the rhythm that the title of the units tells ("U./an")."""
    units = (column for column in (*variant.values(), *shared.values()) if column.field == "unit")
    return next((column.rhythm for column in units if column.rhythm is not None), None)


def _mark(row: Sequence[Cell], variant: dict[int, Column], values: dict[str, Cell]) -> bool:
    """Understand the cell of a column named "Entrant": a tick, a label, a quantity; False when empty."""
    marks = [place for place, column in variant.items() if column.field == "mark"]
    if not marks:
        return True
    cell = row[marks[0]] if marks[0] < len(row) else None
    if _is_nothing(cell) and not (isinstance(cell, str) and plain(cell) in TICKS):
        return False
    text = text_of(cell)
    if is_tick(cell):
        return True
    if "quantity" not in values and (isinstance(cell, int | float) or is_amount(text)):
        values["quantity"] = cell
        return True
    if "label" not in values:
        values["label"] = cell
        return True
    return plain(text) not in {"non", "no", "n", "0", "faux"}


def _is_nothing(cell: Cell) -> bool:
    return (
        cell is None
        or (isinstance(cell, str) and is_unknown(cell))
        or (not isinstance(cell, str) and cell == 0)
    )


def _has_flow(values: dict[str, Cell], variant: dict[int, Column]) -> bool:
    own = {column.field for column in variant.values()}
    if "label" in own:
        return "label" in values and not is_unknown(text_of(values["label"]))
    return "quantity" not in own or not _is_nothing(values.get("quantity"))


def site_values(values: dict[str, Cell]) -> dict[str, Cell]:
    """Return the cells of a record that tell its site."""
    return {name: cell for name, cell in values.items() if name in SITE_FIELDS}
