"""Formats of packaging that words tell: a cell of Ø 45 holds no pin of Ø 12, a drum is no can."""

from __future__ import annotations

import re

from matching.marks.sizes import LESS, MORE
from matching.marks.steps import NUMBER, mark, marks_above, marks_below, number

# One format serves for another up to so many times its size or so many times less (own estimate).
NEAR = 1.6
# Lengths in mm, volumes in L.
UNITS = {"mm": 1.0, "cm": 10.0, "cl": 0.01, "l": 1.0, "litres": 1.0, "m3": 1000.0}
DIAMETER = re.compile(rf"(?:ø|\bdiametre|\bdiam\b\.?) ?{NUMBER} ?(mm|cm)?\b")
SIDES = re.compile(r"\b(\d{2,4}) ?x ?(\d{2,4})(?: ?x ?\d{1,4})? ?(mm|cm)?\b")
VOLUME = re.compile(rf"\b{NUMBER} ?(cl|l|litres|m3)\b(?! ?(?:/|par |an\b))")
# Sides without a unit are in mm from here on, in cm below: no crate is 25 mm long (own estimate).
SIDES_IN_MM = 250.0
AT_LEAST, AT_MOST = re.compile(rf"(?:{MORE}|\bet plus)"), re.compile(LESS)


def format_marks(bare: str) -> frozenset[str]:
    """Return the marks of the formats that an offer of packaging tells."""
    found = (
        (mark(f"{what}-least", min(sizes)), mark(f"{what}-most", max(sizes)))
        for what, sizes in _formats(bare).items()
    )
    return frozenset(one for both in found for one in both)


def formats_refused(bare: str) -> list[str]:
    """Return the marks of formats unlike those that a need of packaging tells."""
    refused: list[str] = []
    for what, sizes in _formats(bare).items():
        if not AT_LEAST.search(bare):
            refused += marks_above(what, "format", max(sizes) * NEAR)
        if not AT_MOST.search(bare):
            refused += marks_below(what, "format", min(sizes) / NEAR)
    return refused


def _formats(bare: str) -> dict[str, list[float]]:
    """Return the diameters and the longest sides in mm, and the volumes in L, that a text tells."""
    diameters = [number(figure) * UNITS[unit or "mm"] for figure, unit in DIAMETER.findall(bare)]
    sides = [_longest(float(a), float(b), unit) for a, b, unit in SIDES.findall(bare)]
    volumes = [number(figure) * UNITS[unit] for figure, unit in VOLUME.findall(bare)]
    found = {"diameter": diameters, "side": sides, "volume": volumes}
    kept = {what: [size for size in sizes if size > 0] for what, sizes in found.items()}
    return {what: sizes for what, sizes in kept.items() if sizes}


def _longest(first: float, second: float, unit: str) -> float:
    longest = max(first, second)
    return longest * UNITS[unit or ("mm" if longest >= SIDES_IN_MM else "cm")]
