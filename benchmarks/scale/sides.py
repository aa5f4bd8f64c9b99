"""A territory's outputs, inputs and links as the columns that every peer starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.rules import Rules
from benchmarks.scale.territory import KM_PER_DEGREE, Floats, Ints, Territory
from geo.projections import earth_centred_km

Columns = dict[str, NDArray[Any]]
# Wider than the reach by what a degree of longitude loses within a cell.
MARGIN = 1.02


@dataclass(frozen=True, slots=True)
class Sides:
    """Columns of outputs (``o``, ``o_site``, …), of inputs (``i``, …) and of links, with cells to join by.

    A cell is as wide as the reach, so that what an output can reach lies in nine of them: ``key`` of an input
    is its resource and its cell, and ``steps`` lead from an output's cell to its neighbours.

    Attributes
    ----------
    links
        ``given`` and ``wanted`` resources, ``strength``, and the ``base`` of the wanted resource's keys.
    """

    outputs: Columns
    inputs: Columns
    links: Columns
    steps: Ints

    def some(self, outputs: Ints) -> Columns:
        """Return the columns of some outputs, by their rows in the territory."""
        place = np.searchsorted(self.outputs["o"], outputs)
        return {name: column[place] for name, column in self.outputs.items()}

    def chunk(self, pairs: int) -> int:
        """Return how many outputs meet about ``pairs`` inputs in their cells, from a sample of them."""
        sample = np.random.default_rng(0).choice(len(self.outputs["o"]), min(500, len(self.outputs["o"])))
        keys, counts = np.unique(self.inputs["key"], return_counts=True)
        met = 0
        for place in sample.tolist():
            bases = self.links["base"][self.links["given"] == self.outputs["o_resource"][place]]
            asked = (bases[:, None] + self.outputs["o_cell"][place] + self.steps).ravel()
            found = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
            met += int(counts[found][keys[found] == asked].sum())
        return max(1, int(pairs * len(sample) / max(met, 1)))


def sides(rows: Territory, rules: Rules) -> Sides:
    """Return the columns of a territory."""
    cell, width, cells = _cells(rows.latitude, rows.longitude, rules.straight_km * MARGIN)
    outputs, inputs = _side(rows, rows.is_output, "o"), _side(rows, ~rows.is_output, "i")
    outputs["o_cell"] = cell[rows.is_output]
    inputs["key"] = inputs["i_resource"] * cells + cell[~rows.is_output]
    given, wanted = (ends.astype(np.int64) for ends in np.nonzero(rows.links))
    links = {
        "given": given,
        "wanted": wanted,
        "strength": rows.links[given, wanted],
        "base": wanted * cells,
    }
    near = np.array([-1, 0, 1], dtype=np.int64)
    return Sides(outputs, inputs, links, (near[:, None] * width + near).ravel())


def _side(rows: Territory, chosen: NDArray[np.bool_], letter: str) -> Columns:
    position = earth_centred_km(rows.longitude[chosen], rows.latitude[chosen])
    months = rows.months[chosen].astype(np.int64)
    named = {
        "site": rows.site,
        "resource": rows.resource,
        "certainty": rows.certainty,
        "lat": rows.latitude,
        "lon": rows.longitude,
        "value": rows.quantity,
        "quality": rows.quality.astype(np.int64),
    }
    return {
        letter: np.flatnonzero(chosen).astype(np.int64),
        **{f"{letter}_{name}": column[chosen] for name, column in named.items()},
        **{
            f"{letter}_{axis}": np.ascontiguousarray(column)
            for axis, column in zip("xyz", position.T, strict=True)
        },
        f"{letter}_months": months,
        f"{letter}_active": np.bitwise_count(months).astype(np.int64),
    }


def _cells(latitude: Floats, longitude: Floats, size_km: float) -> tuple[Ints, int, int]:
    """Return each point's cell, how many cells lie side by side, and how many there are; none at an edge."""
    height = size_km / KM_PER_DEGREE
    width = height / np.cos(np.radians(np.abs(latitude).max() + height))
    row = ((latitude - latitude.min()) // height).astype(np.int64) + 1
    column = ((longitude - longitude.min()) // width).astype(np.int64) + 1
    across = int(column.max()) + 2
    return row * across + column, across, (int(row.max()) + 2) * across
