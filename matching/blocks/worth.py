"""What whole columns of substitutions are worth: ``benefits.substitution_worth``, link by link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.benefits import (
    FACTOR_UNITS,
    KG_PER_T,
    LONG_HAUL_CO2_KEY,
    LONG_HAUL_COST_KEY,
    PIPED_KINDS,
    TRANSPORT_CO2_KEY,
    TRANSPORT_COST_KEY,
)
from matching.blocks.digits import decimals
from matching.catalogue.model import Catalogue, Rule
from matching.columns import Floats
from matching.model import Kind
from matching.parameters import MatchParameters, constant

# Low, middle and high, one row each.
Triples = Floats


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Pairs that share a rule, a unit and the provider's kind; costs in EUR per unit, NaN where unknown."""

    rule: Rule | None
    unit: str
    kind: Kind
    quantity: Floats
    distance_km: Floats
    provider_cost: Floats
    receiver_cost: Floats


class Figures:
    """Factors per unit, the territory's own before the catalogue's."""

    def __init__(self, catalogue: Catalogue, parameters: MatchParameters) -> None:
        self._catalogue = catalogue
        self._prices = parameters.prices

    def factor(self, key: str, unit: str, suffix: str = "") -> Triples | None:
        """Return low, middle and high per ``unit``, None when unknown or per another unit."""
        factor = self._catalogue.factors.get(key)
        if factor is None:
            return None
        denominator = factor.unit.partition("/")[2].removesuffix(suffix)
        per, scale = FACTOR_UNITS.get(denominator, (denominator, 1.0))
        if per != unit:
            return None
        own = self._prices.get(key)
        found = [factor.low, factor.value, factor.high] if own is None else [own, own, own]
        return _times(np.array(found)[:, None], np.array([scale]))


def worth_of(some: Exchanges, figures: Figures) -> tuple[Triples, Triples]:
    """Return EUR and tCO2e a year of each pair, (3, n) each, NaN where nothing is known to reckon with."""
    count = len(some.quantity)
    price = _price(some, figures, count)
    gate = _gate(some, figures, count)
    # What is sold already is a loss only against the price it replaces, which nobody may have said.
    gate[:, np.isnan(price[1]) & (some.provider_cost < 0)] = np.nan
    gains = np.where(np.isnan(gate), price, np.where(np.isnan(price), gate, gate + price))
    moving = _transport(some, figures, LONG_HAUL_COST_KEY, TRANSPORT_COST_KEY)
    money = decimals(_times(_minus(gains, moving), some.quantity), 0)
    avoided = figures.factor(some.rule.co2_key, some.unit) if some.rule is not None else None
    if some.rule is None or avoided is None:
        return money, np.full((3, count), np.nan)
    saved = _spread(_times(avoided, np.array([some.rule.replaced_per_unit])), count)
    moving = _transport(some, figures, LONG_HAUL_CO2_KEY, TRANSPORT_CO2_KEY)
    carbon = decimals(_times(_minus(saved, moving), some.quantity / KG_PER_T), 1)
    return money, np.where(np.isnan(some.quantity), np.nan, carbon)


def _gate(some: Exchanges, figures: Figures, count: int) -> Triples:
    known = figures.factor(some.rule.gate_key, some.unit) if some.rule is not None else None
    return _declared_first(some.provider_cost, _spread(known, count))


def _price(some: Exchanges, figures: Figures, count: int) -> Triples:
    known = figures.factor(some.rule.price_key, some.unit) if some.rule is not None else None
    price = _declared_first(some.receiver_cost, _spread(known, count))
    # A receiver paid to take: what it earns its giver pays, nothing is gained between the two.
    price[:, some.receiver_cost < 0] = np.nan
    return _times(price, np.array([some.rule.replaced_per_unit if some.rule is not None else 1.0]))


def _declared_first(cost: Floats, known: Triples) -> Triples:
    spread = np.abs(cost) * constant("declared_spread")
    return np.where(np.isnan(cost), known, np.stack([cost - spread, cost, cost + spread]))


def _transport(some: Exchanges, figures: Figures, full_loads: str, part_loads: str) -> Triples:
    """Return transport per unit moved; nothing for pipes and for what is not weighed."""
    count = len(some.quantity)
    nothing: Triples = np.zeros((3, count))
    if some.kind in PIPED_KINDS:
        return nothing
    full = _or_nothing(figures.factor(full_loads, some.unit, ".km"), count)
    part = _or_nothing(figures.factor(part_loads, some.unit, ".km"), count)
    chosen = np.where(some.quantity >= constant("full_loads"), full, part)
    return np.where(np.isnan(some.distance_km), nothing, _times(chosen, some.distance_km))


def _or_nothing(found: Triples | None, count: int) -> Triples:
    return np.zeros((3, count)) if found is None else _spread(found, count)


def _spread(found: Triples | None, count: int) -> Triples:
    return np.full((3, count), np.nan) if found is None else np.repeat(found, count, axis=1)


def _times(triple: Triples, factor: NDArray[np.float64]) -> Triples:
    first, last = triple[0] * factor, triple[2] * factor
    return np.stack([np.minimum(first, last), triple[1] * factor, np.maximum(first, last)])


def _minus(first: Triples, second: Triples) -> Triples:
    return np.stack([first[0] - second[2], first[1] - second[1], first[2] - second[0]])
