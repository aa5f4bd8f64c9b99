"""Months that a label says in words: "d'avril à octobre", "en été", "hors juillet-août"."""

from __future__ import annotations

import re
from functools import lru_cache

from matching.model import Flow, Kind
from matching.words import plain

MONTHS = {
    name: number
    for number, names in enumerate(
        """janvier janv jan january|fevrier fevr fev feb february|mars mar march|avril avr apr april|mai may
        |juin jun june|juillet juil jul july|aout aou aug august|septembre sept sep september
        |octobre oct october|novembre nov november|decembre dec december""".split("|"),
        start=1,
    )
    for name in names.split()
}
# The months that a season touches: nobody is refused for a week (own estimate).
SEASONS = {
    "printemps": (3, 6),
    "spring": (3, 6),
    "ete": (6, 9),
    "summer": (6, 9),
    "automne": (9, 12),
    "autumn": (9, 12),
    "hiver": (12, 3),
    "winter": (12, 3),
}
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
SEASON = rf"(?:{'|'.join(SEASONS)})\b"
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
    months = _run(*_ends(found[0]))
    return frozenset(range(1, 13)) - months if OUTSIDE.search(before) else months


def _ends(found: re.Match[str]) -> tuple[int, int]:
    if found["first"]:
        return _number(found["first"]), _number(found["last"])
    if found["month"]:
        return _number(found["month"]), _number(found["month"])
    return SEASONS[found["season"] or found["only_season"]]


def _number(name: str) -> int:
    return MONTHS[name.rstrip(".")]


def _run(first: int, last: int) -> frozenset[int]:
    """Return the months from one to another, over New Year where the last comes before the first."""
    length = (last - first) % 12 + 1
    return frozenset((first - 1 + step) % 12 + 1 for step in range(length))
