"""The quantity of a row, from its quantity, unit and period cells and from what the column titles say."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.readers.amounts import Amount, amount_in, amount_inside, count_inside, filled_unit, times_range
from app.readers.calendar import days_per_week, is_season, parse_months
from app.readers.grid import ERRORS, text_of
from app.readers.number_marks import is_doubtful
from app.readers.numbers import not_finite
from app.readers.record import Findings, Record
from app.readers.units import Measure, Rhythm, container, containers, measure, rhythm, split_rhythm
from app.readers.vocabulary import is_unknown, plain
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Period, Quantity, Range
from matching.units import LEVEL_UNITS, parse_unit

NO_UNIT = {
    "container": N_("“{value}” is a container, not a unit: say how much it holds. Kept without a quantity."),
    "rate": N_("“{value}” is a rate or a power: give the amount a year. Kept without a quantity."),
}
TURNED_INTO_DATE = N_("The spreadsheet turned this quantity into a date: type it again. Kept without it.")
HOURLY = re.compile(r"^(?:par |a l |l )?(?:h|heures?|hour|min|minutes?)$")
SEASON = re.compile(r"^([^(\[]+)[(\[](.+)[)\]]$")
THOUSANDS_DOT = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.,])")
YEARLY = Rhythm(Period.YEAR)


@dataclass(frozen=True, slots=True)
class Declared:
    """A quantity, and words of its cell that belong in the comment."""

    quantity: Quantity | None
    words: str = ""


def quantity_of(record: Record, findings: Findings) -> Declared:
    """Return the quantity of a row; None where it tells none.

    Raises
    ------
    InvalidFlowError
        If a cell is no quantity, names an unknown unit or period, or breaks an invariant.
    """
    amount = _amount(record, findings)
    if isinstance(amount, str):
        return Declared(None, amount)
    period_rhythm = _period_cell(record, findings)
    unit_rhythm, cell_unit = _unit_cell(record)
    if amount is None:
        return Declared(None)
    # A frequency beside "t/an" is how often a lorry comes, not what the quantity is counted by.
    told = amount.rhythm or unit_rhythm or record.context.rhythm or period_rhythm
    found = _measure(record, amount, cell_unit, findings)
    if found is None:
        return Declared(None, f"{text_of(record.values.get('quantity'))} {cell_unit}".strip())
    value = times_range(amount.value, found.factor)
    words = " ".join(part for part in (amount.rest, found.rest) if part)
    if not record.context.strict and is_season(season := words.strip(" ,;()")):
        record.values.setdefault("months", season)
    return Declared(_quantity(record, value, found.symbol, told, findings), words)


def _amount(record: Record, findings: Findings) -> Amount | str | None:
    """Return the amount of the quantity cell, or the cell's text when it holds only words."""
    cell = record.values.get("quantity")
    if cell is None:
        return None if record.context.strict else _amount_in_label(record) or _amount_in_comment(record)
    if isinstance(cell, date):
        return _doubtful(record, findings, Message(TURNED_INTO_DATE))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            raise not_finite(cell)
        return Amount(Range.of(float(cell)))
    text = text_of(cell)
    if text in ERRORS:
        lost = N_("The formula of this quantity gives {value}: type the number. Kept without it.")
        return _doubtful(record, findings, Message(lost, {"value": text}))
    if is_unknown(text):
        return None if record.context.strict else _amount_in_label(record)
    return _typed_amount(record, text, findings)


def _typed_amount(record: Record, text: str, findings: Findings) -> Amount | str:
    """Return the amount that a cell of text holds, and tell what is doubtful in it."""
    amount = amount_in(text, record.context.decimal_dot)
    if amount is None:
        words = N_("“{value}” is not a quantity: give a number such as 12.5, or a range such as 150-200.")
        return _doubtful(record, findings, Message(words, {"value": text}))
    if amount.value.low < 0:
        negative = N_("Quantity {value} is negative: give zero or more.")
        raise InvalidFlowError("quantity", Message(negative, {"value": amount.value.low}))
    if is_doubtful(text, record.context.decimal_dot, record.context.comma_told):
        comma = N_("“{value}” was read as {number}: if its comma separates thousands, write it without.")
        params = {"value": text, "number": f"{amount.value.middle:g}"}
        findings.on(record, "warning", "quantity", Message(comma, params))
    if not record.context.decimal_dot and THOUSANDS_DOT.search(text):
        dotted = N_("The dot of “{value}” was read as a separator of thousands.")
        findings.on(record, "info", "quantity", Message(dotted, {"value": text}))
    return amount


def _doubtful(record: Record, findings: Findings, message: Message) -> str:
    """Refuse a quantity cell in a strict table; elsewhere tell, and return its words for the comment."""
    if record.context.strict:
        raise InvalidFlowError("quantity", message)
    findings.on(record, "warning", "quantity", message)
    return text_of(record.values["quantity"])


