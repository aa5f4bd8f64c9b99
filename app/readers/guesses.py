"""What a row means when it does not say it: the kind of a flow, from its unit, code and words."""

from __future__ import annotations

import re
from functools import lru_cache

from app.readers.vocabulary import kind_words, phrase_pattern, plain, table
from matching.model import Kind

KIND_OF_UNIT = {
    "MWh": Kind.ENERGY, "kWh": Kind.ENERGY, "GJ": Kind.ENERGY, "ETP": Kind.SKILL, "m2": Kind.SPACE,
    "trajet": Kind.TRANSPORT, "palette": Kind.PACKAGING,
}  # fmt: skip
PACKAGING_CHAPTER = "1501"
VOLUMES = frozenset({"m3", "L"})
WATERY = re.compile(
    r"\b(?:eaux?|water|condensats?|condensates?)\b"
)  # Warm water by the cubic metre is water.
WORK_UNITS = frozenset({"h", "jour"})


@lru_cache(maxsize=16384)
def kind_in_words(label: str) -> Kind | None:
    """Return the kind that a label's words tell: the first telling words, the longest of them."""
    pattern = phrase_pattern(tuple(kind_words()))
    found = pattern.search(plain(label))
    return kind_words()[found[0]][0] if found else None


@lru_cache(maxsize=1)
def _waste_words() -> tuple[str, ...]:
    return tuple(plain(row["wording"]) for row in table("waste_words.csv"))


@lru_cache(maxsize=16384)
def is_waste_in_words(label: str) -> bool:
    """Tell whether a label's words mean that somebody wants to get rid of it ("DIB", "Palettes HS")."""
    return phrase_pattern(_waste_words()).search(plain(label)) is not None


def guess_kind(label: str, unit: str, waste_code: str) -> Kind:
    """Return the most likely kind of a flow whose kind was not declared."""
    if waste_code:
        return Kind.PACKAGING if waste_code.startswith(PACKAGING_CHAPTER) else Kind.MATERIAL
    told = kind_in_words(label)
    if unit in KIND_OF_UNIT and not (unit == "palette" and told is not None):
        return KIND_OF_UNIT[unit]
    if told is None:
        return Kind.SKILL if unit in WORK_UNITS else Kind.MATERIAL
    if unit in VOLUMES and told is Kind.ENERGY and WATERY.search(plain(label)):
        return Kind.WATER
    if unit in {"t", "kg"} and told not in {Kind.PACKAGING, Kind.ENERGY}:
        return Kind.MATERIAL
    return told
