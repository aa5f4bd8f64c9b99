"""Marks that a need refuses and an offer bears: figures said in words, and treatments done or not done.

"Fer < 0,5 %" refuses what says "fer 14 %", "> 15 cm" refuses sawing sludge, "lavé" refuses "non lavé". A mark
is a word like those of ``Facts.stems``, so that what excludes by words excludes by marks as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf

from matching.catalogue.tables import read_rows, wordings
from matching.marks.formats import format_marks, formats_refused
from matching.marks.sizes import (
    AT_MOST,
    LESS,
    MORE,
    capacities_refused,
    capacity_marks,
    size_marks,
    sizes_refused,
)
from matching.marks.steps import NUMBER, mark, marks_above, marks_below, number
from matching.model import Flow, Kind
from matching.words import plain

GOODS = frozenset({Kind.MATERIAL, Kind.PACKAGING, Kind.WATER})
UNITS = {
    "%": 1e-2, "g/kg": 1e-3, "g/l": 1e-3, "mg/kg": 1e-6, "mg/l": 1e-6, "ppm": 1e-6, "ug/l": 1e-9, "ppb": 1e-9,
}  # fmt: skip
UNIT = r"(%|m?g ?/ ?(?:kg|l)(?! ?ms)|ug ?/ ?l|ppm|ppb)"
HAS_FIGURE = re.compile(r"\d ?(?:%|m?g ?/|ug ?/|pp[mb])")
# What is done to goods, by the root of its participle.
TREATMENTS = (
    "lav|nettoy|rinc|tri|sech|cribl|calibr|degaz|vid|pasteuris|sterilis|depollu|test|desinfect|hygienis"
    "|decontamin|degraiss|denoyaut|epluch|ecorc|affin|dessal|deshydrat|egoutt|broy|compact|trait"
    "|reconditionn|qualifi|certifi|homologu|etiquet|trac|garanti"
)
# An accent tells "lavé" from "il lave".
DONE = re.compile(
    r"\b([a-zà-ÿ]+?)(?:é|ée|és|ées)\b(?! (?:par nos|chez nous|sur place|par nous|ici))", re.IGNORECASE
)
NOT_DONE = re.compile(rf"\b(?:non|pas|jamais|ni) (?:encore )?(?:re)?({TREATMENTS})ee?s?\b")
TREATED = frozenset(TREATMENTS.split("|"))
NOTHING = frozenset[str]()


def offered_marks(flow: Flow) -> frozenset[str]:
    """Return the marks an offer bears."""
    text = f"{flow.label} , {flow.comment}"
    if flow.kind is Kind.EQUIPMENT:
        return capacity_marks(_bare(text))
    if flow.kind not in GOODS:
        return NOTHING
    formats = format_marks(_bare(text)) if flow.kind is Kind.PACKAGING else NOTHING
    return _offered(text) | size_marks(_bare(text), flow.label) | formats


def refused_marks(flow: Flow) -> tuple[frozenset[str], ...]:
    """Return the marks a need refuses, one to a phrase."""
    text = f"{flow.label} , {flow.comment}"
    found: Sequence[str] = ()
    if flow.kind is Kind.EQUIPMENT:
        found = capacities_refused(_bare(text))
    elif flow.kind in GOODS:
        formats = formats_refused(_bare(text)) if flow.kind is Kind.PACKAGING else ()
        found = (*_refused(text), *sizes_refused(_bare(text), flow.label), *formats)
    return tuple(frozenset({mark}) for mark in dict.fromkeys(found))


@lru_cache(maxsize=100_000)
def _offered(text: str) -> frozenset[str]:
    bare = _bare(text)
    marks = {mark(f"{what}-least", low) for what, low, _ in _contents(bare) if low > 0}
    marks |= {mark(f"{what}-most", high) for what, _, high in _contents(bare) if high < inf}
    return frozenset(marks | {f"non:{match[1]}" for match in NOT_DONE.finditer(bare)})


@lru_cache(maxsize=100_000)
def _refused(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for what, low, high in _contents(_bare(text), bounds_only=True):
        found += marks_above(what, "content", high)
        found += marks_below(what, "content", low)
    return (*found, *(f"non:{root}" for root in _done(text)))


def _bare(text: str) -> str:
    """Return a text without accents, its micrometres as "um"."""
    return plain(text).replace("µ", "u").replace("μ", "u")


def _done(text: str) -> Iterator[str]:
    """Yield the roots of the treatments that a need asks to be done before."""
    for match in DONE.finditer(text):
        root, before = plain(match[1]), plain(text[max(0, match.start() - 12) : match.start()])
        if root in TREATED and not re.search(r"\b(?:non|pas|jamais|ni|sans|ou|meme)\b[^,;]*$", before):
            yield root


@lru_cache(maxsize=1)
def _substances() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what matches a figure of a substance, and the substance of each wording (``contents.csv``)."""
    names = {plain(word): row["substance"] for row in read_rows("contents.csv") for word in wordings(row)}
    one = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    words = rf"\b({one})\b[ :=]*"
    bound = rf"({LESS}|{MORE})?"
    after = rf"{words}{bound} ?{NUMBER} ?{UNIT}(?: ?({AT_MOST}|min\w*))?"
    before = rf"{bound} ?{NUMBER} ?{UNIT} (?:de |d |en )?\b({one})\b"
    return re.compile(f"{after}|{before}"), names


def _contents(bare: str, *, bounds_only: bool = False) -> Iterator[tuple[str, float, float]]:
    """Yield (substance, least, most) as shares of mass for each figure of a text."""
    if HAS_FIGURE.search(bare) is None:
        return
    pattern, names = _substances()
    for match in pattern.finditer(bare):
        name, bound, figure, unit, later, bound_2, figure_2, unit_2, name_2 = match.groups()
        turn = bound or later or bound_2 or ""
        value = number(figure or figure_2) * UNITS[(unit or unit_2).replace(" ", "")]
        if not 0 < value <= 1 or (bounds_only and not turn):
            continue
        low = 0.0 if turn and re.fullmatch(LESS, turn) else value
        high = inf if turn and re.fullmatch(MORE, turn) else value
        yield names[name or name_2], low, high
