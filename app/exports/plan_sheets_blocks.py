"""What papers of plans are made of: blocks that one template lays out, and values as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_currency

from app.translations import gettext, shown
from matching.messages import N_

Block = dict[str, Any]
Width = Literal["abbreviated", "wide"]
Document = Mapping[str, Any]
# Longer than the longest words of French and English that a cell holds: a code or an address written in one.
LONGEST_WHOLE_WORD = 18
NO_BREAK = "\u00a0"
SOFT_HYPHEN = "\u00ad"
TONNE_KG = 1000
EVERY_DAY = 7
MONTHS = range(1, 13)
NEVER = N_("to be asked")
# From here on a part of one says nothing.
MANY = 100
PLURAL_FROM = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site is and whom to ask for there, as known beside the plan."""

    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """The language of a paper and what is known of sites beside the plan's document."""

    language: str
    places: Mapping[str, Place] = field(default_factory=dict)

    def say(self, text: str, **params: object) -> str:
        """Return a sentence of the interface in the paper's language."""
        return gettext(text, self.language, **params)

    def place(self, site: str) -> Place:
        """Return what is known of a site, empty where nothing is."""
        return self.places.get(site, Place())

    def number(self, value: float | None, digits: int = 2) -> str:
        """Return a number with at most ``digits`` decimals, empty when it is not known."""
        return "" if value is None else _minus(shown(round(value, digits) + 0.0, self.language))

    def amount(self, value: float | None, unit: str | None) -> str:
        """Return a quantity with its unit; less than a tonne is written in kg."""
        if value is None:
            return ""
        if unit == "t" and 0 < abs(value) < 1:
            return f"{self.number(value * TONNE_KG, 0)}{NO_BREAK}kg"
        digits = 0 if abs(value) >= MANY else 2
        return f"{self.number(value, digits)}{NO_BREAK}{unit_name(unit or '', value)}".strip()

    def km(self, value: float | None) -> str:
        """Return a distance, empty when it is not known."""
        return "" if value is None else f"{self.number(value, 1)}{NO_BREAK}km"

    def euros(self, value: float | None, cents: bool = False) -> str:
        """Return an amount of money, empty when it is not known."""
        if value is None:
            return ""
        pattern = None if cents else ("#,##0 ¤" if self.language == "fr" else "¤#,##0")
        written = format_currency(
            value if cents else round(value) + 0.0,
            "EUR",
            format=pattern,
            locale=self.language,
            currency_digits=cents,
        )
        return _minus(str(written))

    def percent(self, share: float | None, digits: int = 0) -> str:
        """Return a share of 1 as a percentage."""
        before = NO_BREAK if self.language == "fr" else ""
        return "" if share is None else f"{self.number(100 * share, digits)}{before}%"

    def day(self, iso: str | date | None) -> str:
        """Return a date in full, empty when it is not known."""
        if not iso:
            return ""
        day = iso if isinstance(iso, date) else date.fromisoformat(iso)
        return str(format_date(day, format="long", locale=self.language))

    def weekday(self, number: int) -> str:
        """Return the name of an ISO day of the week."""
        return str(get_day_names(locale=self.language)[number - 1])

    def month(self, number: int, width: Width = "abbreviated") -> str:
        """Return the name of a month from 1 to 12."""
        return str(get_month_names(width, locale=self.language)[number])

    def weekdays(self, numbers: Iterable[int]) -> str:
        """Return days of the week in words, spans as spans."""
        return self._spans(sorted(numbers), lambda number: self.weekday(number))

    def months(self, numbers: Iterable[int]) -> str:
        """Return months in words, spans as spans; the whole year as such."""
        found = sorted(numbers)
        if found == list(MONTHS):
            return self.say(N_("all year"))
        return self._spans(found, lambda number: self.month(number, "wide"))

    def _spans(self, numbers: Sequence[int], name: Any) -> str:
        spans: list[list[int]] = []
        for number in numbers:
            if spans and number == spans[-1][-1] + 1:
                spans[-1].append(number)
            else:
                spans.append([number])
        words = []
        for span in spans:
            if len(span) > 2:
                words.append(self.say(N_("{first} to {last}"), first=name(span[0]), last=name(span[-1])))
            else:
                words += [name(number) for number in span]
        return ", ".join(words)


