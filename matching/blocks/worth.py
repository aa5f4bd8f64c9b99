"""What whole columns of substitutions are worth: ``benefits.substitution_worth``, many pairs at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.benefits import (
    KG_PER_T,
    LONG_HAUL_CO2_KEY,
    LONG_HAUL_COST_KEY,
    TRANSPORT_CO2_KEY,
    TRANSPORT_COST_KEY,
    factor_per_unit,
)
from matching.blocks.digits import decimals
from matching.catalogue.model import Catalogue, Rule
from matching.columns import Floats
from matching.parameters import MatchParameters, constant

# Low, middle and high, one row each.
Triples = Floats
Longs = NDArray[np.int64]
UNKNOWN = (np.nan, np.nan, np.nan)
NOTHING = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Pairs as ``benefits.Exchange`` has one; costs in EUR per unit, NaN where unknown.

    Attributes
    ----------
    rule, unit
        Numbers in the rules and units below; a pair without a common unit has the number ``len(units)``.
    piped
        Whether nothing is carried by road.
    """

    rule: Longs
    unit: Longs
    rules: Sequence[Rule | None]
    units: Sequence[str]
    piped: NDArray[np.bool_]
    quantity: Floats
    distance_km: Floats
    provider_cost: Floats
    receiver_cost: Floats


class Figures:
    """Factors per unit, the territory's own before the catalogue's, each worked out once."""

    def __init__(self, catalogue: Catalogue, parameters: MatchParameters) -> None:
        self._catalogue = catalogue
        self._prices = parameters.prices
        self._known: dict[tuple[str, str, str], tuple[float, float, float] | None] = {}

    def factor(self, key: str, unit: str, suffix: str = "") -> tuple[float, float, float] | None:
        """Return low, middle and high per ``unit``, None when unknown or per another unit."""
        name = (key, unit, suffix)
        if name not in self._known:
            self._known[name] = factor_per_unit(self._catalogue, self._prices, *name)
        return self._known[name]


def worth_of(some: Exchanges, figures: Figures) -> tuple[Triples, Triples]:
    """Return EUR and tCO2e a year of each pair, (3, n) each, NaN where nothing is known to reckon with."""
    gate, price, avoided, replaced = _by_rule(some, figures)
    price = _declared_first(some.receiver_cost, price)
    # A receiver paid to take: what it earns its giver pays, nothing is gained between the two.
    price[:, some.receiver_cost < 0] = np.nan
    price = _times(price, replaced)
    gate = _declared_first(some.provider_cost, gate)
    # What is sold already is a loss only against the price it replaces, which nobody may have said.
    gate[:, np.isnan(price[1]) & (some.provider_cost < 0)] = np.nan
    gains = np.where(np.isnan(gate), price, np.where(np.isnan(price), gate, gate + price))
    moving = _transport(some, figures, LONG_HAUL_COST_KEY, TRANSPORT_COST_KEY)
    money = decimals(_times(_minus(gains, moving), some.quantity), 0)
    moving = _transport(some, figures, LONG_HAUL_CO2_KEY, TRANSPORT_CO2_KEY)
    saved = _minus(_times(avoided, replaced), moving)
    return money, decimals(_times(saved, some.quantity / KG_PER_T), 1)


def _by_rule(some: Exchanges, figures: Figures) -> tuple[Triples, Triples, Triples, Floats]:
    """Return what is saved, what is replaced, the CO2 avoided, and the units replaced per unit given."""
    width = len(some.units) + 1
    met, place = np.unique(some.rule * width + some.unit, return_inverse=True)
    rows = []
    for number in met.tolist():
        rule, unit = some.rules[number // width], (*some.units, "")[number % width]
        if rule is None:
            rows.append((*UNKNOWN, *UNKNOWN, *UNKNOWN, 1.0))
            continue
        known = (
            figures.factor(key, unit) or UNKNOWN for key in (rule.gate_key, rule.price_key, rule.co2_key)
        )
        rows.append((*(figure for triple in known for figure in triple), rule.replaced_per_unit))
    table = np.array(rows).T[:, place]
    return table[0:3], table[3:6], table[6:9], table[9]


def _declared_first(cost: Floats, known: Triples) -> Triples:
    spread = np.abs(cost) * constant("declared_spread")
    return np.where(np.isnan(cost), known, np.stack([cost - spread, cost, cost + spread]))


def _transport(some: Exchanges, figures: Figures, full_loads: str, part_loads: str) -> Triples:
    """Return transport per unit moved; nothing for pipes and for what is not weighed."""
    full, part = (
        np.array([figures.factor(key, unit, ".km") or NOTHING for unit in (*some.units, "")]).T[:, some.unit]
        for key in (full_loads, part_loads)
    )
    chosen = np.where(some.quantity >= constant("full_loads"), full, part)
    return np.where(np.isnan(some.distance_km) | some.piped, 0.0, _times(chosen, some.distance_km))


def _times(triple: Triples, factor: Floats) -> Triples:
    first, last = triple[0] * factor, triple[2] * factor
    return np.stack([np.minimum(first, last), triple[1] * factor, np.maximum(first, last)])


def _minus(first: Triples, second: Triples) -> Triples:
    return np.stack([first[0] - second[2], first[1] - second[1], first[2] - second[0]])
