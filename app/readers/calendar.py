"""Months and dates as people write them: "1-3;9-12", "avril à octobre", "12/03/2024", "mars 2025"."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.readers.grid import Cell
from app.readers.vocabulary import is_unknown, phrase_pattern, unaccented
from matching.catalogue.tables import read_rows
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.months_said import span

ALL = frozenset(range(1, 13))
SPAN = re.compile(r"^(\d{1,2})(?:\s*-\s*(\d{1,2}))?$")
NAMED_SPAN = re.compile(
    r"(\d{1,2})\s*(?:-|a|to|jusqu'?a|jusqu'en|until)\s*(?:la |le |fin |debut |mi ?)?(\d{1,2})"
)
MONTH_OF_YEAR = re.compile(r"[^\W\d_]+\.?[ ’'/-]{0,2}\d{2,4}|\d{4}[-/]\d{1,2}|\d{1,2}/\d{4}")
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DATES = (20000, 80000)  # 1954 to 2119: a number outside is no date of a spreadsheet.
YEARS = (1950, 2150)
WEEKDAYS = ("lun|mon", "mar|tue", "mer|wed", "jeu|thu", "ven|fri", "sam|sat", "dim|sun")


def _months_error(text: str) -> InvalidFlowError:
    return InvalidFlowError(
        "months",
        Message(
            N_("Months “{value}” are not understood: write 1-3;9-12, or leave empty for all year."),
            {"value": text},
        ),
    )


@lru_cache(maxsize=1)
def _month_words() -> dict[str, str]:
    return {unaccented(row["wording"]): row["months"] for row in read_rows("months.csv")}


@lru_cache(maxsize=4096)
def parse_months(text: str) -> frozenset[int]:
    """Return the months of a cell; empty for all year.

    Raises
    ------
    InvalidFlowError
        If the text is no list of months from 1 to 12.
    """
    if is_unknown(text):
        return frozenset()
    bare = " ".join(unaccented(text).replace(".", " ").split())
    if bare in _month_words():
        bare = _month_words()[bare]
        if not bare:
            return frozenset()
    if without := re.match(r"(?:hors|sauf|except) (?:en |l'|le |la )?(.+)", bare):
        return ALL - parse_months(without[1])
    found: frozenset[int] = frozenset()
    for part in re.split(r"\s*[;,+/|]\s*|\s+et\s+|\s+and\s+|\s+puis\s+", bare):
        if part:
            found |= _part(part, text)
    return frozenset() if found == ALL else found


def is_season(text: str) -> bool:
    """Tell whether a text names months or a season, in words."""
    if is_unknown(text) or any(char.isdigit() for char in text):
        return False
    try:
        parse_months(text)
    except InvalidFlowError:
        return False
    return True


def _part(part: str, text: str) -> frozenset[int]:
    numeric = re.sub(r"\s*[–—]\s*", "-", part)
    if numeric in _month_words():
        return parse_months(_month_words()[numeric])
    if not SPAN.match(numeric):
        pattern = phrase_pattern(tuple(_month_words()))
        numeric = pattern.sub(lambda match: _month_words()[match[0]], numeric)
        numeric = re.sub(
            r"^(?:saison (?:de |d')?|de |du |d'|en |l'|entre |from |in |mi-|debut |fin |la |les |mois de )+",
            "",
            numeric,
        ).strip()
        if joined := NAMED_SPAN.fullmatch(numeric):
            numeric = f"{joined[1]}-{joined[2]}"
    match = SPAN.match(numeric)
    if match is None:
        raise _months_error(text)
    first, last = int(match[1]), int(match[2] or match[1])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        raise _months_error(text)
    return span(first, last)


def months_of(cell: Cell) -> frozenset[int]:
    """Return the months of a cell, also when a spreadsheet took "3-9" for the 3rd of September."""
    if isinstance(cell, date):
        return span(cell.day, cell.month) if cell.day <= 12 else frozenset({cell.month})
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return parse_months(str(cell))


def _date_error(field: str, value: object) -> InvalidFlowError:
    return InvalidFlowError(
        field,
        Message(N_("“{value}” is not a date: write it as 2026-03-31 or 31/03/2026."), {"value": str(value)}),
    )


def date_of(cell: Cell, field: str) -> date:
    """Return the date of a cell; a month alone is its first day.

    Raises
    ------
    InvalidFlowError
        If the cell is no date.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if EXCEL_DATES[0] <= cell <= EXCEL_DATES[1]:
            return EXCEL_EPOCH + timedelta(days=int(cell))
        cell = str(int(cell)) if float(cell).is_integer() else str(cell)
    found = _date_in(str(cell))
    if found is None:
        raise _date_error(field, cell)
    return found


@lru_cache(maxsize=16384)
def _date_in(text: str) -> date | None:
    bare = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", text.strip())
    try:
        if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?", bare):
            return date(int(match[1]), int(match[2]), int(match[3] or 1))
        if match := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})", bare):
            return date(_year(match[3]), int(match[2]), int(match[1]))
        if match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", bare):
            return date(int(match[2]), int(match[1]), 1)
        if re.fullmatch(r"\d{4}", bare) and YEARS[0] <= int(bare) <= YEARS[1]:
            return date(int(bare), 1, 1)
        return _worded_date(unaccented(bare))
    except ValueError:
        return None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def is_month_of_year(text: str) -> bool:
    """Tell whether a text is a month of a year ("janv-24", "2024-03", "mars 2025")."""
    return MONTH_OF_YEAR.fullmatch(text.strip()) is not None and _date_in(text) is not None


def _worded_date(text: str) -> date | None:
    match = re.fullmatch(
        r"(?:(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]* )?(?:(\d{1,2})(?:er)? )?([a-z]+)"
        r"(?:\.?[ /-](\d{4})|\.?['/-](\d{2})|\. (\d{2}))",
        text,
    )
    month = _month_words().get(match[2], "") if match else ""
    if match is None or not month.isdigit():
        return None
    return date(_year(match[3] or match[4] or match[5]), int(month), int(match[1] or 1))


@lru_cache(maxsize=1024)
def days_per_week(weekdays: str) -> float | None:
    """Return how many days a week a cell of the column ``weekdays`` names, None when it is not understood."""
    bare = unaccented(weekdays)
    if re.fullmatch(r"[1-7](?:\s*[-;, ]\s*[1-7])*", bare):
        days = [int(digit) for digit in re.findall(r"[1-7]", bare)]
        return (
            float(days[1] - days[0] + 1)
            if re.fullmatch(r"[1-7]\s*-\s*[1-7]", bare) and days[0] < days[1]
            else float(len(set(days)))
        )
    if match := re.match(r"^(\d) ?(?:j|d)", bare):
        return float(match[1])
    found = [place for place, names in enumerate(WEEKDAYS) if re.search(rf"\b(?:{names})", bare)]
    if len(found) == 2 and re.search(r" au | a |-| to ", bare) and found[0] < found[1]:
        return float(found[1] - found[0] + 1)
    return float(len(found)) if found else None