def unit_name(unit: str, value: float) -> str:
    """Return a unit as people write it: powers raised, words such as “palette” in the plural."""
    if unit in ("m2", "m3"):
        return unit[0] + {"2": "²", "3": "³"}[unit[1]]
    word = len(unit) > 2 and unit.isalpha() and unit.islower()
    return f"{unit}s" if word and abs(value) >= PLURAL_FROM and not unit.endswith(("s", "x")) else unit


def _minus(written: str) -> str:
    return written.replace("-", "−")


def heading(text: str, large: bool = False) -> Block:
    """Return the title of a part, never left alone at the foot of a page."""
    return {"kind": "heading", "text": text, "large": large}


def paragraph(text: str) -> Block:
    """Return a sentence."""
    return {"kind": "text", "text": text}


def notice(text: str) -> Block:
    """Return a sentence that must not be missed."""
    return {"kind": "notice", "text": text}


def facts(*rows: tuple[str, str], large: bool = False) -> Block:
    """Return names and values, those without a value left out."""
    return {"kind": "facts", "rows": [list(row) for row in rows if row[1]], "large": large}


def bullets(title: str, items: Sequence[str], box: bool = False) -> list[Block]:
    """Return a titled list, with boxes to tick where asked; nothing for an empty one."""
    return [heading(title), {"kind": "list", "items": list(items), "box": box}] if items else []


def table(
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    total: Sequence[str] = (),
    size: str = "normal",
    bold: Sequence[int] = (),
) -> Block:
    """Return a table whose header is repeated on each page.

    Parameters
    ----------
    columns
        Title and width of each: a share such as ``2fr`` for texts, ``auto`` for figures, set to the right,
        ``left`` and ``mid`` for short words.
    size
        ``small``, ``normal`` or ``large`` (read standing).
    bold
        Columns of a large table whose first lines are what is looked for.
    """
    return {
        "kind": "table",
        "columns": [{"title": title, "width": width} for title, width in columns],
        "rows": [[breakable(cell) for cell in row] for row in rows],
        "total": list(total),
        "size": size,
        "bold": list(bold),
    }


def colours(legend: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Block:
    """Return a calendar: cells are texts or, for an index of ``legend``, its name on its own colour."""
    return {
        "kind": "colours",
        "legend": [breakable(name) for name in legend],
        "columns": list(columns),
        "rows": [list(row) for row in rows],
    }


def boxes(*labels: str) -> Block:
    """Return empty frames to write and sign in."""
    return {"kind": "boxes", "labels": list(labels)}


def cards(items: Sequence[Block], columns: int, cut: bool = False) -> Block:
    """Return frames side by side, none split over two pages: title, aside, subtitle, big figures, lines."""
    return {"kind": "cards", "items": list(items), "columns": columns, "cut": cut}


def new_page() -> Block:
    """Return the start of another page."""
    return {"kind": "page"}


def alphabetical(name: str) -> str:
    """Return what a name is sorted by: without accents and capitals, as in a directory."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


def breakable(text: str) -> str:
    """Return a text whose overlong words may be cut at the end of a line."""
    return re.sub(
        rf"[^\s-]{{{LONGEST_WHOLE_WORD + 1},}}",
        lambda word: SOFT_HYPHEN.join(re.findall(rf".{{1,{LONGEST_WHOLE_WORD // 2}}}", word[0])),
        str(text),
    )


def closing(paper: Paper, document: Document) -> list[Block]:
    """Return what every paper ends with: who is left out, what to ask, to check, and taken for granted."""
    left = [
        paper.say(N_("{name}: {why}"), name=entry["name"], why=entry["why"]) for entry in document["unserved"]
    ]
    return [
        *bullets(paper.say(N_("To check")), [entry["message"] for entry in document["warnings"]], box=True),
        *bullets(paper.say(N_("Still to ask")), document["plan"].get("missing", ()), box=True),
        *bullets(paper.say(N_("Left out, and why")), left),
        *bullets(paper.say(N_("Reckoned from")), document["assumptions"]),
    ]
