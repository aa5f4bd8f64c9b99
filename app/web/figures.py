"""Numbers, dates and counts as people of each language write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime, get_month_names
from babel.numbers import format_decimal

from app.translations import gettext
from app.web.wording import PERIODS
from matching.messages import N_
from matching.model import Quantity, Range
from matching.units import LEVEL_UNITS

FIXED = "\u00a0"
SYMBOLS = {"m3": "m³", "m2": "m²", "EUR": "€"}
# Units that are words: the singular and the plural.
COUNTED = {
    "unité": (N_("unit"), N_("units")),
    "palette": (N_("pallet"), N_("pallets")),
    "jour": (N_("day"), N_("days")),
    "trajet": (N_("trip"), N_("trips")),
    "ETP": (N_("FTE"), N_("FTE")),
}


# Lists show the same few figures again and again, and each takes Babel a tenth of a millisecond.
@lru_cache(maxsize=16_384)
def _decimal(value: float, pattern: str, language: str) -> str:
    return format_decimal(value, format=pattern, locale=language)


class Figures:
    """Formats for one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def text(self, template: str, **params: object) -> str:
        """Return a sentence of the interface."""
        return gettext(template, self._language, **params)

    def number(self, value: float) -> str:
        """Return a number as declared, to six decimals at most."""
        return _decimal(value, "#,##0.######", self._language)

    def rounded(self, value: float) -> str:
        """Return an estimate with two significant figures."""
        return _decimal(float(f"{value:.2g}"), "#,##0.####", self._language)

    def quantity(self, value: float | None, unit: str | None) -> str:
        """Return a yearly quantity to three significant figures, with its unit; empty when unknown."""
        if value is None:
            return ""
        shown = _decimal(float(f"{value:.3g}"), "#,##0.##", self._language)
        return f"{shown}{FIXED}{self.unit(unit or '', value)}".strip()

    def unit(self, unit: str, count: float = 2) -> str:
        """Return a unit as it is written after a number."""
        if unit in SYMBOLS:
            return SYMBOLS[unit]
        if unit not in COUNTED:
            return unit
        return self.plural(count, *COUNTED[unit])

    def about(self, value: float | None, unit: str) -> str:
        """Return an estimate: “about 6,000 €”; empty when there is none."""
        if value is None:
            return ""
        return self.text(N_("about {amount}"), amount=self.amount(value, unit))

    def amount(self, value: float, unit: str) -> str:
        """Return a rounded amount with its unit."""
        return f"{self.rounded(value)}{FIXED}{unit}"

    def span(self, low: float, high: float, unit: str) -> str:
        """Return a range of estimates."""
        return self.text(N_("from {low} to {high}"), low=self.rounded(low), high=self.amount(high, unit))

    def km(self, value: float | None) -> str:
        """Return a road distance; empty when unknown."""
        if value is None:
            return ""
        shown = _decimal(value, "0.#" if value < 10 else "#,##0", self._language)
        return f"{shown}{FIXED}km"

    def percent(self, share: float) -> str:
        """Return a share of 1 as a percentage."""
        return f"{round(100 * share)}{FIXED if self._language == 'fr' else ''}%"

    def score(self, value: float) -> str:
        """Return a score of 100 without decimals."""
        return str(round(value))

    def day(self, value: date) -> str:
        """Return a day."""
        return format_date(value, format="d MMMM y", locale=self._language)

    def moment(self, value: datetime) -> str:
        """Return a moment to the minute."""
        return format_datetime(value, format="d MMM y, HH:mm", locale=self._language)

    def cell(self, value: Range | None) -> str:
        """Return a declared number or range."""
        if value is None:
            return ""
        if value.low == value.high:
            return self.number(value.low)
        return f"{self.number(value.low)} – {self.number(value.high)}"

    def declared(self, quantity: Quantity | None) -> str:
        """Return a quantity as it was declared, with its period unless it is a level such as a surface."""
        if quantity is None:
            return ""
        amount = f"{self.cell(quantity.value)}{FIXED}{self.unit(quantity.unit, quantity.value.high)}"
        if quantity.unit in LEVEL_UNITS:
            return amount
        return f"{amount} {self.text(PERIODS[quantity.period.value])}"

    def months(self, months: frozenset[int]) -> str:
        """Return the active months by their short names: “Mar. to Sept., Nov.”."""
        names = get_month_names("abbreviated", locale=self._language)
        runs: list[list[int]] = []
        for month in sorted(months):
            if runs and runs[-1][-1] == month - 1:
                runs[-1].append(month)
            else:
                runs.append([month])
        shown = (" – ".join(dict.fromkeys((names[run[0]], names[run[-1]]))) for run in runs)
        return ", ".join(shown)

    def plural(self, count: float, one: str, many: str) -> str:
        """Return the singular or the plural sentence with its ``{count}``."""
        singular = count < 2 if self._language == "fr" else count == 1
        return self.text(one if singular else many, count=count)

    def worth(self, document: Mapping[str, Any]) -> str:
        """Return what a synergy document is worth a year, money first; empty when no figure is known."""
        if document["saving_eur_per_year"] is not None:
            return self.about(document["saving_eur_per_year"], "€")
        if document["saving_tco2e_per_year"] is not None:
            return self.about(document["saving_tco2e_per_year"], self.carbon)
        return ""

    @property
    def carbon(self) -> str:
        """The unit of greenhouse gases, tonnes of CO₂ equivalent."""
        return "t CO₂e" if self._language == "en" else "t éq. CO₂"