def _amount_in_label(record: Record) -> Amount | None:
    label = record.values.get("label")
    found = amount_inside(label) or count_inside(label) if isinstance(label, str) else None
    if found is None:
        return None
    record.values["label"] = found[0]
    return amount_in(found[1], record.context.decimal_dot)


def _amount_in_comment(record: Record) -> Amount | None:
    """Return the amount that remarks begin with ("2 jours par mois, de mai à juin")."""
    comment = record.values.get("comment")
    if not isinstance(comment, str):
        return None
    try:
        amount = amount_in(comment, record.context.decimal_dot)
    except InvalidFlowError:
        return None
    if amount is None or amount.unit is None or (amount.rhythm is None and amount.unit not in LEVEL_UNITS):
        return None
    return amount


def _unit_cell(record: Record) -> tuple[Rhythm | None, str]:
    """Return the rhythm that the unit cell tells ("t/an"), and its text without it."""
    text = text_of(record.values.get("unit")).strip()
    if not text or is_unknown(text):
        return None, ""
    if _is_unit(text):
        return None, text
    told, left = split_rhythm(text)
    return told, left.strip() if told is not None else text


def _period_cell(record: Record, findings: Findings) -> Rhythm | None:
    text = text_of(record.values.get("period")).strip()
    if not text or is_unknown(text):
        return None
    told = rhythm(text) or _with_season(record, text)
    if told is not None:
        return told
    message = Message(N_("Period “{value}” is unknown: use year, month, week, day or once."), {"value": text})
    if record.context.strict:
        raise InvalidFlowError("period", message)
    told, left = split_rhythm(text)
    if told is None and HOURLY.search(plain(text)):
        record.values["unit"] = f"{text_of(record.values.get('unit'))}/h"
    elif told is None:
        findings.on(record, "warning", "period", message)
    elif "unit" not in record.values and measure(left) is not None:
        record.values["unit"] = left
    return told


def _with_season(record: Record, text: str) -> Rhythm | None:
    """Return the rhythm of "an (juil.-sept.)" and give the months to the row when it has none."""
    found = None if record.context.strict else SEASON.match(text)
    told = rhythm(found[1]) if found else None
    if found and told is not None:
        try:
            if parse_months(found[2]):
                record.values.setdefault("months", found[2])
        except InvalidFlowError:
            return told
    return told


@lru_cache(maxsize=4096)
def _is_unit(text: str) -> bool:
    try:
        parse_unit(text)
    except InvalidFlowError:
        return False
    return True


def _measure(record: Record, amount: Amount, cell_unit: str, findings: Findings) -> Measure | None:
    """Return the unit that counts: the cell's own words, then the unit column, then the column title."""
    if amount.unit is not None:
        return Measure(amount.unit, amount.factor)
    for text in (cell_unit, record.context.unit):
        if text and (found := measure(text)) is not None:
            return found
    if (filled := filled_unit(cell_unit)) is not None:
        return filled
    unclear = cell_unit or amount.container or amount.rest
    if not record.context.strict and (what := container(unclear)):
        findings.on(record, "warning", "unit", Message(NO_UNIT[what], {"value": unclear}))
        return None
    if cell_unit and record.context.strict:
        parse_unit(cell_unit)
    if (guessed := _unit_of_label(record)) is not None:
        return guessed
    _tell_missing_unit(record, unclear, cell_unit, findings)
    return None


def _tell_missing_unit(record: Record, unclear: str, cell_unit: str, findings: Findings) -> None:
    if unclear:
        if record.context.strict:
            parse_unit(unclear)
        text = N_(
            "No known unit in “{value}”: kept without a quantity; give one of t, kg, m3, L, MWh, palette…"
        )
        read = f"{text_of(record.values.get('quantity'))} {cell_unit}".strip()
        findings.on(record, "warning", "unit", Message(text, {"value": read}))
        return
    message = Message(N_("The quantity has no unit: fill in the column “unit”."))
    if record.context.strict:
        raise InvalidFlowError("unit", message)
    findings.on(record, "warning", "unit", message)


def _unit_of_label(record: Record) -> Measure | None:
    """Return the unit that a label begins with when it counts things ("Palettes Europe", "Trajets")."""
    if record.context.strict:
        return None
    words = plain(text_of(record.values.get("label"))).split()
    found = measure(words[0]) if words and len(words[0]) > 3 and words[0] not in containers() else None
    return found if found is not None and found.symbol in {"palette", "trajet", "EUR", "ETP"} else None


def _quantity(record: Record, value: Range, symbol: str, told: Rhythm | None, findings: Findings) -> Quantity:
    if told is None:
        if symbol not in LEVEL_UNITS:
            findings.on(
                record, "info", "period", Message(N_("No period: the quantity was read as a yearly one."))
            )
        told = YEARLY
    days = told.days_per_week
    if days is None and told.period is Period.DAY and (weekdays := text_of(record.values.get("weekdays"))):
        days = days_per_week(weekdays)
    return Quantity(times_range(value, told.times), symbol, told.period, days)
