"""The score in numpy, pair by pair: the definition that every answer is held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.rules import Found, Rules, best_of, joined, rules
from benchmarks.scale.sides import sides
from benchmarks.scale.territory import Floats, Territory
from matching.criteria.distance import EARTH_RADIUS_KM

Pairs = Mapping[str, Any]


def square(pairs: Pairs) -> Floats:
    """Return the squares of straight distances, in km²."""
    return np.asarray(sum(np.square(pairs[f"o_{axis}"] - pairs[f"i_{axis}"]) for axis in "xyz"))


def road_km(pairs: Pairs, r: Rules) -> Floats:
    """Return road distances in km, to 0.1."""
    half = np.minimum(np.sqrt(square(pairs)) / (2 * EARTH_RADIUS_KM), 1.0)
    arc = 2 * EARTH_RADIUS_KM * np.arcsin(half)
    return np.asarray(np.round(arc * r.road_factor, 1))


def possible(pairs: Pairs, km: Floats, r: Rules) -> NDArray[np.bool_]:
    """Return which pairs pass the gates: reach, another site, a month in common."""
    apart = np.asarray(pairs["o_site"]) != np.asarray(pairs["i_site"])
    together = (np.asarray(pairs["o_months"]) & np.asarray(pairs["i_months"])) != 0
    return np.asarray((km <= r.cut_km) & apart & together)


def scores(pairs: Pairs, km: Floats, r: Rules) -> Floats:
    """Return the scores of possible pairs, in [0, 100] to 0.1."""
    material = np.minimum(pairs["strength"] * np.sqrt(pairs["o_certainty"] * pairs["i_certainty"]), 1.0)
    needed, offered = np.asarray(pairs["i_quality"]), np.asarray(pairs["o_quality"])
    checked = np.where(needed & ~offered, r.unknown_condition, 1.0)
    total = (
        r.material * np.log(material)
        + r.quantity * np.log(_quantity(pairs, r))
        + r.timing * np.log(_timing(pairs))
        - r.distance * np.log(2.0) * np.maximum(km - r.full_km, 0.0) / r.half_km
        + r.quality * np.log(np.where(needed == 0, r.nothing_to_check, checked))
    )
    # As the engine rounds: twice, so that the order of the terms does not show.
    return np.asarray(np.round(np.round(100 * np.exp(np.asarray(total)), 9), 1))


def _quantity(pairs: Pairs, r: Rules) -> Floats:
    offered, needed = np.asarray(pairs["o_value"]), np.asarray(pairs["i_value"])
    near = 0.5 + 0.5 * np.minimum(offered, needed) / np.maximum(offered, needed)
    return np.where(np.isnan(near), r.unknown_quantity, near)


def _timing(pairs: Pairs) -> Floats:
    first, second = np.asarray(pairs["o_months"]), np.asarray(pairs["i_months"])
    offered, needed = np.asarray(pairs["o_value"]), np.asarray(pairs["i_value"])
    unknown = np.isnan(offered) | np.isnan(needed)
    offered, needed = np.where(unknown, 1.0, offered), np.where(unknown, 1.0, needed)
    a_month = np.minimum(offered / np.asarray(pairs["o_active"]), needed / np.asarray(pairs["i_active"]))
    shared = np.bitwise_count(first & second) * a_month
    share = np.minimum(shared / np.minimum(offered, needed), 1.0)
    return np.where(first == second, 1.0, share)


def every_pair(rows: Territory, outputs_at_once: int = 200) -> Found:
    """Return the best receivers by scoring each output with each input: for small territories only."""
    r = rules()
    table = sides(rows, r)
    found = []
    for first in range(0, len(table.outputs["o"]), outputs_at_once):
        part = {name: column[first : first + outputs_at_once] for name, column in table.outputs.items()}
        strength = rows.links[part["o_resource"][:, None], table.inputs["i_resource"]]
        o, i = np.nonzero(strength)
        pairs = {name: column[o] for name, column in part.items()}
        pairs |= {name: column[i] for name, column in table.inputs.items()}
        pairs["strength"] = strength[o, i]
        found.append(best_possible(pairs, r))
    return joined(found)


def best_possible(pairs: dict[str, NDArray[Any]], r: Rules) -> Found:
    """Return the best of some pairs, given as columns."""
    km = road_km(pairs, r)
    kept = possible(pairs, km, r)
    pairs = {name: column[kept] for name, column in pairs.items()}
    return best_of(pairs["o"], pairs["i"], scores(pairs, km[kept], r))
