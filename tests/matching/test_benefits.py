"""Worth reckoned by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.benefits import Exchange, Worth, substitution_worth
from matching.catalogue.loader import load_catalogue
from matching.catalogue.model import Catalogue, Factor, Rule
from matching.messages import LocalName
from matching.model import Kind, Range
from matching.parameters import MatchParameters
from matching.results import SynergyKind
from tests.matching.builders import flow, site
from tests.matching.territories import match

PROVIDER = flow(site("A"), "output", "coproduit", 100)
RECEIVER = flow(site("B", 2), "input", "matière", 100)


def factor(key: str, low: float, value: float, high: float, unit: str) -> Factor:
    return Factor(key, "", LocalName(key, key), value, unit, low, high, "2026", "own", "E")


FACTORS = {
    f.key: f
    for f in (
        factor("gate", 40, 75, 130, "EUR/t"),
        factor("price", 300, 400, 550, "EUR/t"),
        factor("avoided", 200, 400, 700, "kgCO2e/t"),
        factor("per_kwh", 0.1, 0.2, 0.3, "kgCO2e/kWh"),
        factor("c_rigid", 0.2, 0.3, 0.5, "EUR/t.km"),
        factor("t_rigid17", 0.2, 0.2, 0.2, "kgCO2e/t.km"),
        factor("c_long_full", 0.06, 0.075, 0.09, "EUR/t.km"),
        factor("t_artic33", 0.1, 0.1, 0.1, "kgCO2e/t.km"),
    )
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return replace(load_catalogue(), factors=FACTORS)


def rule(**fields: Any) -> Rule:
    keys: dict[str, Any] = {
        "gate_key": "gate",
        "price_key": "price",
        "co2_key": "avoided",
        "replaced_per_unit": 0.5,
    } | fields
    return replace(load_catalogue().rules[0], **keys)


def worth(catalogue: Catalogue, prices: dict[str, float] | None = None, **fields: Any) -> Worth:
    usual: dict[str, Any] = {
        "provider": PROVIDER,
        "receiver": RECEIVER,
        "rule": rule(),
        "quantity": 100.0,
        "unit": "t",
        "distance_km": 10.0,
        "provider_cost": None,
        "receiver_cost": None,
    }
    return substitution_worth(Exchange(**(usual | fields)), catalogue, MatchParameters(prices=prices or {}))


def test_default_figures_by_hand(catalogue: Catalogue) -> None:
    """100 t × (75 + 0.5 × 400 - 10 km × 0.3) EUR, and 100 t × (0.5 × 400 - 10 × 0.2) kg."""
    found = worth(catalogue)
    assert found.eur is not None
    assert found.tco2e is not None
    assert found.eur.middle == 100 * (75 + 0.5 * 400 - 3)
    assert found.eur.low == 100 * (40 + 0.5 * 300 - 5)
    assert found.eur.high == 100 * (130 + 0.5 * 550 - 2)
    assert found.tco2e.middle == pytest.approx(100 * (0.5 * 400 - 2) / 1000)
    assert (found.tco2e.low, found.tco2e.high) == pytest.approx((9.8, 34.8))


def test_declared_costs_come_before_default_figures(catalogue: Catalogue) -> None:
    found = worth(catalogue, provider_cost=60.0, receiver_cost=200.0)
    assert found.eur is not None
    assert found.eur.middle == 100 * (60 + 0.5 * 200 - 3)
    assert found.eur.low == pytest.approx(100 * (60 * 0.85 + 0.5 * 200 * 0.85 - 5))
    said = [str(note) for note in found.assumptions]
    assert "Cost declared by A: 60 EUR/t." in said
    assert "Price paid by B: 200 EUR/t." in said


def test_what_is_sold_today_is_a_loss_set_against_the_price_it_replaces(catalogue: Catalogue) -> None:
    found = worth(catalogue, rule=None, provider_cost=-20.0, receiver_cost=50.0, distance_km=None)
    assert found.eur is not None
    assert found.eur.middle == 100 * (50 - 20)


def test_what_is_sold_today_has_no_worth_until_the_replaced_price_is_known(catalogue: Catalogue) -> None:
    found = worth(catalogue, rule=None, provider_cost=-20.0, distance_km=None)
    assert found.eur is None
    assert found.assumptions == ()


def test_a_receiver_paid_to_take_adds_nothing_to_the_pair(catalogue: Catalogue) -> None:
    found = worth(catalogue, rule=None, provider_cost=60.0, receiver_cost=-30.0, distance_km=None)
    assert found.eur is not None
    assert found.eur.middle == 100 * 60


def test_full_loads_go_by_a_cheaper_lorry(catalogue: Catalogue) -> None:
    found = worth(catalogue, quantity=500.0)
    assert found.eur is not None
    assert found.eur.middle == 500 * (75 + 200 - 0.75)


@pytest.mark.parametrize("kind", [Kind.ENERGY, Kind.WATER])
def test_what_goes_by_pipe_pays_no_lorry(catalogue: Catalogue, kind: Kind) -> None:
    found = worth(catalogue, provider=replace(PROVIDER, kind=kind))
    assert found.eur is not None
    assert found.eur.middle == 100 * (75 + 200)


def test_a_factor_per_kwh_counts_a_thousand_times_a_mwh(catalogue: Catalogue) -> None:
    found = worth(catalogue, rule=rule(co2_key="per_kwh", replaced_per_unit=1.0), unit="MWh")
    assert found.tco2e is not None
    assert found.tco2e.middle == pytest.approx(100 * 0.2)
    assert found.eur is None


def test_a_territorys_own_price_replaces_and_is_cited_in_place_of_the_catalogues(
    catalogue: Catalogue,
) -> None:
    found = worth(catalogue, prices={"price": 1000.0, "c_rigid": 0.0})
    assert found.eur is not None
    assert found.eur.middle == 100 * (75 + 500)
    said = [str(note) for note in found.assumptions]
    assert "price: 1,000 EUR/t (set by the territory)" in said
    assert not any(text.startswith("price: 400") for text in said)


def test_no_figure_without_a_quantity(catalogue: Catalogue) -> None:
    found = worth(catalogue, quantity=None, unit=None)
    assert (found.eur, found.tco2e) == (None, None)
    assert len(found.assumptions) == 1


def test_no_figure_and_no_assumption_where_nothing_is_known(catalogue: Catalogue) -> None:
    assert worth(catalogue, rule=None) == Worth(None, None, ())


costs = st.one_of(st.none(), st.floats(-500, 500))


@given(
    costs,
    costs,
    st.floats(0.1, 5000),
    st.floats(0, 500),
    st.sampled_from(load_catalogue().rules),
    st.sampled_from("tm"),
)
def test_low_middle_and_high_never_cross(
    provider_cost: float | None,
    receiver_cost: float | None,
    quantity: float,
    km: float,
    chosen: Rule,
    unit: str,
) -> None:
    exchange = Exchange(
        provider=PROVIDER,
        receiver=RECEIVER,
        rule=chosen,
        quantity=quantity,
        unit={"t": "t", "m": "m3"}[unit],
        distance_km=km,
        provider_cost=provider_cost,
        receiver_cost=receiver_cost,
    )
    found = substitution_worth(exchange, load_catalogue(), MatchParameters())
    for estimate in (found.eur, found.tco2e):
        assert estimate is None or estimate.low <= estimate.middle <= estimate.high


def test_a_cost_per_cubic_metre_is_reckoned_per_tonne_exchanged() -> None:
    """Used cooking oil is compared in tonnes: 10 m3 at 92 EUR/m3 weigh 9.2 t at 100 EUR/t."""
    rows = [
        flow(site("A"), "output", "huile", 10, "m3", resource="used-cooking-oil", unit_cost_eur=Range.of(92)),
        flow(site("B", 2), "input", "huile", 9.2, "t", resource="used-cooking-oil"),
    ]
    (found,) = [s for s in match(rows).synergies if s.kind is SynergyKind.SUBSTITUTION]
    assert (found.quantity_per_year, found.unit) == (9.2, "t")
    assert "Cost declared by A: 100 EUR/t." in [str(note) for note in found.assumptions]


def test_every_figure_a_rule_uses_is_in_euros_or_kilograms() -> None:
    catalogue = load_catalogue()
    for one in catalogue.rules:
        for key, start in ((one.co2_key, "kgCO2e/"), (one.price_key, "EUR/"), (one.gate_key, "EUR/")):
            assert not key or catalogue.factors[key].unit.startswith(start), one.rule_id
