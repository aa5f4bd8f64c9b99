"""Questionnaires and lists: answers that make a flow, or complete the last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.readers.amounts import amount_inside, is_amount
from app.readers.calendar import is_season
from app.readers.grid import Cell, text_of
from app.readers.headers import SITE_FIELDS
from app.readers.layout import header_at
from app.readers.legends import company_told
from app.readers.pairs import Pair, items_of
from app.readers.record import Record
from app.readers.surroundings import NAMES, Surroundings
from app.readers.titles import BULLET, section_of
from app.readers.vocabulary import directions, is_unknown, kind_said, plain
from matching.model import Direction

MAX_LABEL = 80
MAX_CELLS = 4
TITLE_ROWS = 6  # A title stands at most this far above its table.


def answered(around: Surroundings, number: int, pairs: list[Pair]) -> Iterator[Record]:
    """Understand questions and answers: about the site, or about a flow."""
    for pair in pairs:
        name = pair.column.field
        if pair.value is None or (name != "label" and is_unknown(text_of(pair.value))):
            continue
        if name in SITE_FIELDS:
            if name in around.told and name in NAMES:
                around.next_company()
            around.told[name] = pair.value
            if name in NAMES and (placed := company_told(text_of(pair.value))):
                around.told.update(placed | {name: placed["company"]})
        elif name == "direction":
            _direction(around, pair.value)
        elif name == "label" or (name == "kind" and kind_said(text_of(pair.value)) is None):
            yield from _label(around, number, pair)
        else:
            for record in around.last:
                _complete(record, pair)


def _direction(around: Surroundings, value: Cell) -> None:
    first = around.last[-1] if around.last else None
    if first is not None and "direction" not in first.values and first.context.direction is None:
        for record in around.last:
            record.values["direction"] = value
    elif (section := section_of(text_of(value))) is not None:
        around.direction = section[0] or around.direction


def _label(around: Surroundings, number: int, pair: Pair) -> Iterator[Record]:
    context = replace(around.context(), direction=pair.column.direction or around.direction)
    if around.last and is_season(text_of(pair.value)):
        for record in around.last:
            record.values.setdefault("months", pair.value)
        return
    around.last = []
    for item in items_of(pair.value):
        record = Record(number, {"label": item, **around.told_site()}, context)
        around.name(record)
        around.last.append(record)
        yield record


def _complete(record: Record, pair: Pair) -> None:
    name = pair.column.field
    if name == "comment" and "comment" in record.values:
        record.values["comment"] = f"{text_of(record.values['comment'])} ; {text_of(pair.value)}"
    else:
        record.values.setdefault(name, pair.value)
    if name == "quantity":
        record.context = replace(record.context, unit=pair.column.unit, rhythm=pair.column.rhythm)


def _is_item(around: Surroundings, text: str) -> bool:
    """Tell whether a lone line can be in a list: under a section's title, or with a bullet or an amount."""
    listed = around.in_section and not around.bulleted
    return listed or BULLET.match(text) is not None or amount_inside(text) is not None


def _is_title(around: Surroundings, number: int, text: str) -> bool:
    """Tell whether a lone line stands above a table and lists nothing itself."""
    if BULLET.match(text) or amount_inside(text) is not None:
        return False
    rows = range(number, min(number + TITLE_ROWS, len(around.grid.rows)))
    return any(header_at(around.grid, index) is not None for index in rows)


def _is_above_header(around: Surroundings, number: int, cells: Sequence[Cell]) -> bool:
    """Take a row of words right above a header for titles: groups of columns, or a unit for them all."""
    rows = around.grid.rows
    if number >= len(rows) or header_at(around.grid, number) is None:
        return False
    for cell in cells:
        around.note_legend(text_of(cell))
    return all(isinstance(cell, str) and not is_amount(cell) for cell in cells)


def _first_direction(cells: Sequence[Cell]) -> Direction | None:
    """Return what the first cell of "Sort | pain rassis | 30 t/an" says."""
    first = cells[0]
    return directions()[plain(first)][0] if len(cells) > 1 and _tells(first) else None


def _tells(cell: Cell) -> bool:
    return isinstance(cell, str) and plain(cell) in directions() and len(plain(cell)) > 1


def listed(around: Surroundings, number: int, cells: Sequence[Cell]) -> Iterator[Record]:
    """Understand a row without header under a section's title: "Cartons", "12 t/an"."""
    label = cells[0]
    if len(cells) > 1 and _is_above_header(around, number, cells):
        return
    around.direction = around.direction or _first_direction(cells)
    if around.direction is None or not isinstance(label, str) or len(cells) > MAX_CELLS:
        return
    if len(cells) == 1 and (not _is_item(around, label) or _is_title(around, number, label)):
        return
    if not around.has_site() or len(label) > MAX_LABEL or is_unknown(label):
        return
    around.bulleted = BULLET.match(label) is not None
    if (told := _first_direction(cells)) is not None and isinstance(cells[1], str):
        around.direction, label, cells = told, cells[1], cells[1:]
    values: dict[str, Cell] = {"label": BULLET.sub("", label).strip(" :"), **around.told_site()}
    if len(cells) > 1:
        amount = " ".join(text_of(cell) for cell in cells[1:])
        values["quantity" if is_amount(amount) or is_unknown(amount) else "comment"] = amount
    record = Record(number, values, around.context())
    around.name(record)
    around.last = [record]
    yield record
