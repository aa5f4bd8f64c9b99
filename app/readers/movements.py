"""Registers of waste movements: many dated loads of one waste are one flow a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from app.readers.calendar import date_of
from app.readers.codes import waste_code_of
from app.readers.grid import text_of
from app.readers.numbers import leading_number
from app.readers.record import Findings, Record
from app.readers.units import Rhythm
from app.readers.vocabulary import plain
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Direction, Period, Reliability

DAYS_IN_YEAR = 365.25
FULL_YEAR_DAYS = 300  # Ten months of loads are taken for a year's (our own estimate).


def summed(records: Iterable[Record], findings: Findings) -> list[Record]:
    """Return the records with the movements of one site and one waste added up into one record."""
    kept: list[Record] = []
    groups: dict[tuple[object, ...], list[tuple[Record, date, float]]] = {}
    for record in records:
        load = _load(record)
        if load is None:
            kept.append(record)
            continue
        key = _key(record)
        if key not in groups:
            groups[key] = []
            kept.append(record)
        groups[key].append((record, *load))
    for loads in groups.values():
        _sum(loads, findings)
    return kept


def _load(record: Record) -> tuple[date, float] | None:
    """Return the day and the quantity of a movement, or None for a record that is none."""
    moved = record.values.get("moved_on")
    if record.context.strict or moved is None:
        return None
    try:
        day = date_of(moved, "moved_on")
        cell = record.values.get("quantity")
        number = leading_number(text_of(cell), record.context.decimal_dot) if cell is not None else None
    except InvalidFlowError:
        return None
    if number is None or number.value.low < 0:
        return None
    return day, float(cell) if isinstance(cell, int | float) else number.value.middle


def _key(record: Record) -> tuple[object, ...]:
    text = text_of(record.values.get("waste_code"))
    try:
        code = waste_code_of(text)[0] if text else ""
    except InvalidFlowError:
        code = text
    names = ("site", "company", "siret", "label", "unit")
    return (record.context.sheet, code, *(plain(text_of(record.values.get(name))) for name in names))


def _sum(loads: list[tuple[Record, date, float]], findings: Findings) -> None:
    record = loads[0][0]
    days = [day for _, day, _ in loads]
    first, last = min(days), max(days)
    years = (
        len({day.year for day in days})
        if (last - first).days < DAYS_IN_YEAR
        else (last - first).days / DAYS_IN_YEAR
    )
    total = sum(quantity for _, _, quantity in loads)
    spread = max(1.0, years if (last - first).days >= DAYS_IN_YEAR else 1.0)
    record.values["quantity"] = total / spread
    record.values.setdefault("reliability", int(Reliability.INVOICE))
    context = record.context
    record.context = replace(
        context,
        direction=context.direction or Direction.OUTPUT,
        unit=context.unit or "t",
        rhythm=Rhythm(Period.YEAR),
    )
    text = N_("{count} movements from {first} to {last} were added up into one yearly flow.")
    params = {"count": len(loads), "first": first.isoformat(), "last": last.isoformat()}
    short = len(loads) > 1 and (last - first).days < FULL_YEAR_DAYS
    if short:
        text = N_(
            "{count} movements from {first} to {last} were added up: check that they make a whole year."
        )
    findings.on(record, "warning" if short else "info", "quantity", Message(text, params))
