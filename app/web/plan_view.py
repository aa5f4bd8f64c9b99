"""A plan's document as a page shows it: what it brings, tables, what is missing, how good it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel.dates import get_day_names, get_month_names
from babel.numbers import format_decimal

from app.web.figures import FIXED, Figures
from matching.messages import N_

Row = Mapping[str, Any]
# Below this an amount of money is a price: cents count.
LEAST_WITHOUT_CENTS_EUR = 20
# A gap below this is the solvers' rounding.
ROUNDING = 5e-5


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure and what it counts."""

    value: str
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells already written out.

    Attributes
    ----------
    numbers
        Places of the columns of figures.
    lines
        What stands in small under the first cell of each row; empty for nothing.
    compact
        Whether it stays a table on a phone, where longer rows turn into cards.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]
    lines: tuple[str, ...] = ()
    compact: bool = False

    @property
    def telling(self) -> tuple[int, ...]:
        """The columns that say something in at least one row; the first one always stands."""
        return tuple(i for i in range(len(self.columns)) if i == 0 or any(row[i] for row in self.rows))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: sentences, a table, or a template of its own with its data.

    Attributes
    ----------
    folded
        Whether the reader opens it.
    """

    title: str
    notes: tuple[str, ...] = ()
    table: Table | None = None
    template: str = ""
    data: Any = None
    folded: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One result: its title, its figures and its sections."""

    title: str
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    missing: tuple[str, ...] = ()
    saving: float | None = None
    sites: tuple[str, ...] = field(default=())


Column = tuple[str, Callable[[Row], str]]


class Teller(Figures):
    """Writes the values of plan documents in one language."""

    @property
    def language(self) -> str:
        """The language written."""
        return self._language

    def eur(self, value: float | None) -> str:
        """Return an amount of money to the euro, to the cent where it is small; empty when unknown."""
        if value is None:
            return ""
        small = abs(value) < LEAST_WITHOUT_CENTS_EUR and not float(value).is_integer()
        shown = format_decimal(value, format="#,##0.00" if small else "#,##0", locale=self._language)
        return f"{shown}{FIXED}€"

    def about_eur(self, value: float | None) -> str:
        """Return an estimate of money: “about 6,000 €”; empty when it is unknown or nothing."""
        return self.about(value or None, "€")

    def range_eur(self, low: float | None, high: float | None) -> str:
        """Return a range of money, empty when a bound is unknown."""
        return "" if low is None or high is None else self.span(low, high, "€")

    def share(self, value: float | None, digits: int = 0) -> str:
        """Return a share of 1 in percent; empty when unknown."""
        if value is None:
            return ""
        shown = format_decimal(
            100 * value, format="0" if not digits else "0." + "#" * digits, locale=self._language
        )
        return f"{shown}{FIXED if self._language == 'fr' else ''}%"

    def date(self, value: str | None) -> str:
        """Return a day written 2026-03-01 in the document; empty when unknown."""
        try:
            day = date.fromisoformat(value or "")
        except ValueError:
            return value or ""
        shown = self.day(day)
        # French says “1er mars”, and “2 mars”.
        return shown.replace("1", "1er", 1) if self._language == "fr" and day.day == 1 else shown

    def month(self, number: int) -> str:
        """Return the short name of a month, 1 for January."""
        return str(get_month_names("abbreviated", locale=self._language)[number])

    def weekday(self, number: int) -> str:
        """Return the name of a weekday, 1 for Monday."""
        return str(get_day_names("wide", locale=self._language)[number - 1])

    def weekdays(self, numbers: Sequence[int]) -> str:
        """Return the weekdays as a list; empty for all of them."""
        if not numbers or len(set(numbers)) == 7:
            return ""
        short = get_day_names("abbreviated", locale=self._language)
        days = sorted(set(numbers))
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return f"{short[days[0] - 1]} – {short[days[-1] - 1]}"
        return ", ".join(str(short[number - 1]) for number in days)

    def counted(self, count: int, one: str, many: str) -> Fact:
        """Return a count and what it counts; nothing for none."""
        return Fact(self.count(count) if count else "", self.plural(count, one, many))

    def count(self, value: float | None) -> str:
        """Return a number to three significant figures; empty when unknown."""
        return "" if value is None else self.quantity(value, None)

    def table(
        self,
        columns: Iterable[Column],
        rows: Iterable[Row],
        line: Callable[[Row], str] | None = None,
        compact: bool = False,
    ) -> Table:
        """Return a table whose cells are what each column says of each row.

        Parameters
        ----------
        columns
            Names and cells; a name that begins with ``#`` is that of a column of figures.
        line
            What stands under the first cell of a row.
        """
        named, told = list(columns), list(rows)
        return Table(
            tuple(self.text(name.removeprefix("#")) for name, _ in named),
            tuple(tuple(cell(row) for _, cell in named) for row in told),
            frozenset(place for place, (name, _) in enumerate(named) if name.startswith("#")),
            tuple(line(row) for row in told) if line else (),
            compact,
        )


def said(key: str) -> Callable[[Row], str]:
    """Return a column's cell: the text under ``key``, empty when there is none."""

    def cell(row: Row) -> str:
        value = row.get(key)
        return "" if value is None else str(value)

    return cell


def quality(document: Row, tell: Teller) -> str:
    """Return how good a plan is, in words: proven best, how far at most, or unknown."""
    gap = document.get("gap")
    if gap is None:
        return tell.text(N_("Nobody has proven how far this is from the best possible."))
    if gap < ROUNDING:
        return tell.text(N_("The best possible on these figures: proven."))
    return tell.text(N_("{share} at most from the best possible."), share=tell.share(gap, 1))
