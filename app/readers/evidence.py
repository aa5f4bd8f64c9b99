"""What a column may be: what its title says, whole or in part, weighed with what its cells look like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from app.readers.contents import (
    is_measured_amount,
    is_place,
    is_unit,
    looks_like,
    share,
)
from app.readers.grid import Cell, text_of
from app.readers.headers import ENDING_NUMBER, Column, column_of
from app.readers.hints import title_hints
from app.readers.sentences import is_sentence
from app.readers.title_forms import quantity_words
from app.readers.vocabulary import cell_direction, direction_said, plain, table, unaccented
from matching.model import Direction

# Own estimates, tuned on the files of tests/data/workbooks: how much each kind of evidence weighs.
EXACT, LOOSE, UNIT_IN_TITLE, CELLS_ALONE = 6.0, 2.5, 3.0, 3.0
DIRECTED = 2.0  # A title that only tells a direction ("à récupérer") stands above things.
SHORTEST_STEM = 4
PLACES_SHARE = 0.6
SURE_CELLS = 0.9
SENTENCES = 0.6
MONEY = re.compile(r"[€£$]|\beuros?\b|\beur\b")
WHO = re.compile(r"\b(?:qui|who|celui|ceux)\b")
CODED = re.compile(r"^\s*(?:[A-Za-z]{1,4}\d+(?:[A-Za-z]+\d+)*|\d+(?:\.\d+)*)\s*[.):\-–]\s*")
GIVEN = re.compile(
    r"\b(?:jet(?:te|ez|ons|er|ee?s?)|debarras\w*|separer|evacu\w+|elimin\w+|ceder?|cedez|vend\w*|propos\w+"
    r"|offr\w+|dispos(?:ez|ons|e|er)|don(?:ner|nez|nons|ne)|surplus|trop|j ?ai|on a|nous avons|en stock"
    r"|excedent\w*|dechets?|rejet\w*|valoriser|recuperables?|pret(?:e|ent|er|ez|ons)|lend\w*|chutes?|give|sell"
    r"|spare|discard\w*|thrown?|disposed?|get rid|unwanted)\b"
)
SOUGHT = re.compile(
    r"\b(?:achet\w+|acquerir|cherch\w+|recherch\w+|besoins?|manqu\w+|trouver|recuperer|recevoir"
    r"|voudr\w+|souhait\w+|aimer\w+|demand\w+|consomm\w+|utilis\w+|faut|faudrait|interess\w+|approvisionn\w+"
    r"|need\w*|buy|seek\w*|looking|wanted|want|wish\w*|source from|purchas\w+|required?)\b"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a column may hold, its weight, and the column it would make."""

    place: int
    weight: float
    column: Column
    titled: bool


@lru_cache(maxsize=1)
def _stems() -> list[tuple[str, str, Direction | None, float]]:
    return [
        (
            row["stem"],
            row["field"],
            Direction(row["direction"]) if row["direction"] else None,
            float(row["weight"]),
        )
        for row in table("title_stems.csv")
    ]


@lru_cache(maxsize=2048)
def title_direction(title: str) -> Direction | None:
    """Return the direction that a title tells, also by verbs in any form; None when it tells both or none.

    "souhaitez vous séparer" gives, "aimeriez récupérer" seeks: a wish says nothing beside a plain verb.
    """
    words = plain(title)
    given = {found[0] for found in GIVEN.finditer(words)}
    sought = {found[0] for found in SOUGHT.finditer(words)}
    wishes = {word for word in sought if re.match(r"souhait|voudr|aimer|interess|wish|want", word)}
    if given and not sought - wishes:
        return Direction.OUTPUT
    if sought and not given:
        return Direction.INPUT
    return direction_said(title) or cell_direction(title)


@lru_cache(maxsize=2048)
def stemmed(title: str) -> Mapping[str, tuple[float, Direction | None]]:
    """Return the fields that words of a title point to, with their weight and the direction they tell."""
    words = plain(CODED.sub("", title).replace("_", " ")).replace("'", " ").split()
    found: dict[str, tuple[float, Direction | None]] = {}
    for stem, name, direction, weight in _stems():
        if any(word == stem or (len(stem) >= SHORTEST_STEM and word.startswith(stem)) for word in words):
            found[name] = max(found.get(name, (0.0, None)), (weight, direction), key=lambda pair: pair[0])
    return found


