"""Questionnaires and lists: answers that make a flow, or complete the last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.readers.amounts import is_amount
from app.readers.grid import Cell, text_of
from app.readers.headers import SITE_FIELDS
from app.readers.pairs import Pair, items_of
from app.readers.record import Record
from app.readers.surroundings import NAMES, Surroundings
from app.readers.titles import BULLET, section_of
from app.readers.vocabulary import is_unknown

MAX_LABEL = 80
MAX_CELLS = 4


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
        elif name == "direction":
            _direction(around, pair.value)
        elif name == "label":
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


def listed(around: Surroundings, number: int, cells: Sequence[Cell]) -> Iterator[Record]:
    """Understand a row without header under a section's title: "Cartons", "12 t/an"."""
    label = cells[0]
    if around.direction is None or not isinstance(label, str) or len(cells) > MAX_CELLS:
        return
    if not around.has_site() or len(label) > MAX_LABEL:
        return
    values: dict[str, Cell] = {"label": BULLET.sub("", label).strip(" :"), **around.told_site()}
    if len(cells) > 1:
        amount = " ".join(text_of(cell) for cell in cells[1:])
        values["quantity" if is_amount(amount) or is_unknown(amount) else "comment"] = amount
    record = Record(number, values, around.context())
    around.name(record)
    around.last = [record]
    yield record
