"""The words people use in their files, from the data tables beside this module."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from matching.model import Direction, Kind, LegalStatus, Reliability
from matching.words import unmarked

SHORT_CELL = 25
KEPT = re.compile(r"[a-z0-9%€°?]+")


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a data table of this package."""
    text = (files("app.readers.data") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@lru_cache(maxsize=65536)
def unaccented(text: str) -> str:
    """Return ``text`` in lower case without accents, its punctuation kept."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    lowered = lowered.replace("œ", "oe").replace("³", "3").replace("²", "2").replace("’", "'")
    return unmarked(unicodedata.normalize("NFD", lowered))


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return comparable words: lower case, no accents, no punctuation, one space between words."""
    return " ".join(KEPT.findall(unaccented(text)))


@lru_cache(maxsize=1)
def directions() -> dict[str, tuple[Direction, int]]:
    """Return the wordings that tell a direction, with their weight; 0: only as a whole cell."""
    return {
        plain(r["wording"]): (Direction(r["direction"]), int(r["weight"])) for r in table("directions.csv")
    }


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Return the wordings of the column ``kind``."""
    return {plain(row["wording"]): Kind(row["kind"]) for row in table("kinds.csv")}


@lru_cache(maxsize=1)
def kind_words() -> dict[str, tuple[Kind, int]]:
    """Return the words of labels that tell a kind, with the rank of the kind when several do."""
    return {plain(row["wording"]): (Kind(row["kind"]), int(row["rank"])) for row in table("kind_words.csv")}


@lru_cache(maxsize=1)
def unknown_values() -> frozenset[str]:
    """Return what people write in a cell to say that they do not know."""
    return frozenset(row["wording"] for row in table("unknown_values.csv"))


@lru_cache(maxsize=1)
def legal_statuses() -> dict[str, LegalStatus]:
    """Return the wordings of the column ``legal_status``."""
    return {plain(row["wording"]): LegalStatus(row["status"]) for row in table("legal_statuses.csv")}


@lru_cache(maxsize=1)
def reliabilities() -> dict[str, Reliability]:
    """Return the wordings of the column ``reliability``."""
    return {plain(row["wording"]): Reliability(int(row["reliability"])) for row in table("reliabilities.csv")}


@lru_cache(maxsize=65536)
def is_unknown(text: str) -> bool:
    """Tell whether a cell says "not known" ("n.c.", "?", "-")."""
    bare = " ".join(text.lower().split())
    return bare in unknown_values() or plain(text) in unknown_values() or not bare


@lru_cache(maxsize=32)
def phrase_pattern(wordings: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the plain wordings as whole words, the longest first."""
    ordered = sorted(wordings, key=lambda wording: (-len(wording), wording))
    return re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, ordered)) + r")(?![a-z0-9])")


@lru_cache(maxsize=1)
def _direction_pattern() -> re.Pattern[str]:
    return phrase_pattern(
        tuple(wording for wording, (_, weight) in directions().items() if weight and len(wording) > 2)
    )


@lru_cache(maxsize=16384)
def direction_said(text: str) -> Direction | None:
    """Return the direction that a title or a sentence tells: verbs before nouns, then the first said."""
    found = [directions()[match[0]] for match in _direction_pattern().finditer(plain(text))]
    return max(found, key=lambda pair: pair[1])[0] if found else None


@lru_cache(maxsize=4096)
def cell_direction(text: str) -> Direction | None:
    """Return the direction that a short cell is ("E", "Sortant", "Besoin"), None for anything longer."""
    found = directions().get(plain(text))
    return found[0] if found else direction_said(text) if len(text) < SHORT_CELL else None


def sole_direction(text: str) -> Direction | None:
    """Return the direction of a title that tells only one ("Déchets", not "Besoins et surplus")."""
    found = [directions()[match[0]] for match in _direction_pattern().finditer(plain(text))]
    strongest = max((weight for _, weight in found), default=0)
    told = {direction for direction, weight in found if weight == strongest}
    return told.pop() if len(told) == 1 else None


def without_direction(text: str) -> str:
    """Return the plain words of ``text`` less those that tell a direction."""
    return " ".join(_direction_pattern().sub(" ", plain(text)).split())


@lru_cache(maxsize=16384)
def kind_said(text: str) -> Kind | None:
    """Return the kind that a title or a cell of the column ``kind`` tells."""
    words = plain(text)
    if words in kinds():
        return kinds()[words]
    found = phrase_pattern(tuple(kinds())).search(words)
    return kinds()[found[0]] if found else None
