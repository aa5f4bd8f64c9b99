"""Pairs of labels alone, without a territory around: which an expert's eye would introduce, and which not.

A table has ``set,output,output_kind,giver_nace,input,input_kind,receiver_nace,verdict,why``; its verdict
is ``yes`` or ``no``. The two stand a few metres apart and say no quantity, so that only words, kinds and
activities speak. A pair is proposed when readings link it, no gate refuses it and its score is shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.services.matching import positions_km
from matching.candidates import candidate_pairs
from matching.engine import default_engine
from matching.model import Direction, Flow, Kind, Site
from matching.parameters import MatchParameters, constant
from matching.scoring import score_pairs
from matching.words import stems

AT_ONCE = 200
# Where the sites stand: a few paces apart, in a row, so that even lukewarm water gets there.
LON, LAT, STEP, ACROSS = 5.0, 45.0, 1e-5, 1e-4
KINDS = {"waste": Kind.MATERIAL, "by_product": Kind.MATERIAL, "purchase_material": Kind.MATERIAL}


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """An output and a need, whether both should be introduced, and who wrote it."""

    author: str
    output: Flow
    need: Flow
    right: bool


def read_pairs(path: Path) -> list[LabelledPair]:
    """Return the pairs of a table, in its order."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [_pair(row, number) for number, row in enumerate(csv.DictReader(handle))]


def _pair(row: dict[str, str], number: int) -> LabelledPair:
    output = _flow(row["output"], row["output_kind"], row["giver_nace"], number, Direction.OUTPUT)
    need = _flow(row["input"], row["input_kind"], row["receiver_nace"], number, Direction.INPUT)
    return LabelledPair(row["set"], output, need, row["verdict"] == "yes")


def _flow(label: str, kind: str, activity: str, number: int, direction: Direction) -> Flow:
    lat = LAT + (ACROSS if direction is Direction.INPUT else 0.0)
    site = Site(f"{direction.value} {number}", lon=LON + number * STEP, lat=lat, activity_code=activity)
    return Flow(site=site, direction=direction, label=label, kind=KINDS.get(kind) or Kind(kind))


def by_engine(pairs: Sequence[LabelledPair]) -> Iterator[bool]:
    """Tell for each pair whether the engine proposes it."""
    for start in range(0, len(pairs), AT_ONCE):
        yield from _proposed(pairs[start : start + AT_ONCE])


def _proposed(pairs: Sequence[LabelledPair]) -> list[bool]:
    engine = default_engine()
    flows = [flow for pair in pairs for flow in (pair.output, pair.need)]
    columns, amounts = engine.columns(flows, positions_km(flows))
    found = candidate_pairs(columns, engine.compatibility)
    told = {
        (columns.flows[o].site.name, columns.flows[i].site.name): at
        for at, (o, i) in enumerate(zip(found.output.tolist(), found.input.tolist(), strict=True))
    }
    places = [told.get((pair.output.site.name, pair.need.site.name)) for pair in pairs]
    linked = np.array([place for place in places if place is not None], dtype=np.int64)
    scored = score_pairs(found.take(linked), columns, engine.catalogue, amounts, MatchParameters())
    shown = scored.verdicts.passed & (scored.score >= constant("minimum_score"))
    answers = iter(shown.tolist())
    return [place is not None and next(answers) for place in places]


def by_shared_words(pairs: Sequence[LabelledPair]) -> Iterator[bool]:
    """Tell for each pair whether the two labels share a word."""
    return (bool({*stems(pair.output.label)} & {*stems(pair.need.label)}) for pair in pairs)
