"""What a substitution is worth a year: EUR and tCO2e, low, middle and high, with what was assumed."""

from __future__ import annotations

from dataclasses import dataclass

from matching.candidates import Basis
from matching.catalogue.model import Catalogue, Factor
from matching.messages import N_, Message
from matching.model import Flow, Kind
from matching.parameters import MatchParameters
from matching.results import Estimate
from matching.units import unit_cost_per_canonical

TRANSPORT_COST_KEY = "c_rigid"
TRANSPORT_CO2_KEY = "t_rigid17"
LONG_HAUL_COST_KEY = "c_long_full"
LONG_HAUL_CO2_KEY = "t_artic33"
# Above this yearly tonnage a full articulated lorry is assumed, below a rigid one (own estimate).
FULL_LOADS_T_PER_YEAR = 500.0
# Declared figures are kept within this share, for the range shown (own estimate).
DECLARED_SPREAD = 0.15
# What a factor is given per, and the canonical unit it scales to.
FACTOR_UNITS = {"pallet": ("palette", 1.0), "kWh": ("MWh", 1000.0), "L": ("m3", 1000.0), "t DM": ("t", 1.0)}
PIPED_KINDS = frozenset({Kind.ENERGY, Kind.WATER})


@dataclass(frozen=True, slots=True)
class Worth:
    """Yearly worth of a synergy; None where nothing is known to reckon with."""

    eur: Estimate | None
    tco2e: Estimate | None
    assumptions: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class _Triple:
    low: float
    middle: float
    high: float

    def times(self, factor: float) -> _Triple:
        low, high = sorted((self.low * factor, self.high * factor))
        return _Triple(low, self.middle * factor, high)

    def plus(self, other: _Triple) -> _Triple:
        return _Triple(self.low + other.low, self.middle + other.middle, self.high + other.high)

    def minus(self, other: _Triple) -> _Triple:
        return _Triple(self.low - other.high, self.middle - other.middle, self.high - other.low)


ZERO = _Triple(0.0, 0.0, 0.0)


def substitution_worth(
    provider: Flow,
    receiver: Flow,
    basis: Basis,
    quantity: float | None,
    unit: str | None,
    distance_km: float | None,
    catalogue: Catalogue,
    parameters: MatchParameters,
) -> Worth:
    """Return the yearly worth of a substitution.

    NV = q·gate fee + q·σ·price of what is replaced - q·transport; ΔCO2 = q·σ·EF avoided - q·EF transport.
    Declared costs come before default factors. ``quantity`` is the matched one, in ``unit`` a year.
    """
    if quantity is None or unit is None:
        return Worth(None, None, (Message(N_("No figure without a quantity on both sides.")),))
    notes: list[Message] = []
    eur = _disposal(provider, basis, unit, catalogue, parameters, notes)
    price = _replaced_price(receiver, basis, unit, catalogue, parameters, notes)
    transport_eur, transport_co2 = _transport(
        provider, quantity, unit, distance_km, catalogue, parameters, notes
    )
    known = [part for part in (eur, price) if part is not None]
    money = None
    if known:
        total = known[0] if len(known) == 1 else known[0].plus(known[1])
        money = _estimate(total.minus(transport_eur).times(quantity), 0)
    avoided = _avoided_co2(basis, unit, catalogue, parameters, notes)
    carbon = None
    if avoided is not None:
        carbon = _estimate(avoided.minus(transport_co2).times(quantity / 1000), 1)
    return Worth(money, carbon, tuple(notes))


def _estimate(triple: _Triple, decimals: int) -> Estimate:
    return Estimate(*(round(value, decimals) + 0.0 for value in (triple.low, triple.middle, triple.high)))


def _declared(value: float) -> _Triple:
    return _Triple(value, value, value).plus(
        _Triple(-abs(value) * DECLARED_SPREAD, 0, abs(value) * DECLARED_SPREAD)
    )


def _factor(
    key: str, unit: str, catalogue: Catalogue, parameters: MatchParameters
) -> tuple[_Triple, Factor] | None:
    """Return a factor per ``unit``, or None when it speaks of another unit."""
    factor = catalogue.factors.get(key)
    if factor is None:
        return None
    denominator = factor.unit.partition("/")[2]
    per, scale = FACTOR_UNITS.get(denominator, (denominator, 1.0))
    if per != unit:
        return None
    if key in parameters.prices:
        own = parameters.prices[key]
        return _Triple(own, own, own).times(scale), factor
    return _Triple(factor.low, factor.value, factor.high).times(scale), factor


def _cite(factor: Factor) -> Message:
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


def _disposal(
    provider: Flow,
    basis: Basis,
    unit: str,
    catalogue: Catalogue,
    parameters: MatchParameters,
    notes: list[Message],
) -> _Triple | None:
    declared = unit_cost_per_canonical(provider)
    if declared is not None:
        notes.append(
            Message(
                N_("Cost declared by {site}: {value} EUR/{unit}."),
                {"site": provider.site.name, "value": declared, "unit": unit},
            )
        )
        return _declared(declared)
    rule = basis.link.rule
    found = (
        _factor(rule.gate_key, unit, catalogue, parameters) if rule is not None and rule.gate_key else None
    )
    if found is None:
        return None
    notes.append(_cite(found[1]))
    return found[0]


def _replaced_price(
    receiver: Flow,
    basis: Basis,
    unit: str,
    catalogue: Catalogue,
    parameters: MatchParameters,
    notes: list[Message],
) -> _Triple | None:
    rule = basis.link.rule
    share = rule.replaced_per_unit if rule is not None else 1.0
    declared = unit_cost_per_canonical(receiver)
    if declared is not None:
        notes.append(
            Message(
                N_("Price paid by {site}: {value} EUR/{unit}."),
                {"site": receiver.site.name, "value": declared, "unit": unit},
            )
        )
        return _declared(declared).times(share)
    found = (
        _factor(rule.price_key, unit, catalogue, parameters) if rule is not None and rule.price_key else None
    )
    if found is None:
        return None
    notes.append(_cite(found[1]))
    return found[0].times(share)


def _avoided_co2(
    basis: Basis, unit: str, catalogue: Catalogue, parameters: MatchParameters, notes: list[Message]
) -> _Triple | None:
    rule = basis.link.rule
    if rule is None or not rule.co2_key:
        return None
    found = _factor(rule.co2_key, unit, catalogue, parameters)
    if found is None:
        return None
    notes.append(_cite(found[1]))
    return found[0].times(rule.replaced_per_unit)


def _transport(
    provider: Flow,
    quantity: float,
    unit: str,
    distance_km: float | None,
    catalogue: Catalogue,
    parameters: MatchParameters,
    notes: list[Message],
) -> tuple[_Triple, _Triple]:
    """Return EUR and kgCO2e per unit moved; nothing for pipes and for what is not weighed."""
    if distance_km is None or unit != "t" or provider.kind in PIPED_KINDS:
        return ZERO, ZERO
    full = quantity >= FULL_LOADS_T_PER_YEAR
    cost = catalogue.factors[LONG_HAUL_COST_KEY if full else TRANSPORT_COST_KEY]
    carbon = catalogue.factors[LONG_HAUL_CO2_KEY if full else TRANSPORT_CO2_KEY]
    notes.extend((_cite(cost), _cite(carbon)))
    price = parameters.prices.get(cost.key)
    eur = _Triple(price, price, price) if price is not None else _Triple(cost.low, cost.value, cost.high)
    return eur.times(distance_km), _Triple(carbon.low, carbon.value, carbon.high).times(distance_km)
