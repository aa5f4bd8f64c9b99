"""Lines that are no table: "Entreprise : X", questionnaires in two columns, lists under a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.readers.grid import Cell, text_of
from app.readers.headers import SITE_ANCHORS, SITE_FIELDS, Column, column_of
from app.readers.titles import BULLET, is_nothing, section_of
from app.readers.vocabulary import direction_said, is_unknown

MAX_NAMING_WORDS = 3
ONE_CELL = re.compile(r"^\s*((?:(?![:=]|\w{3}\.\s+[A-Z]).){2,60}?)\s*[:=]\s*(\S.*)$", re.DOTALL)
ITEMS = re.compile(r"\s*(?:\n|;|(?<=\)),\s|(?<=\))\s,\s|•|▪|(?:^|\s)[-–]\s(?=\S))\s*")
FLOW_FIELDS = frozenset(
    {
        "label",
        "quantity",
        "unit",
        "period",
        "waste_code",
        "months",
        "comment",
        "destination",
        "unit_cost_eur",
        "kind",
        "direction",
        "temperature_c",
        "concentration_pct",
        "moisture_pct",
        "state",
        "dimensions",
        "legal_status",
        "hazardous",
        "available_from",
        "available_until",
        "storage_max",
        "contract_end",
        "due_date",
        "weekdays",
        "good_share_pct",
        "pressure_bar",
        "min_lot",
        "capacity",
    }
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer."""

    column: Column
    value: Cell


def pairs_in(cells: Sequence[Cell]) -> list[Pair] | None:
    """Return the questions and answers that a row holds, or None when it is something else.

    ``cells`` are the filled ones. A question without an answer gives a pair with None.
    """
    if len(cells) == 1 and isinstance(cells[0], str):
        found = ONE_CELL.match(cells[0])
        column = _question(found[1], sure=True) if found else None
        return [Pair(column, found[2].strip())] if found and column is not None else None
    if len(cells) < 2 or not isinstance(cells[0], str):
        return None
    alone = [pairs_in([cell]) for cell in cells]
    known = [pair for pairs in alone if pairs for pair in pairs]
    told = any(pair.column.field in SITE_ANCHORS for pair in known)
    if all(alone) or (told and all(isinstance(cell, str) and ONE_CELL.match(cell) for cell in cells)):
        return known  # "Process: X", "Site: Y": what nobody asks for is left out.
    return _alternating(cells) or _question_and_rest(cells)


def _alternating(cells: Sequence[Cell]) -> list[Pair] | None:
    pairs: list[Pair] = []
    place = 0
    while place < len(cells):
        column = _question(
            text_of(cells[place]), sure=place > 0 or text_of(cells[0]).rstrip().endswith((":", "?"))
        )
        if column is None or place + 1 >= len(cells) or _are_titles(cells[place], cells[place + 1]):
            return None
        pairs.append(Pair(column, cells[place + 1]))
        place += 2
    return pairs


def _are_titles(question: Cell, answer: Cell) -> bool:
    """Tell whether "Flux sortants" beside "Flux entrants" are two titles."""
    told = [section_of(text_of(cell)) for cell in (question, answer)]
    return all(section is not None and section[0] is not None for section in told)


def _question_and_rest(cells: Sequence[Cell]) -> list[Pair] | None:
    """Return a question whose answer spreads over several cells ("Quantité", 12, "t", "par an")."""
    column = _question(text_of(cells[0]), sure=True)
    if column is None or column.field not in {"quantity", "address"} or len(cells) > 4:
        return None
    return [Pair(column, " ".join(text_of(cell) for cell in cells[1:]))]


def _question(text: str, sure: bool) -> Column | None:
    bare = text.strip().rstrip(":?* ").strip()
    if not bare:
        return None
    column = column_of(bare)
    if column is None and sure:
        column = column_of(bare, True) if len(bare) < 60 and not bare.startswith(("-", "•")) else None
    if column is None:
        column = _named_first(bare)
    asked = text.rstrip().endswith(("?", ":"))
    said = direction_said(bare)
    if (
        asked
        and said is not None
        and (column is None or column.field in {"label", "ignore", "kind", "comment"})
    ):
        return Column("label", said, title=bare)
    if column is None or column.field in {"ignore", "mark"}:
        return None
    return (
        column
        if column.field in FLOW_FIELDS or column.field in SITE_FIELDS or column.field == "mark"
        else None
    )


def _named_first(text: str) -> Column | None:
    """Return the company that "Entreprise visitée" asks for."""
    words = text.split()
    column = column_of(words[0]) if 1 < len(words) <= MAX_NAMING_WORDS else None
    return column if column is not None and column.field in {"company", "site"} else None


def items_of(value: Cell) -> list[str]:
    """Return the things that an answer lists, one a line or separated by semicolons."""
    text = text_of(value)
    parts = [BULLET.sub("", part).strip(" .") for part in ITEMS.split(text)]
    kept = [part for part in parts if part and not is_unknown(part) and not is_nothing(part)]
    if len(kept) == 1 and "," in kept[0] and not re.search(r"\d", kept[0]):
        return [part.strip() for part in kept[0].split(",") if part.strip()]
    return kept
