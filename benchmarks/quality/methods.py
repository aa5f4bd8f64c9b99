"""What is compared on labels and exchanges: the engine, and plain methods anybody would try first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from benchmarks.quality.sets import ExchangeCase, Label
from matching.characters import CharacterIndex
from matching.classify import default_classifier
from matching.outlets import find_outlets
from matching.words import plain

TOP = 5
Ranked = list[str]
ENGINE = "engine"
# Resources of these words only: what a list of official labels alone can do.
OFFICIAL = "TF-IDF on official labels"
COMMONEST = "commonest division"
NEAREST = "nearest text of other cases"


def label_methods() -> dict[str, Callable[[Label], Ranked]]:
    """Return what ranks codes of the List of Waste for a label."""
    return {
        ENGINE: lambda label: _engine_codes(label.text),
        OFFICIAL: lambda label: official_codes(label.text),
    }


def _engine_codes(text: str) -> Ranked:
    return [found.code for found in default_classifier().waste_codes(text, TOP)]


@lru_cache(maxsize=1)
def _official_index() -> tuple[list[str], CharacterIndex]:
    codes = default_classifier().catalogue.waste_codes
    pairs = [(code, label) for code, entry in codes.items() for label in (entry.label.fr, entry.label.en)]
    return [code for code, _ in pairs], CharacterIndex([plain(label) for _, label in pairs])


def official_codes(text: str) -> Ranked:
    """Return the codes whose short official labels are nearest, by character n-grams alone."""
    codes, index = _official_index()
    order = np.argsort(-index.likeness(plain(text)), kind="stable")
    return list(dict.fromkeys(codes[i] for i in order[: 4 * TOP]))[:TOP]


def exchange_codes(exchange: ExchangeCase) -> Ranked:
    """Return the engine's codes for the text of a documented exchange."""
    return _engine_codes(exchange.text)


def outlet_methods(cases: Sequence[ExchangeCase]) -> dict[str, Callable[[ExchangeCase], Ranked]]:
    """Return what ranks receivers' divisions; the plain ones learn from the other cases only."""
    return {
        ENGINE: _engine_divisions,
        COMMONEST: lambda exchange: _commonest(exchange, cases),
        NEAREST: lambda exchange: _nearest(exchange, cases),
    }


def _engine_divisions(exchange: ExchangeCase) -> Ranked:
    code = next(iter(sorted(exchange.codes)), "")
    outlets = find_outlets(default_classifier(), exchange.text, code, exchange.donor, TOP)
    return [outlet.activity_code[:2] for outlet in outlets]


def _commonest(exchange: ExchangeCase, cases: Sequence[ExchangeCase]) -> Ranked:
    counts = Counter(other.receiver for other in cases if other.case != exchange.case and other.receiver)
    return [division for division, _ in counts.most_common(TOP)]


def _nearest(exchange: ExchangeCase, cases: Sequence[ExchangeCase]) -> Ranked:
    others = [other for other in cases if other.case != exchange.case and other.receiver]
    likeness = CharacterIndex([plain(other.text) for other in others]).likeness(plain(exchange.text))
    order = np.argsort(-likeness, kind="stable")
    return list(dict.fromkeys(others[i].receiver for i in order))[:TOP]
