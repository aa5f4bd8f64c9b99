"""Figures that a label says in words: strength asked for, water taken, temperature given or needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.model import Flow, Kind
from matching.postings import Floats
from matching.words import plain

NUMBER = r"(\d{1,3}(?:[.,]\d+)?)\s?%"
LEAST, MOST = r"(?:mini(?:mum)?|min|au moins|at least|>=?)", r"(?:maxi(?:mum)?|max|au plus|at most|<=?)"
WATER = r"(?:humidite|eau|moisture)"
# "MS 3 % mini", "5 % mini", "au moins 90 %".
STRENGTH = re.compile(rf"{NUMBER}\s?{LEAST}(?![a-z])|{LEAST}\s?{NUMBER}")
# "humidité < 20 %", "sec < 20 %", "humidité maxi 35 %".
DRYNESS = re.compile(rf"(?:{WATER}|sec|seche|dry)\s?(?::|{MOST})\s?{NUMBER}|{WATER}\s{NUMBER}\s?{MOST}")
OF_WATER = re.compile(rf"(?:{WATER}|sec|seche|dry)[^,;]*?{NUMBER}(?:\s?{LEAST}(?![a-z]))?")
# A heap is neither dry nor wet all through: one figure of it is the middle of as much around (own estimate).
MOISTURE_SPREAD = 0.1
PATTERNS = {"concentration_pct": STRENGTH, "moisture_pct": DRYNESS}
# "45 °C", "-10°", "80/60 °C", "entre 60 et 80 degrés"; not the hardness of water, "5 °f".
DEGREE = r"\s?(?:°\s?c?(?![a-z])|degr(?:es|ees)\b)"
TEMPERATURE = re.compile(
    rf"(?<![\d.,])(?P<below>(?<!\d )[-–]\s?)?(?P<one>\d{{1,3}})(?:{DEGREE})?"
    rf"(?:\s?(?:/|-|–|\ba\b|\bet\b|\bto\b|\band\b)\s?(?P<other>\d{{1,3}}))?{DEGREE}"
)
# What has a temperature that matters: goods are as warm as the room.
WARM_OR_COLD = frozenset({Kind.ENERGY, Kind.WATER})


def ranges(flows: Sequence[Flow], name: str) -> Floats:
    """Return (low, high) of an attribute of each flow, NaN where neither a column nor its words say it.

    Parameters
    ----------
    name
        ``temperature_c`` (°C), ``concentration_pct`` or ``moisture_pct`` (%).
    """
    declared = np.full((len(flows), 2), np.nan)
    for i, flow in enumerate(flows):
        value = getattr(flow, name)
        if value is not None:
            declared[i] = (value.low, value.high)
    return settled(declared, said(flows, name), np.array([f.is_output for f in flows], dtype=bool), name)


def said(flows: Sequence[Flow], name: str) -> Floats:
    """Return the bounds that words set, as (low, high), NaN where they set none.

    Strength and water are bounds of needs; a temperature is that of an output or a need, in its label.
    """
    found = np.full((len(flows), 2), np.nan)
    if name == "temperature_c":
        for i, flow in enumerate(flows):
            if flow.kind in WARM_OR_COLD:
                found[i] = _temperature(flow.label)
    elif name in PATTERNS:
        for i, flow in enumerate(flows):
            if not flow.is_output:
                found[i] = _said(f"{flow.label} , {flow.comment}", name)
    return found


def settled(declared: Floats, words: Floats, gives: NDArray[np.bool_], name: str) -> Floats:
    """Return what is declared, else what words say; the one moisture of an output as what it may be."""
    values = np.where(np.isnan(declared[:, 1:]), words, declared)
    if name == "moisture_pct":
        single = gives & (values[:, 0] == values[:, 1])
        values[single] *= (1 - MOISTURE_SPREAD, 1 + MOISTURE_SPREAD)
    return values


@lru_cache(maxsize=100_000)
def _said(text: str, name: str) -> float:
    """Return the bound that a need's words set, NaN where they set none."""
    if "%" not in text:
        return float("nan")
    bare = plain(text)
    if name == "concentration_pct":
        bare = OF_WATER.sub(" ", bare)
    found = PATTERNS[name].search(bare)
    said = next((group for group in found.groups() if group), "") if found else ""
    value = float(said.replace(",", ".")) if said else float("nan")
    return value if value <= 100 else float("nan")


@lru_cache(maxsize=100_000)
def _temperature(label: str) -> tuple[float, float]:
    """Return the one temperature, or range, that a label says, NaN where it says none or several."""
    found = [*TEMPERATURE.finditer(plain(label))] if "°" in label or "degr" in label.lower() else []
    if len(found) != 1:
        return float("nan"), float("nan")
    one = float(found[0]["one"]) * (-1 if found[0]["below"] else 1)
    other = float(found[0]["other"]) if found[0]["other"] else one
    return min(one, other), max(one, other)