def guesses_of(place: int, title: str, cells: Sequence[Cell]) -> list[Guess]:
    """Return what a column may be, the best first."""
    weights: dict[str, float] = {}
    columns: dict[str, Column] = {}
    for name, (weight, direction) in stemmed(title).items():
        weights[name], columns[name] = weight, Column(name, direction, title=title)
    for bonus, column in _named(title):
        weights[column.field] = max(weights.get(column.field, 0.0), bonus)
        columns[column.field] = column
    if title_direction(title) is not None:
        weights["label"] = max(weights.get("label", 0.0), DIRECTED)
    _by_title_unit(title, weights, columns)
    titled = set(weights)
    for name, weight in _by_cells(cells).items():
        weights[name] = weights.get(name, 0.0) + weight
    guesses = []
    for name, weight in weights.items():
        suits = looks_like(name, cells)
        if suits > 0:
            column = columns.get(name) or Column(name, title=title)
            guesses.append(Guess(place, weight * min(1.0, 0.5 + suits), _told(column, title), name in titled))
    return sorted(guesses, key=lambda guess: -guess.weight)


def _named(title: str) -> list[tuple[float, Column]]:
    """Return what the wordings of titles say of this one, whole and in part."""
    bare = CODED.sub("", title)
    found = [(EXACT, column_of(title) or column_of(bare)), (LOOSE, column_of(bare, True))]
    return [(weight, column) for weight, column in reversed(found) if column is not None]


def _by_title_unit(title: str, weights: dict[str, float], columns: dict[str, Column]) -> None:
    """Take a title with a unit for a quantity's, one with money for a cost's."""
    if MONEY.search(unaccented(title)):
        weights["unit_cost_eur"] = weights.get("unit_cost_eur", 0.0) + UNIT_IN_TITLE
        weights.pop("quantity", None)
        return
    unit, told, _ = title_hints(unaccented(title))
    if unit:
        weights["quantity"] = weights.get("quantity", 0.0) + UNIT_IN_TITLE
        if not (column := columns.get("quantity")) or not column.unit:
            columns["quantity"] = Column("quantity", None, unit, told, title)


def _by_cells(cells: Sequence[Cell]) -> dict[str, float]:
    """Return the fields that cells tell by themselves."""
    found: dict[str, float] = {}
    for name in ("waste_code", "unit", "siret"):
        if looks_like(name, cells) >= SURE_CELLS and any(cell is not None for cell in cells):
            found[name] = CELLS_ALONE + 1
    said = {cell_direction(cell) for cell in cells if isinstance(cell, str)} - {None}
    if looks_like("direction", cells) >= SURE_CELLS and len(said) > 1:
        found["direction"] = CELLS_ALONE + 1
    if share(cells, is_measured_amount) >= SURE_CELLS:
        found["quantity"] = CELLS_ALONE
    if share(cells, is_sentence) >= SENTENCES:
        found["label"] = CELLS_ALONE + 1
    if share(cells, lambda text: "@" in text) >= SURE_CELLS:
        found["contact"] = EXACT
    words = [cell for cell in dict.fromkeys(cells) if isinstance(cell, str)][:8]
    if words and share(words, is_place) >= PLACES_SHARE:
        found["city"] = CELLS_ALONE - 1
    return found


def _told(column: Column, title: str) -> Column:
    """Return a column with the direction of its title, where its field has one."""
    if column.field == "label" and column.direction is None:
        return replace(column, direction=title_direction(title), title=title)
    if column.field == "quantity":
        unit, told, _ = title_hints(unaccented(title))
        direction = column.direction or title_direction(title)
        if not (column.unit or unit) and (packed := quantity_words(_uncoded(title))) is not None:
            _, unit, told = packed
        unit = column.unit or unit or _unit_among(title)
        return replace(
            column, direction=direction, unit=column.unit or unit, rhythm=column.rhythm or told, title=title
        )
    if column.field == "company" and column.direction is None and WHO.search(plain(title)):
        return replace(column, direction=title_direction(title), title=title)
    return replace(column, title=title)


def _unit_among(title: str) -> str:
    """Return the unit that stands among the words of a title ("Vol. m3 apparents"); "" when none does."""
    words = plain(_uncoded(title)).split()[1:]
    return next((word for word in words if (len(word) > 1 or word == "t") and is_unit(word)), "")


def _uncoded(title: str) -> str:
    """Return the words of "Q5_QTE_T_1" without the question's number and the answer's."""
    words = CODED.sub("", title).replace("_", " ")
    return ENDING_NUMBER.sub("", re.sub(r"^[A-Za-z]{1,3}\d+\s+", "", words))


def lists_things(cells: Sequence[Cell]) -> bool:
    """Tell whether cells are words that can name things: not ticks, dates, numbers or directions."""
    return looks_like("label", cells) > 0 and any(text_of(cell) for cell in cells)
