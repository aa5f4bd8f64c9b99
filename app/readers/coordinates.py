"""Coordinates in cells: degrees, decimal commas, both in one cell, Lambert-93 metres."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from pyproj import Transformer

from app.readers.grid import Cell
from geo.points import in_metropolitan_france
from geo.projections import LAMBERT_93
from matching.errors import InvalidFlowError
from matching.messages import N_, Message

DEGREES = re.compile(
    r"(\d{1,3})\s*°\s*(\d{1,2}(?:[.,]\d+)?)?\s*['’′]?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"”″]|''))?\s*([NSEWO])",
    re.IGNORECASE,
)
LETTER_FIRST = re.compile(r"([NSEWO])\s*:?\s*(\d{1,3}(?:[.,]\d+)?)(?!\s*°?\s*\d)\s*°?", re.IGNORECASE)
PLAIN = re.compile(r"[-+−]?\d{1,3}(?:[.,]\d+)?")
# IGN: bounds in metres of Lambert-93 over metropolitan France.
LAMBERT_X, LAMBERT_Y = (0.0, 1_300_000.0), (6_000_000.0, 7_200_000.0)


def degrees_of(cell: Cell, field: str) -> float:
    """Return the degrees of a cell of the column ``lon`` or ``lat``.

    Raises
    ------
    InvalidFlowError
        If the cell is no finite number.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value = float(cell)
    else:
        value = _degrees(str(cell), field)
    if not math.isfinite(value):
        raise _error(field, cell)
    return value


def _error(field: str, cell: Cell) -> InvalidFlowError:
    text = N_(
        "“{value}” is not a coordinate: give degrees such as 5.2560 (longitude) and 43.4380 (latitude)."
    )
    return InvalidFlowError(field, Message(text, {"value": str(cell)}))


@lru_cache(maxsize=65536)
def _degrees(text: str, field: str) -> float:
    if found := DEGREES.search(text):
        return _sexagesimal(found)
    try:
        return float(
            text.replace(",", ".").replace("−", "-").replace("\u202f", "").replace(" ", "").rstrip("°")
        )
    except ValueError:
        raise _error(field, text) from None


def _sexagesimal(found: re.Match[str]) -> float:
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups()[:3])
    sign = -1 if found[4].upper() in "SWO" else 1
    return sign * (degrees + minutes / 60 + seconds / 3600)


def pair_of(text: str) -> tuple[float, float] | None:
    """Return (lon, lat) of a cell that holds both, or None when it does not.

    Latitude first, as map sites give it, unless only the other order falls in metropolitan France.
    """
    named = {match[4].upper(): _sexagesimal(match) for match in DEGREES.finditer(text)}
    lat = next((named[letter] for letter in "NS" if letter in named), None)
    lon = next((named[letter] for letter in "EWO" if letter in named), None)
    if lat is not None and lon is not None:
        return lon, lat
    letters = {match[1].upper(): float(match[2].replace(",", ".")) for match in LETTER_FIRST.finditer(text)}
    if len(letters) == 2 and letters.keys() & set("NS") and letters.keys() & set("EWO"):
        signed = {letter: -value if letter in "SWO" else value for letter, value in letters.items()}
        return (
            next(signed[letter] for letter in "EWO" if letter in signed),
            next(signed[letter] for letter in "NS" if letter in signed),
        )
    numbers = [float(token.replace(",", ".").replace("−", "-")) for token in _tokens(text)]
    if len(numbers) != 2:
        return None
    first, second = numbers
    if in_metropolitan_france(first, second) and not in_metropolitan_france(second, first):
        return first, second
    return second, first


def _tokens(text: str) -> list[str]:
    for separator in (";", "|", "/", ", ", " "):
        parts = [part.strip(" ()[]") for part in text.strip(" ()[]").split(separator) if part.strip(" ()[]")]
        if len(parts) == 2 and all(PLAIN.fullmatch(part) for part in parts):
            return parts
    parts = text.strip(" ()[]").split(",")
    return (
        [part.strip() for part in parts]
        if len(parts) == 2 and all(PLAIN.fullmatch(p.strip()) for p in parts)
        else []
    )


def from_lambert_93(x_m: float, y_m: float) -> tuple[float, float] | None:
    """Return (lon, lat) of Lambert-93 metres, or None when the numbers are not in its range."""
    if not (LAMBERT_X[0] < x_m < LAMBERT_X[1] and LAMBERT_Y[0] < y_m < LAMBERT_Y[1]):
        return None
    lon, lat = _to_degrees().transform(x_m, y_m)
    return round(float(lon), 6), round(float(lat), 6)


@lru_cache(maxsize=1)
def _to_degrees() -> Transformer:
    return Transformer.from_crs(LAMBERT_93, 4326, always_xy=True)
