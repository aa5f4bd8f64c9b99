"""Rows of a table under its header: one record a flow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.readers.amounts import amount_in, is_amount
from app.readers.grid import ERRORS, Cell, text_of
from app.readers.headers import SITE_FIELDS, Column
from app.readers.layout import Header
from app.readers.pairs import items_of
from app.readers.record import Context, Record
from app.readers.sentences import said_in
from app.readers.ticks import TICKS, is_cross, is_tick
from app.readers.vocabulary import is_unknown, plain, unaccented
from matching.errors import InvalidFlowError
from matching.model import ALL_YEAR, Direction

DISPOSAL = re.compile(r"\b(?:traitement|elimination|evacuation|enlevement|exutoire|debouches?|disposal)\b")
DISPOSED = frozenset({"unit_cost_eur", "destination", "comment"})
LISTED = re.compile(r"[\n;]|\)\s*,\s")  # A comma only separates behind a bracket.
MIN_MONTHS = 6  # Fewer month columns are no calendar.
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
    for variant in header.variants:
        values = {**shared, **_values(row, variant)}
        _add_up_months(row, {**header.shared, **variant}, values)
        first = _telling(variant)
        told = replace(
            context,
            direction=_direction_of_sites(header)
            or first.direction
            or context.direction
            or _disposal(header)
            or _quantity_column(header.shared, variant).direction,
            unit=_quantity_column(header.shared, variant).unit or context.unit,
            rhythm=_quantity_column(header.shared, variant).rhythm
            or (None if "period" in values else context.rhythm),
        )
        if header.matrix:
            values.setdefault("company" if "label" in header.fields else "label", first.title)
            if is_cross(values.get("quantity")):
                del values["quantity"]
            elif _is_nothing(values.get("quantity")):
                continue
        elif not _mark(row, variant, values):
            continue
        if len(header.variants) > 1 and not header.matrix and not _has_flow(values, variant):
            continue
        for cells in _parts(values, first):
            record = Record(number, {**values, **cells}, told)
            _hear(record)
            yield record


def _hear(record: Record) -> None:
    """Take the direction and the amount out of a label that is a sentence, where nothing else tells them."""
    label, values = record.values.get("label"), record.values
    if not isinstance(label, str) or record.context.direction is not None or "direction" in values:
        return
    if (said := said_in(label)) is not None:
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
        if column.field not in values:
            values[column.field] = cell
        elif column.field in JOINED:
            values[column.field] = f"{text_of(values[column.field])} ; {text_of(cell)}"
    return values


def _is_lost(cell: Cell, column: Column) -> bool:
    """Tell whether a cell only holds a formula's error: of those, a quantity's alone is worth telling."""
    return cell in ERRORS and column.field != "quantity"


def _add_up_months(row: Sequence[Cell], columns: dict[int, Column], values: dict[str, Cell]) -> None:
    """Turn one column a month into the quantity of the year and the months that have any."""
    months = {int(column.title): place for place, column in columns.items() if _is_month(column)}
    if len(months) < MIN_MONTHS or values.get("quantity") is not None:
        return
    found = {month: _number(row[place]) for month, place in months.items() if place < len(row)}
    active = sorted(month for month, value in found.items() if value)
    if active:
        values["quantity"] = sum(found.values())
        values["period"] = "year"
        if len(months) == len(ALL_YEAR) > len(active):
            values.setdefault("months", ";".join(map(str, active)))


def _is_month(column: Column) -> bool:
    """Tell whether a column is a month of the year; a correction can call any column so."""
    return column.field == "month" and column.title.isdigit() and int(column.title) in ALL_YEAR


def _number(cell: Cell) -> float:
    try:
        amount = amount_in(text_of(cell)) if cell is not None else None
    except InvalidFlowError:
        return 0.0
    return amount.value.middle if amount is not None else 0.0


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
