"""Declared quantities to canonical units a year, keeping what was declared.

Canonical units: t, MWh, m3, palette, unité, h (of work), jour, m2, trajet, EUR.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from matching.catalogue.tables import read_rows
from matching.errors import UnknownUnitError
from matching.messages import N_, Message
from matching.model import Flow, Kind, Period, Quantity

# Active periods in a year, from the contract of the flow table.
PERIODS_PER_YEAR = {Period.YEAR: 1.0, Period.MONTH: 12.0, Period.WEEK: 52.0, Period.DAY: 365.0}
STEADY_DIGITS = 12
LEVEL_UNITS = frozenset({"m2", "ETP"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the contract: ``factor`` turns it into its ``canonical`` unit."""

    symbol: str
    canonical: str
    factor: float
    dimension: str


@dataclass(frozen=True, slots=True)
class YearlyQuantity:
    """``per_year`` (None when it is a one-off) and ``amount`` of the one-off, both in ``unit``."""

    per_year: float | None
    amount: float | None
    unit: str


@lru_cache(maxsize=1)
def _units() -> tuple[dict[str, Unit], dict[str, str]]:
    units: dict[str, Unit] = {}
    spellings: dict[str, str] = {}
    for row in read_rows("units.csv"):
        symbol = row["symbol"]
        units[symbol] = Unit(symbol, row["canonical"], float(row["factor"]), row["dimension"])
        for spelling in (symbol, *row["spellings"].split("|")):
            spellings[_plain(spelling)] = symbol
    return units, spellings


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().lower().replace("³", "3").replace("²", "2"))
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(kept.replace(".", "").split())


def unit_symbols() -> tuple[str, ...]:
    """Return the symbols of all units, in the order of the table."""
    return tuple(_units()[0])


def parse_unit(text: str) -> str:
    """Return the symbol of a unit written in a usual spelling.

    Raises
    ------
    UnknownUnitError
        If the spelling is not in the table of units.
    """
    symbol = _units()[1].get(_plain(text))
    if symbol is None:
        raise UnknownUnitError(
            "unit",
            Message(
                N_("Unit “{value}” is unknown: use one of {units}."),
                {"value": text, "units": ", ".join(unit_symbols())},
            ),
        )
    return symbol


def unit(symbol: str) -> Unit:
    """Return the unit of ``symbol``; raises ``UnknownUnitError`` when there is none."""
    known = _units()[0]
    return known[symbol] if symbol in known else known[parse_unit(symbol)]


def is_level(symbol: str, kind: Kind) -> bool:
    """Tell whether a quantity in this unit is a level (an area, places, posts), whatever its period."""
    return symbol in LEVEL_UNITS or (kind is Kind.SPACE and symbol == "unité")


def declared_per_year(quantity: Quantity, kind: Kind, active_months: int = 12) -> YearlyQuantity:
    """Return the quantity a year in the **declared** unit.

    Parameters
    ----------
    active_months
        Number of months in which the flow runs, 1 to 12; a month, week or day only counts in these.
    """
    value = quantity.value.middle
    if is_level(quantity.unit, kind):
        return YearlyQuantity(value, None, quantity.unit)
    if quantity.period is Period.ONCE:
        return YearlyQuantity(None, value, quantity.unit)
    if quantity.period is Period.YEAR:
        return YearlyQuantity(value, None, quantity.unit)
    periods = PERIODS_PER_YEAR[quantity.period]
    if quantity.period is Period.DAY and quantity.days_per_week is not None:
        periods = PERIODS_PER_YEAR[Period.WEEK] * quantity.days_per_week
    return YearlyQuantity(value * periods * active_months / 12, None, quantity.unit)


def canonical_per_year(flow: Flow) -> YearlyQuantity | None:
    """Return the flow's quantity a year in its canonical unit, or None when none was declared."""
    if flow.quantity is None:
        return None
    declared = declared_per_year(flow.quantity, flow.kind, len(flow.active_months))
    base = unit(declared.unit)
    return YearlyQuantity(
        None if declared.per_year is None else steady(declared.per_year * base.factor),
        None if declared.amount is None else steady(declared.amount * base.factor),
        base.canonical,
    )


def steady(value: float) -> float:
    """Return ``value`` without its last digits, in which 900 kg and 0.9 t differ."""
    return float(f"{value:.{STEADY_DIGITS}g}")


def unit_cost_per_canonical(flow: Flow) -> float | None:
    """Return ``unit_cost_eur`` in EUR per canonical unit, or None when it or the unit is unknown."""
    if flow.unit_cost_eur is None or flow.quantity is None:
        return None
    return steady(flow.unit_cost_eur.middle / unit(flow.quantity.unit).factor)
