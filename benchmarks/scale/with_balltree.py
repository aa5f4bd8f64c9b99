"""scikit-learn: a ball tree for each resource wanted, asked for what lies within reach."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.scale.plain import best_possible
from benchmarks.scale.rules import Found, joined, rules
from benchmarks.scale.sides import Columns, sides
from benchmarks.scale.territory import Ints, Territory
from matching.criteria.distance import EARTH_RADIUS_KM

# Outputs of one resource at once, so that what they reach fits in memory.
OUTPUTS = 500


class Search:
    """A territory as one tree a resource."""

    def __init__(self, rows: Territory, _server: Any = None) -> None:
        self.tree: Any = import_module("sklearn.neighbors").BallTree
        self.rules = rules()
        self.sides = sides(rows, self.rules)
        self.radius = self.rules.straight_km / EARTH_RADIUS_KM
        self.members: dict[int, Ints] = {}
        self.trees: dict[int, Any] = {}
        wanted = self.sides.inputs["i_resource"]
        for resource in np.unique(wanted).tolist():
            rows_of = np.flatnonzero(wanted == resource)
            self.members[resource] = rows_of
            self.trees[resource] = self.tree(_radians(self.sides.inputs, "i", rows_of), metric="haversine")

    def __call__(self, outputs: Ints) -> Found:
        """Return the best receivers of ``outputs``."""
        table = self.sides.some(outputs)
        found = []
        for resource in np.unique(table["o_resource"]).tolist():
            own = np.flatnonzero(table["o_resource"] == resource)
            for first in range(0, len(own), OUTPUTS):
                chosen = own[first : first + OUTPUTS]
                found.append(self._part({name: column[chosen] for name, column in table.items()}, resource))
        return joined(found)

    def _part(self, outputs: Columns, resource: int) -> Found:
        links = self.sides.links
        points = _radians(outputs, "o", np.arange(len(outputs["o"])))
        o, i, strength = [], [], []
        for place in np.flatnonzero(links["given"] == resource).tolist():
            wanted = int(links["wanted"][place])
            if wanted not in self.trees:
                continue
            near = self.trees[wanted].query_radius(points, self.radius)
            counts = [len(found) for found in near]
            o.append(np.repeat(np.arange(len(points)), counts))
            i.append(self.members[wanted][np.concatenate(near)])
            strength.append(np.full(sum(counts), links["strength"][place]))
        first, second = _all(o), _all(i)
        pairs = {name: column[first] for name, column in outputs.items()}
        pairs |= {name: column[second] for name, column in self.sides.inputs.items()}
        pairs["strength"] = np.concatenate([np.zeros(0), *strength])
        return best_possible(pairs, self.rules)


def _all(parts: list[Any]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _radians(columns: Columns, letter: str, rows: Ints) -> Any:
    return np.radians(np.column_stack([columns[f"{letter}_lat"][rows], columns[f"{letter}_lon"][rows]]))
