"""Column titles to fields of the contract: "Tonnage annuel (t)" is a quantity in t a year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.readers.grid import Cell
from app.readers.hints import HINT_WORDS, title_hints
from app.readers.title_forms import (
    months_titled,
    quantity_words,
    tells_either,
    unit_a_period,
    unpacked_title,
    year_and_unit,
)
from app.readers.units import Rhythm, measure, split_rhythm
from app.readers.vocabulary import direction_said, plain, table, unaccented, without_direction
from matching.model import Direction, Period

NUMBERING = re.compile(
    r"^(?:(?:flux|besoin|dechet|ressource|offre|question|q)? ?(?:n° ?)?\d{1,2}[a-z]?(?:[.)\-–: ]+|$))+"
)
# "Déchet 2" is a title; "Site 2" is a site.
NUMBERED = frozenset({"label", "quantity", "unit", "period", "waste_code", "comment", "kind", "direction"})
ENDING_NUMBER = re.compile(r" (?:n° ?)?\d{1,2}$")
FUZZY_CUTOFF = 90.0  # Our own estimate: one typing error in ten letters.
HOW_MANY = re.compile(
    r"^\s*(?:si oui\s*,?\s*|if (?:so|yes)\s*,?\s*)?(?:nb|nombre|combien|how (?:many|much))"
    r"(?:\s+de\b|\s+d['’])?\s+",
    re.I,
)
MAX_LENGTH = 90
YEAR = re.compile(r"(?:ann[ée]e )?(?:19|20)\d\d")
ASKED = frozenset({"label", "kind", "comment", "resource"})
SITE_FIELDS = frozenset(
    (
        "site company site_code siret naf address postcode city postcode_city lon lat coordinates employees "
        "park contact collected_on source visibility reliability"
    ).split()
)
PLACED = frozenset({"address", "city", "postcode"})
SITE_ANCHORS = frozenset({"site", "company", "site_code"})
CONTRACT_FIELDS = frozenset(
    (
        "site company siret naf address postcode city lon lat employees park direction kind label "
        "waste_code quantity unit period months temperature_c concentration_pct moisture_pct "
        "unit_cost_eur comment resource legal_status hazardous pressure_bar state dimensions "
        "available_from available_until min_lot capacity storage_max destination weekdays contract_end "
        "due_date good_share_pct contact visibility collected_on source reliability"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Column:
    """What a column title says: the field, and the direction, unit and rhythm it fixes for its cells."""

    field: str
    direction: Direction | None = None
    unit: str = ""
    rhythm: Rhythm | None = None
    title: str = ""


@lru_cache(maxsize=1)
def _wordings() -> dict[str, Column]:
    return {
        plain(row["wording"]): Column(
            row["field"], Direction(row["direction"]) if row["direction"] else None, row["unit"]
        )
        for row in table("headers.csv")
        if row["field"] != "ignore_start"
    }


@lru_cache(maxsize=1)
def _ignored_starts() -> tuple[str, ...]:
    return tuple(plain(row["wording"]) for row in table("headers.csv") if row["field"] == "ignore_start")


def is_contract_header(cells: Sequence[Cell]) -> bool:
    """Tell whether a row holds the contract's own column names and nothing else."""
    names = [cell for cell in cells if cell is not None]
    known = {str(name).strip().lower() for name in names}
    return len(names) >= 3 and known <= CONTRACT_FIELDS and "label" in known


@lru_cache(maxsize=4096)
def column_of(title: str, loosely: bool = False) -> Column | None:
    """Return what a column title says, or None when it is not recognised.

    Parameters
    ----------
    loosely
        Also accept titles that only contain a known wording, and small typing errors.
    """
    if len(title) > MAX_LENGTH and not loosely:
        return None
    stripped = title.strip().lower()
    if stripped in CONTRACT_FIELDS and stripped != "months":
        return Column(stripped, title=title)
    if months := months_titled(title):
        return Column("month", title=months)
    if YEAR.fullmatch(stripped):
        return Column("quantity", rhythm=Rhythm(Period.YEAR), title=title)
    if tells_either(stripped):
        return Column("direction", title=title)
    if (dated := year_and_unit(stripped)) is not None:
        return Column("quantity", None, *dated, title)
    if (told := unit_a_period(stripped)) is not None:
        return Column("unit", rhythm=told, title=title)
    words = unpacked_title(title)
    return _worded(words, loosely) or _in_two_languages(words)


