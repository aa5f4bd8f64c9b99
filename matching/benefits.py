"""What a substitution is worth a year: EUR and tCO2e, low, middle and high, with what was assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from matching.catalogue.model import Catalogue, Factor, Rule
from matching.messages import N_, Message
from matching.model import Flow, Kind
from matching.parameters import MatchParameters, constant
from matching.results import Estimate

TRANSPORT_COST_KEY = "c_rigid"
TRANSPORT_CO2_KEY = "t_rigid17"
LONG_HAUL_COST_KEY = "c_long_full"
LONG_HAUL_CO2_KEY = "t_artic33"
# What a factor is given per, and the canonical unit it scales to.
FACTOR_UNITS = {"pallet": ("palette", 1.0), "kWh": ("MWh", 1000.0), "L": ("m3", 1000.0), "t DM": ("t", 1.0)}
KG_PER_T = 1000
PIPED_KINDS = frozenset({Kind.ENERGY, Kind.WATER})


class Worth(NamedTuple):
    """Yearly worth of a synergy; None where nothing is known to reckon with."""

    eur: Estimate | None
    tco2e: Estimate | None
    assumptions: tuple[Message, ...]


class _Triple(NamedTuple):
    low: float
    middle: float
    high: float

    def times(self, factor: float) -> _Triple:
        one, other = self.low * factor, self.high * factor
        return _Triple(min(one, other), self.middle * factor, max(one, other))

    def plus(self, other: _Triple) -> _Triple:
        return _Triple(self.low + other.low, self.middle + other.middle, self.high + other.high)

    def minus(self, other: _Triple) -> _Triple:
        return _Triple(self.low - other.high, self.middle - other.middle, self.high - other.low)


ZERO = _Triple(0.0, 0.0, 0.0)


class Exchange(NamedTuple):
    """What a substitution moves: ``quantity`` of ``unit`` a year over ``distance_km`` road km.

    ``provider_cost`` and ``receiver_cost`` are what both declare today, in EUR per ``unit``.
    """

    provider: Flow
    receiver: Flow
    rule: Rule | None
    quantity: float | None
    unit: str | None
    distance_km: float | None
    provider_cost: float | None
    receiver_cost: float | None


NO_FIGURE = Worth(None, None, (Message(N_("No figure without a quantity on both sides.")),))


def substitution_worth(exchange: Exchange, catalogue: Catalogue, parameters: MatchParameters) -> Worth:
    """Return the yearly worth of a substitution.

    NV = q·gate fee + q·σ·price of what is replaced - q·transport; ΔCO2 = q·σ·EF avoided - q·EF transport.
    Declared costs come before default factors.
    """
    return appraiser(catalogue, parameters)(exchange)


def appraiser(catalogue: Catalogue, parameters: MatchParameters) -> Callable[[Exchange], Worth]:
    """Return ``substitution_worth`` for many exchanges: each factor is sought and cited once."""
    factors = _Factors(catalogue, parameters)

    def worth(exchange: Exchange) -> Worth:
        if exchange.quantity is None or exchange.unit is None:
            return NO_FIGURE
        return _worth(exchange, exchange.quantity, _Figures(exchange.unit, factors))

    return worth


def _worth(exchange: Exchange, quantity: float, figures: _Figures) -> Worth:
    price = _replaced_price(exchange, figures)
    # What is sold already is a loss only against the price it replaces, which nobody may have said.
    sold = exchange.provider_cost is not None and exchange.provider_cost < 0
    disposal = None if price is None and sold else _disposal(exchange, figures)
    gains = [gain for gain in (disposal, price) if gain is not None]
    avoided = _avoided_co2(exchange, figures)
    money = carbon = None
    if gains:
        moving = _transport(exchange, LONG_HAUL_COST_KEY, TRANSPORT_COST_KEY, figures)
        total = gains[0] if len(gains) == 1 else gains[0].plus(gains[1])
        money = _estimate(total.minus(moving).times(quantity), 0)
    if avoided is not None:
        moving = _transport(exchange, LONG_HAUL_CO2_KEY, TRANSPORT_CO2_KEY, figures)
        carbon = _estimate(avoided.minus(moving).times(quantity / KG_PER_T), 1)
    return Worth(money, carbon, tuple(figures.notes))


def _estimate(triple: _Triple, decimals: int) -> Estimate:
    low, middle, high = triple
    return Estimate(round(low, decimals) + 0.0, round(middle, decimals) + 0.0, round(high, decimals) + 0.0)


class _Factors:
    """Factors per unit with their citations, the territory's own before the catalogue's."""

    def __init__(self, catalogue: Catalogue, parameters: MatchParameters) -> None:
        self._catalogue = catalogue
        self._prices = parameters.prices
        self._known: dict[tuple[str, str, str], tuple[_Triple, Message] | None] = {}

    def per_unit(self, key: str, unit: str, suffix: str) -> tuple[_Triple, Message] | None:
        """Return a factor per unit (and ``suffix``), None when there is none or it speaks of another unit."""
        asked = (key, unit, suffix)
        if asked not in self._known:
            self._known[asked] = self._sought(*asked)
        return self._known[asked]

    def _sought(self, key: str, unit: str, suffix: str) -> tuple[_Triple, Message] | None:
        found = factor_per_unit(self._catalogue, self._prices, key, unit, suffix)
        if found is None:
            return None
        return _Triple(*found), _cite(self._catalogue.factors[key], self._prices.get(key))


def factor_per_unit(
    catalogue: Catalogue, prices: Mapping[str, float], key: str, unit: str, suffix: str
) -> tuple[float, float, float] | None:
    """Return low, middle and high of a factor per ``unit`` (and ``suffix``), None when there is none.

    ``prices`` are the territory's own, which come before the catalogue's.
    """
    factor = catalogue.factors.get(key)
    if factor is None:
        return None
    denominator = factor.unit.partition("/")[2].removesuffix(suffix)
    per, scale = FACTOR_UNITS.get(denominator, (denominator, 1.0))
    if per != unit:
        return None
    own = prices.get(key)
    low, middle, high = (factor.low, factor.value, factor.high) if own is None else (own, own, own)
    low, high = sorted((low * scale, high * scale))
    return low, middle * scale, high


class _Figures:
    """The figures of one exchange per ``unit``; ``notes`` cites each one used."""

    def __init__(self, unit: str, factors: _Factors) -> None:
        self.unit = unit
        self.notes: list[Message] = []
        self._factors = factors

    def declared(self, value: float, said: Message) -> _Triple:
        """Return a declared figure with its spread, cited by ``said``."""
        self.notes.append(said)
        spread = abs(value) * constant("declared_spread")
        return _Triple(value - spread, value, value + spread)

    def factor(self, key: str, suffix: str = "") -> _Triple | None:
        """Return a factor per unit (and ``suffix``), None when there is none or it speaks of another unit."""
        found = self._factors.per_unit(key, self.unit, suffix)
        if found is None:
            return None
        self.notes.append(found[1])
        return found[0]


def _cite(factor: Factor, own: float | None) -> Message:
    if own is not None:
        params: dict[str, object] = {"item": factor.item, "value": own, "unit": factor.unit}
        return Message(N_("{item}: {value} {unit} (set by the territory)"), params)
    return Message(
        N_("{item}: {value} {unit} ({source}, {year})"),
        {
            "item": factor.item,
            "value": factor.value,
            "unit": factor.unit,
            "source": factor.source,
            "year": factor.year or "n.d.",
        },
    )


def _disposal(exchange: Exchange, figures: _Figures) -> _Triple | None:
    cost = exchange.provider_cost
    if cost is None:
        return figures.factor(exchange.rule.gate_key) if exchange.rule is not None else None
    params = {"site": exchange.provider.site.name, "value": cost, "unit": figures.unit}
    return figures.declared(cost, Message(N_("Cost declared by {site}: {value} EUR/{unit}."), params))


def _replaced_price(exchange: Exchange, figures: _Figures) -> _Triple | None:
    rule, cost = exchange.rule, exchange.receiver_cost
    if cost is not None and cost < 0:
        # A receiver paid to take: what it earns its giver pays, nothing is gained between the two.
        return None
    if cost is None:
        price = figures.factor(rule.price_key) if rule is not None else None
    else:
        params = {"site": exchange.receiver.site.name, "value": cost, "unit": figures.unit}
        price = figures.declared(cost, Message(N_("Price paid by {site}: {value} EUR/{unit}."), params))
    share = rule.replaced_per_unit if rule is not None else 1.0
    return None if price is None else price.times(share)


def _avoided_co2(exchange: Exchange, figures: _Figures) -> _Triple | None:
    rule = exchange.rule
    avoided = figures.factor(rule.co2_key) if rule is not None else None
    return None if rule is None or avoided is None else avoided.times(rule.replaced_per_unit)


def _transport(exchange: Exchange, full_loads: str, part_loads: str, figures: _Figures) -> _Triple:
    """Return a transport factor per unit moved; nothing for pipes and for what is not weighed."""
    if exchange.distance_km is None or exchange.provider.kind in PIPED_KINDS:
        return ZERO
    full = (exchange.quantity or 0) >= constant("full_loads")
    found = figures.factor(full_loads if full else part_loads, suffix=".km")
    return ZERO if found is None else found.times(exchange.distance_km)
