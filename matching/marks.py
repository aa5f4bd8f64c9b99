"""Marks that a need refuses and an offer bears: figures said in words, and treatments done or not done.

"Fer < 0,5 %" refuses what says "fer 14 %", "> 15 cm" refuses sawing sludge, "lavé" refuses "non lavé". A mark is
a word like those of ``Facts.stems``, so that what excludes by words excludes by marks as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import ceil, floor, inf, log10

from matching.catalogue.tables import read_rows, split
from matching.model import Flow, Kind
from matching.words import plain, stems

GOODS = frozenset({Kind.MATERIAL, Kind.PACKAGING, Kind.WATER})
# A figure falls in a step of Renard's series R5 (ISO 3): five to a decade.
STEPS = 5
NUMBER = r"(\d{1,6}(?:[.,]\d+)?)"
UNITS = {
    "%": 1e-2, "g/kg": 1e-3, "g/l": 1e-3, "mg/kg": 1e-6, "mg/l": 1e-6, "ppm": 1e-6, "ug/l": 1e-9, "ppb": 1e-9,
}  # fmt: skip
UNIT = r"(%|m?g ?/ ?(?:kg|l)(?! ?ms)|ug ?/ ?l|ppm|ppb)"
LESS, MORE = r"<=?|≤|max\w*|au plus|moins de|inferieur\w* a", r">=?|≥|min\w*|au moins|plus de|superieur\w* a"
LENGTH = r"(um|mm|cm)"
LENGTHS = {"um": 1e-3, "mm": 1.0, "cm": 10.0}
LEAST_SIZE = re.compile(rf"(?:{MORE}) ?{NUMBER} ?{LENGTH}\b|{NUMBER} ?{LENGTH} ?(?:min\w*|et plus)\b")
MOST_SIZE = re.compile(rf"(?:{LESS}) ?{NUMBER} ?{LENGTH}\b|\b0 ?[/-] ?{NUMBER} ?{LENGTH}\b")
# From so many mm on a need asks for pieces and not for grains (own estimate).
PIECES_MM = 5.0
SMALLEST = {"content": 1e-9, "size": 1e-3}
LARGEST = {"content": 1.0, "size": 1e4}
TREATMENTS = (
    "lav|nettoy|rinc|tri|sech|cribl|calibr|degaz|vid|pasteuris|sterilis|depollu|test|desinfect|hygienis|decontamin"
    "|degraiss|denoyaut|epluch|pel|ecorc|affin|dessal|deshydrat|egoutt|demont|broy|compact|trait|reconditionn"
)
# An accent tells "lavé" from "il lave".
DONE = re.compile(r"\b([a-zà-ÿ]+?)(?:é|ée|és|ées)\b(?! (?:par nos|chez nous|sur place|par nous|ici))", re.IGNORECASE)
NOT_DONE = re.compile(rf"\b(?:non|pas|jamais|ni) (?:encore )?(?:re)?({TREATMENTS})ee?s?\b")
TREATED = frozenset(TREATMENTS.split("|"))
NOTHING = frozenset[str]()


def offered_marks(flow: Flow) -> frozenset[str]:
    """Return the marks an offer bears."""
    if flow.kind not in GOODS:
        return NOTHING
    text = f"{flow.label} , {flow.comment}"
    return _offered(text) | _grains(flow.label)


def refused_marks(flow: Flow) -> tuple[frozenset[str], ...]:
    """Return the marks a need refuses, one to a phrase."""
    if flow.kind not in GOODS:
        return ()
    return _refused(f"{flow.label} , {flow.comment}")


@lru_cache(maxsize=100_000)
def _offered(text: str) -> frozenset[str]:
    bare = _bare(text)
    marks = {_mark(f"{what}-least", low) for what, low, _ in _contents(bare) if low > 0}
    marks |= {_mark(f"{what}-most", high) for what, _, high in _contents(bare) if high < inf}
    sizes = _sizes(MOST_SIZE, bare)
    marks |= {_mark("size-most", max(sizes))} if sizes else set()
    return frozenset(marks | {f"non:{match[1]}" for match in NOT_DONE.finditer(bare)})


@lru_cache(maxsize=100_000)
def _refused(text: str) -> tuple[frozenset[str], ...]:
    bare = _bare(text)
    found: list[str] = []
    for what, low, high in _contents(bare, bounds_only=True):
        found += _steps(f"{what}-least", "content", above=high) if high < inf else ()
        found += _steps(f"{what}-most", "content", below=low) if low > 0 else ()
    sizes = _sizes(LEAST_SIZE, bare)
    if sizes and min(sizes) >= PIECES_MM:
        found += _steps("size-most", "size", below=min(sizes))
    found += [f"non:{root}" for root in _done(text)]
    return tuple(frozenset({mark}) for mark in dict.fromkeys(found))


def _bare(text: str) -> str:
    return plain(text).replace("µ", "u").replace("μ", "u")


def _done(text: str) -> Iterator[str]:
    """Yield the roots of the treatments that a need asks to be done before."""
    for match in DONE.finditer(text):
        root, before = plain(match[1]), plain(text[max(0, match.start() - 12) : match.start()])
        if root in TREATED and not re.search(r"\b(?:non|pas|jamais|ni|sans|ou|meme)\b[^,;]*$", before):
            yield root


def _mark(name: str, value: float) -> str:
    """Return the mark of a figure: a least one by the step below it, a most one by the step above."""
    exact = STEPS * log10(value)
    return f"{name}:{floor(exact + 1e-9) if name.endswith('-least') else ceil(exact - 1e-9)}"


def _steps(name: str, kind: str, above: float = inf, below: float = 0.0) -> list[str]:
    """Return the marks of all that is surely above or surely below a bound."""
    first, last = floor(STEPS * log10(SMALLEST[kind])), ceil(STEPS * log10(LARGEST[kind]))
    if above < inf:
        first = floor(STEPS * log10(above) + 1e-9) + 1
    if below > 0:
        last = ceil(STEPS * log10(below) - 1e-9) - 1
    return [f"{name}:{step}" for step in range(first, last + 1)]


def _sizes(pattern: re.Pattern[str], bare: str) -> list[float]:
    """Return the lengths in mm that a pattern finds."""
    pairs = ([group for group in match.groups() if group] for match in pattern.finditer(bare))
    return [float(number.replace(",", ".")) * LENGTHS[unit] for number, unit in pairs]


@lru_cache(maxsize=100_000)
def _grains(label: str) -> frozenset[str]:
    """Return the size that the first word of a label tells: dust and sludge have no pieces."""
    said = stems(label)[:1]
    return frozenset(_mark("size-most", _grain_sizes()[word]) for word in said if word in _grain_sizes())


@lru_cache(maxsize=1)
def _grain_sizes() -> dict[str, float]:
    rows = read_rows("grain_sizes.csv")
    return {stems(word)[0]: float(r["most_mm"]) for r in rows for word in _wordings(r)}


def _wordings(row: dict[str, str]) -> tuple[str, ...]:
    return (*split(row["words_fr"]), *split(row["words_en"]))


@lru_cache(maxsize=1)
def _substances() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what matches a figure of a substance, and the substance of each wording (``contents.csv``)."""
    names = {plain(word): row["substance"] for row in read_rows("contents.csv") for word in _wordings(row)}
    one = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    words = rf"\b({one})\b[ :=]*"
    bound = rf"({LESS}|{MORE})?"
    after = rf"{words}{bound} ?{NUMBER} ?{UNIT}(?: ?({LESS.split('|')[2]}|min\w*))?"
    before = rf"{bound} ?{NUMBER} ?{UNIT} (?:de |d |en )?\b({one})\b"
    return re.compile(f"{after}|{before}"), names


def _contents(bare: str, *, bounds_only: bool = False) -> Iterator[tuple[str, float, float]]:
    """Yield (substance, least, most) as shares of mass for each figure of a text."""
    if not any(unit in bare for unit in ("%", "g", "pp")):
        return
    pattern, names = _substances()
    for match in pattern.finditer(bare):
        name, bound, number, unit, later, bound_2, number_2, unit_2, name_2 = match.groups()
        turn = bound or later or bound_2 or ""
        value = float((number or number_2).replace(",", ".")) * UNITS[(unit or unit_2).replace(" ", "")]
        if not 0 < value <= 1 or (bounds_only and not turn):
            continue
        low = 0.0 if turn and re.fullmatch(LESS, turn) else value
        high = inf if turn and re.fullmatch(MORE, turn) else value
        yield names[name or name_2], low, high
