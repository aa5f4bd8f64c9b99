"""Pandas: a merge on resource and cell, chunk by chunk, then columns of numpy."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from benchmarks.scale.plain import possible, road_km, scores, square
from benchmarks.scale.rules import Found, best_of, joined, rules
from benchmarks.scale.sides import sides
from benchmarks.scale.territory import Ints, Territory

# Pairs at once: about 500 MB of merged columns.
PAIRS = 2_000_000


class Search:
    """A territory in data frames."""

    def __init__(self, rows: Territory, _server: Any = None) -> None:
        self.pd: Any = import_module("pandas")
        self.rules = rules()
        self.sides = sides(rows, self.rules)
        self.inputs = self.pd.DataFrame(self.sides.inputs)
        self.links = self.pd.DataFrame(self.sides.links)
        self.steps = self.pd.DataFrame({"step": self.sides.steps})
        self.chunk = self.sides.chunk(PAIRS)

    def __call__(self, outputs: Ints) -> Found:
        """Return the best receivers of ``outputs``."""
        return joined([self._part(outputs[n : n + self.chunk]) for n in range(0, len(outputs), self.chunk)])

    def _part(self, outputs: Ints) -> Found:
        asked = self.pd.DataFrame(self.sides.some(outputs))
        asked = asked.merge(self.links, left_on="o_resource", right_on="given").merge(self.steps, how="cross")
        asked["key"] = asked["base"] + asked["o_cell"] + asked["step"]
        pairs = asked.merge(self.inputs, on="key")
        pairs = pairs[square(pairs) <= self.rules.straight_km**2]
        km = road_km(pairs, self.rules)
        kept = possible(pairs, km, self.rules)
        pairs = pairs[kept]
        score = scores(pairs, km[kept], self.rules)
        return best_of(pairs["o"].to_numpy(), pairs["i"].to_numpy(), score)
