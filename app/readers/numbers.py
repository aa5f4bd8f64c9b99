"""Numbers as people write them: "1 200,5", "12.000", "2 à 3", "env. 500", "<5"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from app.readers.number_marks import Marks
from app.readers.vocabulary import plain, table
from matching.errors import InvalidFlowError
from matching.messages import N_, Message
from matching.model import Range

SPACES = "\u00a0\u202f\u2009\u2007 "
_NUMBER = (
    rf"(?:\d{{1,3}}(?:[{SPACES}'’]\d{{3}})+(?![0-9])(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?|[.,]\d+)"
)
SIGNED = rf"[-+−]?\s?{_NUMBER}"
DASHES = r"[-–—−]"
RANGE = re.compile(
    rf"^(?:entre|de|between|from)?\s*(?P<low>{SIGNED})\s*(?P<unit>(?!(?:à|a|to|et|and)\b)[^\W\d]{{1,3}}\d?|°\s?C|%|€)?\s*"
    rf"(?:{DASHES}|à|a|to|et|and|\.{{2,3}}|/(?=\s*\d+\s*$))\s*(?P<high>{SIGNED})(?P<rest>(?![\d]).*)$",
    re.IGNORECASE | re.DOTALL,
)
PLUS_MINUS = re.compile(
    rf"^(?P<middle>{SIGNED})\s*(?:±|\+\s?/\s?-)\s*(?P<half>{_NUMBER})\s*(?P<pct>%?)(?P<rest>.*)$", re.DOTALL
)
SINGLE = re.compile(rf"^(?P<value>{SIGNED})(?P<rest>.*)$", re.DOTALL)
ABOUT = re.compile(
    r"^(?:(?:env(?:iron)?|approx(?:imativement)?|about|around|roughly|circa|ca|à peu près|autour de|près de|"
    r"pres de|de l['’]ordre de|soit|estimé à|estimée à|total de|à hauteur de|jusqu['’]à|up to|max(?:imum|i)?|"
    r"min(?:imum|i)?|plus de|more than|over|au moins|at least|moy(?:enne)?)"
    r"(?![^\W\d])\.?\s*:?\s*|[~≈≃=±]\s*|[>≥]\s*=?\s*)+",
    re.IGNORECASE,
)
LESS = re.compile(r"^(?:[<≤]\s*=?|moins de|less than|under|inférieur à|max\.?)\s*", re.IGNORECASE)
FRACTIONS = {"1/2": 0.5, "½": 0.5, "1/4": 0.25, "¼": 0.25, "3/4": 0.75, "¾": 0.75}
FRACTION = re.compile(r"^(?:(?P<whole>\d+) )?(?P<part>1 ?/ ?2|1 ?/ ?4|3 ?/ ?4|[½¼¾])(?![\d/])")
INFINITE = re.compile(r"^[-+−]?\s*(?:inf|infinity|infini|∞|nan)\b|∞", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number or a range at the start of a text, and the text behind it."""

    value: Range
    rest: str
    approximate: bool = False


@lru_cache(maxsize=1)
def _number_words() -> list[tuple[str, float]]:
    rows = [(plain(row["wording"]), float(row["value"])) for row in table("number_words.csv")]
    return sorted(rows, key=lambda row: -len(row[0]))


def to_float(token: str, decimal_dot: int = 0) -> float:
    """Return the value of one number token.

    A dot before exactly three digits separates thousands unless ``decimal_dot`` (one of
    ``number_marks.Marks``); a comma is a decimal mark unless several stand there or a dot follows, or three
    digits behind it where numbers are written the English way.

    Raises
    ------
    InvalidFlowError
        If the number is too large to be finite, or its marks contradict each other ("43.4,5.4,7").
    """
    bare = re.sub(rf"[{SPACES}'’]", "", token).replace("−", "-")
    dot, comma = bare.rfind("."), bare.rfind(",")
    if dot >= 0 and comma >= 0:
        thousands, decimal = (",", ".") if dot > comma else (".", ",")
        bare = bare.replace(thousands, "").replace(decimal, ".")
    elif bare.count(",") > 1 or (
        decimal_dot == Marks.ENGLISH and re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", bare)
    ):
        bare = bare.replace(",", "")
    elif bare.count(".") > 1 or (not decimal_dot and re.fullmatch(r"[-+]?[1-9]\d{0,2}\.\d{3}", bare)):
        bare = bare.replace(".", "")
    else:
        bare = bare.replace(",", ".")
    try:
        value = float(bare)
    except ValueError as error:
        text = N_("“{value}” is not a number: give one such as 12.5, or a range such as 150-200.")
        raise InvalidFlowError("quantity", Message(text, {"value": token})) from error
    if not math.isfinite(value):
        raise not_finite(token)
    return value


def not_finite(text: object) -> InvalidFlowError:
    """Return the error of a number without an end."""
    return InvalidFlowError(
        "quantity",
        Message(N_("“{value}” is not a finite number: give an ordinary number."), {"value": str(text)}),
    )


@lru_cache(maxsize=65536)
def leading_number(text: str, decimal_dot: int = 0) -> Number | None:
    """Return the number, range or number word at the start of ``text``, or None when there is none.

    Raises
    ------
    InvalidFlowError
        If the number is infinite or not a number, or if a range goes down.
    """
    bare = FRACTION.sub(_fraction, text.strip())
    if INFINITE.search(bare):
        raise not_finite(text)
    stripped = ABOUT.sub("", bare)
    about = stripped != bare
    if (less := LESS.match(stripped)) and (single := SINGLE.match(stripped[less.end() :])):
        high = to_float(single["value"], decimal_dot)
        return Number(Range(min(0.0, high), max(0.0, high)), single["rest"], True)
    if found := PLUS_MINUS.match(stripped):
        middle, half = to_float(found["middle"], decimal_dot), to_float(found["half"], decimal_dot)
        half = middle * half / 100 if found["pct"] else half
        return Number(Range(middle - abs(half), middle + abs(half)), found["rest"], True)
    if found := RANGE.match(stripped):
        return Number(
            _range(found["low"], found["high"], decimal_dot), found["rest"] or found["unit"] or "", about
        )
    if found := SINGLE.match(stripped):
        return Number(Range.of(to_float(found["value"], decimal_dot)), found["rest"], about)
    return _from_words(stripped)


def _fraction(found: re.Match[str]) -> str:
    """Return a usual fraction as a decimal number; "2/3" of anything is left to mean two or three."""
    whole = int(found["whole"] or 0)
    return f"{whole + FRACTIONS[found['part'].replace(' ', '')]:g}".replace(".", ",")


def _range(low: str, high: str, decimal_dot: int) -> Range:
    first, second = to_float(low, decimal_dot), to_float(high, decimal_dot)
    if first > second:
        raise InvalidFlowError(
            "quantity",
            Message(
                N_("The range {low} – {high} goes down: write the smaller number first."),
                {"low": first, "high": second},
            ),
        )
    return Range(first, second)


def _from_words(text: str) -> Number | None:
    words = plain(text)
    for wording, value in _number_words():
        if words.startswith(wording + " ") or words == wording:
            skipped = re.match(r"\W*" + r"\W+".join([r"\w+"] * len(wording.split())), text)
            return Number(Range.of(value), text[skipped.end() :] if skipped else "", True)
    return None


def whole_number(text: str, decimal_dot: int = 0) -> Range | None:
    """Return the number or range that is the whole of ``text``, or None when more or less stands there."""
    found = leading_number(text, decimal_dot)
    return found.value if found is not None and not found.rest.strip() else None