def _in_two_languages(title: str) -> Column | None:
    """Return what both sides of "Quantity / Quantité" say, or the only one that says something."""
    sides = [side.strip() for side in re.split(r"\s/\s", title)]
    if len(sides) != 2 or not all(sides):
        return None
    found = [_worded(side, False) for side in sides]
    fields = {column.field for column in found if column is not None}
    if len(fields) != 1 or (None in found and not fields & SITE_FIELDS):
        return None
    said = next(column for column in found if column is not None)
    return replace(said, title=title)


def _worded(title: str, loosely: bool) -> Column | None:
    unit, told, bare = title_hints(unaccented(title))
    words = plain(bare.replace("_", " "))
    found = _named(words, False) or _named(plain(title), loosely) or _measured(title)
    if found is None or (found.field in ASKED and title.rstrip().endswith("?")):
        said = direction_said(words) if title.rstrip().endswith("?") else None
        return found if said is None else Column("label", said, title=title)
    if found.field == "quantity":
        return Column("quantity", found.direction, unit or found.unit, told, title)
    return Column(
        found.field, found.direction, unit if found.field.startswith(("label", "mark")) else "", told, title
    )


def _measured(title: str) -> Column | None:
    """Return the quantity column of a title that is only a unit a period ("t/an", "Nb palettes par mois")."""
    told, left = split_rhythm(HOW_MANY.sub("", title.strip()).rstrip(" ?"))
    found = measure(left) if told is not None else None
    if found is not None and not found.rest:
        return Column("quantity", None, left.strip(), told, title)
    return _packed(title)


def _packed(title: str) -> Column | None:
    """Return the quantity column of "QTE T AN" or "quantité kg"."""
    name, unit, told = quantity_words(title) or ("", "", None)
    column = _wordings().get(plain(name))
    if column is None or column.field != "quantity":
        return None
    return replace(column, unit=unit, rhythm=told, title=title)


def _named(words: str, loosely: bool) -> Column | None:
    if any(words.startswith(start) for start in _ignored_starts()):
        return Column("ignore")
    known = _wordings()
    tried = [words, NUMBERING.sub("", words).strip(), words.rstrip("?").strip()]
    tried += [" ".join(HINT_WORDS.sub(" ", form).split()) for form in tried]
    for form in tried:
        if form in known:
            return known[form]
    numbered = known.get(ENDING_NUMBER.sub("", words))
    if numbered is not None and numbered.field in NUMBERED:
        return numbered
    said = direction_said(words)
    if said is not None and (
        found := known.get(" ".join(HINT_WORDS.sub(" ", without_direction(words)).split()))
    ):
        return (
            Column(found.field, found.direction or said, found.unit)
            if found.field in {"label", "quantity"}
            else found
        )
    return (
        _loosely_named(" ".join(HINT_WORDS.sub(" ", words.rstrip("?")).split()) or words) if loosely else None
    )


@lru_cache(maxsize=2048)
def _loosely_named(words: str) -> Column | None:
    known = _wordings()
    if len(words) >= 5:
        near = process.extractOne(
            words, [w for w in known if len(w) >= 5], scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF
        )
        if near is not None:
            return known[near[0]]
    padded = f" {words} "
    inside = [wording for wording in known if len(wording) >= 4 and f" {wording} " in padded]
    if not inside:
        return None
    # "Adresse de consommation" is an address, whatever stands behind.
    first = next(
        (
            wording
            for wording in inside
            if known[wording].field in PLACED and words.startswith(f"{wording} de ")
        ),
        None,
    )
    if first is not None:
        return known[first]
    best = max(inside, key=lambda wording: (len(wording), -padded.index(f" {wording} ")))
    return known[best]


def latest_first(columns: dict[int, Column]) -> dict[int, Column]:
    """Return the columns with those of quantities by year ("2022", "2023") from the latest to the first.

    Of two other quantities, the one whose title tells its unit comes first.
    """

    def year(item: tuple[int, Column]) -> int:
        found = YEAR.search(item[1].title.lower()) if item[1].field == "quantity" else None
        return -int(found[0][-4:]) if found else 0

    def vague(item: tuple[int, Column]) -> bool:
        column = item[1]
        return column.field == "quantity" and not (column.unit or column.rhythm)

    return dict(sorted(columns.items(), key=lambda item: (year(item), vague(item))))


def retitled(columns: dict[int, Column]) -> dict[int, Column]:
    """Return the columns once "resource", "nature" or "type" alone has been taken for the label."""
    fields = {column.field for column in columns.values()}
    stand_in = next((name for name in ("resource", "kind") if name in fields), None)
    if "label" in fields or stand_in is None:
        return columns
    places = [place for place, column in columns.items() if column.field == stand_in]
    kept = places if len({columns[place].direction for place in places}) == len(places) else places[:1]
    return columns | {place: replace(columns[place], field="label") for place in kept}
