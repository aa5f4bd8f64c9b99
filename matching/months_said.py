"""Months that a label says in words: "d'avril à octobre", "en été", "hors juillet-août"."""

from __future__ import annotations

import re
from functools import lru_cache

from matching.catalogue.tables import read_rows
from matching.model import ALL_YEAR, Flow, Kind
from matching.words import plain

# What a season's months are in the table that files are read by; a label's season is wider by the month after
# it, since nobody is refused for a week (own estimate).
SEASON_MONTHS = frozenset({"3-5", "6-8", "9-11", "12-2"})
_WORDS = {plain(row["wording"]): row["months"] for row in read_rows("months.csv")}
MONTHS = {word: int(months) for word, months in _WORDS.items() if months.isdigit()}
SEASONS = {
    word: (int(first), int(last) + 1)
    for word, months in _WORDS.items()
    if months in SEASON_MONTHS
    for first, _, last in (months.partition("-"),)
}
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
SEASON = rf"(?:{'|'.join(sorted(SEASONS, key=len, reverse=True))})\b"
DAY = r"(?:\d{1,2}(?:er|st|nd|rd|th)?\s)?"
FROM_TO = rf"(?P<first>{MONTH})\s?(?:-|–|/|\ba\b|\bau\b|\bto\b)\s?{DAY}(?P<last>{MONTH})(?!\s\d{{4}})"
ONLY = r"(?:seulement|uniquement|only)\b"
# "En été" is when; "avant l'été", "rose de mai" and "plus fort l'hiver" are not.
WHEN = (
    rf"(?:\ben\s|\bau\s|\ba l\s|\bin\s)(?P<season>{SEASON})|(?P<only_season>{SEASON})\s{ONLY}"
    rf"|(?P<month>{MONTH})\s{ONLY}"
)
SAID = re.compile(rf"{FROM_TO}|{WHEN}")
# What comes before turns it round, or makes it say something else.
OUTSIDE = re.compile(r"\b(?:sauf|hors|hormis|excepte|except|sans)(?:\s(?:de|en|d|l|la|le))*\s?$")
NOT_WHEN = re.compile(
    r"\b(?:arret|ferme|fermee|fermeture|avant|apres|depuis|jusqu|jusque|plus|moins|surtout|peu|bail|until|before)"
    r"(?:\s\w{1,8}){0,2}\s?$"
)
# Goods are where they were made until somebody comes; a need for them has a stock (own estimate).
IN_TIME = frozenset({Kind.ENERGY, Kind.SKILL, Kind.EQUIPMENT, Kind.SPACE, Kind.SERVICE, Kind.TRANSPORT})


def said_months(flow: Flow) -> frozenset[int]:
    """Return the months, 1 to 12, that the label of a flow says it runs in; none where it says nothing clear.

    Only what must happen in its time is asked: energy, people, machines, places, services and journeys.
    """
    return _months(flow.label) if flow.kind in IN_TIME else frozenset()


@lru_cache(maxsize=100_000)
def _months(label: str) -> frozenset[int]:
    text = plain(label)
    found = [*SAID.finditer(text)]
    if len(found) != 1:
        return frozenset()
    before = text[: found[0].start()]
    if NOT_WHEN.search(before):
        return frozenset()
    months = span(*_ends(found[0]))
    return ALL_YEAR - months if OUTSIDE.search(before) else months


def _ends(found: re.Match[str]) -> tuple[int, int]:
    if found["first"]:
        return _number(found["first"]), _number(found["last"])
    if found["month"]:
        return _number(found["month"]), _number(found["month"])
    return SEASONS[found["season"] or found["only_season"]]


def _number(name: str) -> int:
    return MONTHS[name.rstrip(".")]


def span(first: int, last: int) -> frozenset[int]:
    """Return the months from ``first`` to ``last``, over New Year when the last comes first."""
    return (
        frozenset(range(first, last + 1)) if first <= last else ALL_YEAR - frozenset(range(last + 1, first))
    )
