"""What every peer must compute, what it hands back, and how two answers are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.territory import REACH_KM, Floats, Ints
from matching.kernel.building import terms_of
from matching.parameters import MatchParameters

TOP = 20
LEAST = 0.1
# More than any territory has, to pack a score and a row into one whole number.
ROWS = 2**32


@dataclass(frozen=True, slots=True)
class Rules:
    """The engine's own constants, as the peers need them.

    Attributes
    ----------
    material, quantity, timing, distance, quality
        Shares of the criteria, which sum to 1.
    full_km, half_km, cut_km
        Reach, in road km.
    """

    material: float
    quantity: float
    timing: float
    distance: float
    quality: float
    unknown_quantity: float
    unknown_condition: float
    nothing_to_check: float
    road_factor: float
    full_km: float
    half_km: float
    cut_km: float

    @property
    def straight_km(self) -> float:
        """Return the longest straight distance that still rounds to a road distance within reach."""
        return (self.cut_km + 0.051) / self.road_factor


def rules() -> Rules:
    """Return the constants of the engine, with the reach of the territories made here."""
    terms = terms_of(MatchParameters())[0]
    own = {name: float(terms[name]) for name in Rules.__slots__ if not name.endswith("_km")}
    full, half, cut = REACH_KM
    return Rules(**own, full_km=full, half_km=half, cut_km=cut)


@dataclass(frozen=True, slots=True)
class Found:
    """The best receivers, output by output, best first: rows of the territory and scores in [0, 100]."""

    output: NDArray[np.integer[Any]]
    input: NDArray[np.integer[Any]]
    score: Floats

    def __len__(self) -> int:
        return len(self.output)

    def of(self, outputs: Ints) -> Found:
        """Return what was found for some outputs."""
        kept = np.isin(self.output, outputs)
        return Found(self.output[kept], self.input[kept], self.score[kept])


def unpacked(output: Ints, rank: Ints) -> Found:
    """Return rows found as (tenths missing to 100) * ``ROWS`` + row."""
    return Found(output, rank % ROWS, (1000 - rank // ROWS) / 10)


def joined(parts: list[Found]) -> Found:
    """Return several answers as one, by output."""
    output = np.concatenate([part.output for part in parts])
    order = np.argsort(output, kind="stable")
    receiver = np.concatenate([part.input for part in parts])[order]
    return Found(output[order], receiver, np.concatenate([part.score for part in parts])[order])


def best_of(output: Ints, receiver: Ints, score: Floats, top: int = TOP) -> Found:
    """Return the ``top`` best pairs of each output: by score, then by row."""
    counted = score >= LEAST
    output, receiver, score = output[counted], receiver[counted], score[counted]
    order = np.lexsort((receiver, -score, output))
    output, receiver, score = output[order], receiver[order], score[order]
    first = np.ones(len(output), dtype=bool)
    first[1:] = output[1:] != output[:-1]
    places = np.arange(len(output))
    kept = places - np.maximum.accumulate(np.where(first, places, 0)) < top
    return Found(output[kept], receiver[kept], score[kept])


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far an answer is the engine's.

    Attributes
    ----------
    same
        Outputs with the same receivers in the same order with the same scores.
    same_scores
        Outputs with the same scores, whoever has them: ties broken otherwise.
    """

    outputs: int
    same: int
    same_scores: int


def agreement(ours: Found, theirs: Found, outputs: Ints) -> Agreement:
    """Compare two answers for ``outputs``, pair by pair."""
    ours, theirs = ours.of(outputs), theirs.of(outputs)
    counts = [np.searchsorted(found.output, [outputs, outputs + 1]) for found in (ours, theirs)]
    same = same_scores = 0
    for a, b, c, d in zip(*counts[0], *counts[1], strict=True):
        if b - a == d - c and np.abs(ours.score[a:b] - theirs.score[c:d]).max(initial=0.0) < LEAST / 2:
            same_scores += 1
            same += bool(np.array_equal(ours.input[a:b], theirs.input[c:d]))
    return Agreement(len(outputs), same, same_scores)
