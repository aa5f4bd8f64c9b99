"""Forms of column titles that are no wordings: "LIB_DECHET", "2023 (t)", "+/-", "Offre ou demande ?"."""

from __future__ import annotations

import re
from functools import lru_cache

from app.readers.units import Rhythm, measure, rhythm, split_rhythm
from app.readers.vocabulary import cell_direction, plain, table
from matching.catalogue.tables import read_rows
from matching.model import Period

DATED = re.compile(
    r"((?:tonnages? |quantit[ée]s? )?(?:ann[ée]e )?(?:19|20)\d\d)\s*[(\[]([^)\]]+)[)\]]", re.IGNORECASE
)
SIGNS = re.compile(r"\+\s*/?\s*[-–−]")
EITHER = re.compile(r"\s*(?:/|\bou\b|\bor\b)\s*", re.IGNORECASE)
NAMED_MONTH = re.compile(r"([^\W\d_]+)\.?(?:[ '’./-]*(?:(?:19|20)\d\d|\d\d))?")
DATED_MONTH = re.compile(
    r"(?:(?:19|20)\d\d[-/.](\d{1,2})(?:[-/.]0?1)?|(?:0?1[/.])?(\d{1,2})[/.](?:19|20)\d\d)"
)
QUARTER = re.compile(
    r"(?:(?:19|20)\d\d )?(?:t ?([1-4])|q ?([1-4])(?= )|(?:trim(?:estre)?|quarter) ?([1-4])"
    r"|([1-4]) ?(?:e|er|eme|ere|st|nd|rd|th)? ?(?:trim(?:estre)?|quarter|tr))(?: (?:(?:19|20)\d\d|\d\d))?"
)
QUARTERS = ("1-3", "4-6", "7-9", "10-12")
SEASONS = frozenset({"printemps", "ete", "automne", "hiver", "spring", "summer", "autumn", "fall", "winter"})
OWNER = frozenset({"etab", "ets", "etablissement", "ent", "site", "soc", "cli", "prod", "producteur"})


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, str]:
    return {plain(row["wording"]): row["meaning"] for row in table("abbreviations.csv")}


def unpacked_title(title: str) -> str:
    """Return the words of a title made for a program: "LIB_DECHET" is "libellé déchet"."""
    if "_" not in title.strip() or " " in title.strip():
        return title
    words = [_abbreviations().get(plain(word), word) for word in title.strip().split("_") if word]
    if len(words) > 1 and plain(words[-1]) in OWNER:
        bare = " ".join(words[:-1])
        return "nom établissement" if plain(bare) in {"libelle", "nom", "designation"} else bare
    return " ".join(words)


@lru_cache(maxsize=1)
def _months() -> dict[str, str]:
    return {plain(row["wording"]): row["months"] for row in read_rows("months.csv")}


def months_titled(title: str) -> str:
    """Return the months that a title is ("janv. 24", "2024-01-01", "T1", "Été") as "1" or "1-3", else ""."""
    words = plain(title)
    if words in SEASONS or words.endswith(" semestre"):
        return _months().get(words, "")
    if quarter := QUARTER.fullmatch(words):
        return QUARTERS[int(next(filter(None, quarter.groups()))) - 1]
    if dated := DATED_MONTH.fullmatch(title.strip()):
        number = int(dated[1] or dated[2])
        return str(number) if 1 <= number <= 12 else ""
    named = NAMED_MONTH.fullmatch(title.strip())
    month = _months().get(plain(named[1]), "") if named else ""
    return month if month.isdigit() else ""


def year_and_unit(title: str) -> tuple[str, Rhythm] | None:
    """Return the unit and rhythm of "2023 (t)", or None for another title."""
    found = DATED.fullmatch(title)
    known = measure(found[2]) if found else None
    return (found[2].strip(), Rhythm(Period.YEAR)) if found and known is not None and not known.rest else None


def unit_a_period(title: str) -> Rhythm | None:
    """Return the rhythm of a title that only says "unit a year" ("U./an"), or None."""
    told, left = split_rhythm(title)
    return told if told is not None and plain(left) in {"u", "unite", "unites", "unit", "units"} else None


def tells_either(title: str) -> bool:
    """Tell whether a title asks which direction it is: "+/-", "Offre ou demande ?"."""
    if SIGNS.fullmatch(title.strip()):
        return True
    sides = [side.strip(" ?") for side in EITHER.split(title) if side.strip(" ?")]
    if len(sides) != 2 or any(len(side.split()) > 3 for side in sides):
        return False
    said = {cell_direction(side) for side in sides}
    return len(said) == 2 and None not in said


def quantity_words(title: str) -> tuple[str, str, Rhythm | None] | None:
    """Return (name, unit, rhythm) of "QTE T AN" or "quantité kg", which end with a unit and a period."""
    words = title.split()
    told = rhythm(words[-1]) if len(words) > 2 else None
    named = words[:-1] if told is not None else words
    if len(named) < 2 or measure(named[-1]) is None:
        return None
    return " ".join(named[:-1]), named[-1], told
