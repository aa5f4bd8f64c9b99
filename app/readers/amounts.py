"""A quantity cell, however it is filled: "12", "2 à 3 t/an", "500 kg de carton par semaine"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from app.readers.number_marks import Marks
from app.readers.numbers import Number, leading_number
from app.readers.units import Measure, Rhythm, container, measure, split_rhythm
from matching.errors import InvalidFlowError
from matching.model import Period, Range
from matching.units import LEVEL_UNITS

# An amount inside a sentence: a number, a unit right behind, and a rhythm or a closing bracket.
INSIDE = re.compile(
    r"[\s:(,–-]((?:env(?:iron)?\.? |~ ?)?\d[\d\s.,]*(?:(?:-|à) ?\d[\d.,]*)?\s?"
    r"[^\W\d][^\s,;()]*(?:[^,;()]*?(?:/| par | per )\s?[^\W\d]+)?)\)?\s*$"
)

COUNTED = re.compile(
    r"^(?P<label>[^\d:]{3,60}?)\s*:\s*"
    r"(?P<amount>(?:env\.? |~ ?)?\d[\d\s.,]*\s*(?:/|par|per|a|each|chaque)\b.*)$"
)
MANY = re.compile(r"(millions?|milliers?|mille|thousand)\b(?: d[e'’])?\s*", re.IGNORECASE)
MANIES = {"million": 1e6, "millier": 1e3, "mille": 1e3, "thousand": 1e3}
PRODUCT = re.compile(r"^\s*(\d+)\s*[x×*]\s*(\d.*)$", re.DOTALL)
LOT = re.compile(r"^\s*(?:un )?(?:lot|stock)(?: unique| total)? (?:de |d['’])", re.IGNORECASE)
TYPED_THOUSANDS = re.compile(r"^[^\d]*[1-9]\d{0,2}\.000\s*[^\W\d]")
CONTENT = re.compile(r"\b(?:de|of|à|a|x)\s+(\d.*)$", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """What a quantity cell holds.

    Attributes
    ----------
    value
        The number or range, in ``unit`` where one is told.
    unit, factor
        The unit's symbol, and what ``value`` must be multiplied by to be in it.
    rhythm
        How often, where told.
    container
        A container's name when that is all the unit there is.
    rest
        Words that are neither number, unit nor rhythm.
    """

    value: Range
    unit: str | None = None
    factor: float = 1.0
    rhythm: Rhythm | None = None
    container: str = ""
    rest: str = ""
    approximate: bool = False


@lru_cache(maxsize=65536)
def amount_in(text: str, decimal_dot: int = 0) -> Amount | None:
    """Return the amount that ``text`` begins with, or None when it begins with no number.

    Raises
    ------
    InvalidFlowError
        If the number is infinite, not a number or a range that goes down.
    """
    if lot := LOT.match(text):
        inner = amount_in(text[lot.end() :], decimal_dot)
        return inner and replace(inner, rhythm=inner.rhythm or Rhythm(Period.ONCE))
    if product := PRODUCT.match(text):
        times, inner = float(product[1]), amount_in(product[2], decimal_dot)
        if inner is not None and inner.unit is not None:
            return replace(inner, value=times_range(inner.value, times))
    # "12.000 kg" is typed by a person even in a table where programs write 12.5.
    typed = decimal_dot == Marks.DOT and TYPED_THOUSANDS.match(text)
    number = leading_number(text, Marks.COMMA if typed else decimal_dot)
    if number is None:
        return None
    return with_unit(number)


def times_range(value: Range, factor: float) -> Range:
    """Return a range multiplied by a positive factor."""
    return value if factor == 1 else Range(value.low * factor, value.high * factor)


def with_unit(number: Number) -> Amount:
    """Return the amount of a number and the words behind it."""
    value, rest = number.value, number.rest.strip()
    if many := MANY.match(rest):
        value, rest = times_range(value, MANIES[many[1].lower().rstrip("s")]), rest[many.end() :].strip()
    if not rest:
        return Amount(value, approximate=number.approximate)
    rhythm, left = split_rhythm(rest)
    if rhythm is None:
        left = rest
    found = measure(left)
    if found is None:
        vessel = left.strip() if container(left) else ""
        if vessel and (filled := _filled(number, vessel)):
            return replace(filled, rhythm=rhythm)
        return Amount(value, None, 1.0, rhythm, vessel, "" if vessel else left.strip(), number.approximate)
    return Amount(value, found.symbol, found.factor, rhythm, "", found.rest, number.approximate)


def _filled(number: Number, container: str) -> Amount | None:
    """Return the amount of containers whose content is told: "3 bennes de 30 m3" are 90 m3."""
    found = CONTENT.search(container)
    inner = with_unit(leading_number(found[1]) or number) if found else None
    if inner is None or inner.unit is None or number.value.low < 0:
        return None
    value = Range(number.value.low * inner.value.low, number.value.high * inner.value.high)
    return replace(inner, value=value, approximate=True, rest=container)


@lru_cache(maxsize=4096)
def filled_unit(text: str) -> Measure | None:
    """Return what one container holds where its content is told: 15 m3 for "bennes de 15 m3"."""
    found = CONTENT.search(text) if container(text) else None
    inner = amount_in(found[1]) if found else None
    if inner is None or inner.unit is None or inner.value.low != inner.value.high:
        return None
    return Measure(inner.unit, inner.value.middle * inner.factor)


@lru_cache(maxsize=4096)
def count_inside(label: str) -> tuple[str, str] | None:
    """Return (label, amount) of "Pallets: 50 per month", whose thing is its own unit, or None."""
    found = COUNTED.match(label)
    amount = amount_in(found["amount"]) if found else None
    if found is None or amount is None or amount.rhythm is None or amount.unit is not None or amount.rest:
        return None
    return found["label"].strip(), found["amount"].strip()


@lru_cache(maxsize=16384)
def amount_inside(label: str) -> tuple[str, str] | None:
    """Return (label, amount text) of a label that ends with its amount: "Cartons (12 t/an)", or None."""
    found = INSIDE.search(label)
    if found is None or not label[: found.start()].strip():
        return None
    try:
        amount = amount_in(found[1].strip(" )"))
    except InvalidFlowError:
        return None
    if amount is None or amount.unit is None:
        return None
    if amount.rhythm is None and amount.unit in LEVEL_UNITS:
        listed = label[: found.start() + 1].rstrip().endswith(":")  # "Cold room: 80 m2"
        return (label[: found.start()].rstrip(" :") if listed else label), found[1].strip(" )")
    if amount.rhythm is None and not label.rstrip().endswith(")"):
        return None
    return label[: found.start()].strip(" :–-(,"), found[1].strip(" )")


def in_unit(amount: Amount, measured: Measure | None) -> Range:
    """Return the value of an amount once multiplied for a unit that is a multiple ("milliers de t")."""
    return times_range(amount.value, measured.factor if measured is not None else amount.factor)


def is_amount(text: str) -> bool:
    """Tell whether a text begins with a number."""
    try:
        return amount_in(text) is not None
    except InvalidFlowError:
        return False
