"""Units and rhythms as people write them: "t/an", "milliers de m3 par trimestre", "camions par mois"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from app.readers.vocabulary import plain, table, unaccented
from matching.errors import UnknownUnitError
from matching.model import Period
from matching.units import parse_unit

WORKING_DAYS = re.compile(r"\b([1-7]) ?(?:j|jours?|days?) ?(?:/|sur|par|a|per) ?(?:7|semaine|sem|week)\b")
OPEN_DAYS = re.compile(
    r"\bjours? (?:ouvres?|ouvrables?|de semaine)\b|\b(?:working|week) ?days?\b|\bdu lundi au vendredi\b"
)
TIMES = re.compile(
    r"(?:\bx ?)?\b(\d+|une|deux|trois|quatre|cinq|once|twice)(?: ?x| fois| times)? "
    r"(?=(?:par|/|per|a)\b|/|(?:every|tous|toutes))"
)
EVERY = re.compile(
    r"\b(?:tous|toutes|every)(?: les| the)? ?(\d+|deux|trois|quatre|cinq|six|two|three)? ?([a-z]+)"
)
COUNTS = {
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "once": 1,
    "twice": 2,
    "two": 2,
    "three": 3,
}
FORTNIGHT_DAYS = (14.0, 15.0)  # "tous les 15 jours" is every other week.
DAYS_IN = {Period.DAY: 1.0, Period.WEEK: 7.0, Period.MONTH: 365 / 12, Period.YEAR: 365.0}
LONGEST_RHYTHM = 120  # characters
PER = re.compile(r"(?:/|\bpar\b|\bper\b|\ba l|\bpour une?\b|\bchaque\b|\beach\b|\ba\b)")


MANY = re.compile(r"(milliers?|millions?|thousands?)(?: d[e'’]| of)?\s+", re.IGNORECASE)
MANIES = {"millie": 1e3, "thousa": 1e3, "millio": 1e6}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a quantity comes: ``times`` a ``period``; ``days_per_week`` where the text says so."""

    period: Period
    times: float = 1.0
    days_per_week: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit found in a text: its symbol, what to multiply by, and the words left over."""

    symbol: str
    factor: float = 1.0
    rest: str = ""


@lru_cache(maxsize=1)
def _periods() -> dict[str, Rhythm]:
    return {
        plain(row["wording"]): Rhythm(Period(row["period"]), float(row["times"]))
        for row in table("periods.csv")
    }


@lru_cache(maxsize=1)
def _multiples() -> dict[str, Measure]:
    return {
        plain(row["wording"]): Measure(row["symbol"], float(row["factor"]))
        for row in table("unit_multiples.csv")
    }


@lru_cache(maxsize=1)
def containers() -> dict[str, str]:
    """Return the plain names of containers and rates, which no table can turn into an amount a year."""
    return {plain(row["wording"]): row["what"] for row in table("containers.csv")}


@lru_cache(maxsize=16384)
def rhythm(text: str) -> Rhythm | None:
    """Return the rhythm of a cell of the column ``period``, or None when it tells none."""
    words = " ".join(unaccented(text).replace(".", " ").split())
    days = _days_per_week(words)
    if days is not None:
        return Rhythm(Period.DAY, 1.0, days)
    bare = plain(words)
    if bare in _periods():
        return _periods()[bare]
    found, left = split_rhythm(words if PER.search(words) or EVERY.search(words) else "/" + words)
    if found is not None and not plain(left):
        return found
    if (
        bare.split()
        and (last := _periods().get(bare.split()[-1]))
        and plain(bare.split()[0]) in {"1", "une", "un", "chaque", "en", "par"}
    ):
        return last
    return None


def _days_per_week(words: str) -> float | None:
    if found := WORKING_DAYS.search(words):
        return float(found[1])
    return 5.0 if OPEN_DAYS.search(words) else None


@lru_cache(maxsize=16384)
def split_rhythm(text: str) -> tuple[Rhythm | None, str]:
    """Return the rhythm that a text holds ("kg/semaine", "tous les 15 jours") and the rest."""
    words = " ".join(unaccented(text).split())
    days = _days_per_week(words)
    if days is not None:
        words = WORKING_DAYS.sub(" ", words)
        words = OPEN_DAYS.sub(" jour ", words)
    if found := EVERY.search(words):
        period = _periods().get(found[2])
        if period is not None:
            return _every(found[1], period, days), (
                words[: found.start()] + " " + words[found.end() :]
            ).strip()
    times = 1.0
    if found := TIMES.search(words):
        times = float(COUNTS.get(found[1], 0) or found[1])
        words = words[: found.start()] + " " + words[found.end() :]
    period, left = _per(words)
    if period is None and days is not None:
        period = Rhythm(Period.DAY)
    if period is None:
        return None, text
    if days is not None and period.period is not Period.DAY:
        days = None
    return Rhythm(period.period, period.times * times, days), left


def _every(count: str | None, period: Rhythm, days: float | None) -> Rhythm:
    number = float(COUNTS.get(count, 0) or count) if count else 1.0
    if number == 1:
        return Rhythm(period.period, period.times, days)
    if period.period is Period.DAY and number in FORTNIGHT_DAYS:
        return Rhythm(Period.YEAR, 26.0)
    per_year = 365.0 / (DAYS_IN[period.period] * number) if period.period is not Period.ONCE else 1.0
    return Rhythm(Period.YEAR, round(per_year) if abs(per_year - round(per_year)) < 0.1 else per_year)


def _per(words: str) -> tuple[Rhythm | None, str]:
    for match in reversed(list(PER.finditer(words))):
        # No rhythm is longer: a whole page in one cell is not read once for each of its words.
        after = plain(words[match.end() : match.end() + LONGEST_RHYTHM]).split()
        for length in (3, 2, 1):
            candidate = " ".join(after[:length])
            if candidate in _periods() and len(candidate.split()) == min(length, len(after)):
                behind = plain(words[match.end() :]).split()[length:]
                return _periods()[candidate], f"{words[: match.start()]} {' '.join(behind)}".strip()
    parts, tail = words.split(), len(words)
    for start, part in enumerate(parts):
        if tail <= LONGEST_RHYTHM:
            candidate = plain(" ".join(parts[start:]).strip("()[] "))
            if candidate in _periods() and (len(candidate) > 3 or (len(candidate) > 2 and start > 0)):
                return _periods()[candidate], " ".join(parts[:start])
        tail -= len(part) + 1
    return None, words


@lru_cache(maxsize=16384)
def measure(text: str) -> Measure | None:
    """Return the unit that ``text`` is or begins with ("t", "kg de carton"), or None.

    A unit followed by "/" something that is no rhythm ("m3/h", "€/t") is not that unit.
    """
    bare = text.strip(" .:;()[]").strip()
    if not bare:
        return None
    whole = _exact(bare)
    if whole is not None:
        return whole
    if (many := MANY.match(bare)) is not None and (inner := measure(bare[many.end() :])) is not None:
        return replace(inner, factor=inner.factor * MANIES[many[1].lower()[:6]])
    words = bare.split()
    for length in range(min(4, len(words) - 1), 0, -1):
        head = _exact(" ".join(words[:length]).strip("(),;:."))
        if head is not None and not words[length].startswith("/"):
            rest = " ".join(words[length:])
            return Measure(
                head.symbol, head.factor, re.sub(r"^(?:de |d['’]|of |du |des )", "", rest, flags=re.I)
            )
    return None


def _exact(text: str) -> Measure | None:
    try:
        return Measure(parse_unit(text))
    except UnknownUnitError:
        return _multiples().get(plain(text))


def container(text: str) -> str:
    """Return "container" for "bennes" or "big bag de 1 m3", "rate" for "m3/h", "" for anything else."""
    words = plain(text).split()
    return next(filter(None, (containers().get(" ".join(words[:length])) for length in (3, 2, 1))), "")
