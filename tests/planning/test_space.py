"""Shared space, equipment and parking: filters, capacities month by month, the best assignment."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.model import Flow, Kind, Range
from matching.planning.plan import InfeasiblePlanError, Plan
from matching.planning.space import Offer, Place, Request, SpaceParams, SpaceProblem, Why, plan
from matching.planning.space_filters import judge
from matching.planning.space_flows import lengths_of, load_of, problem_from_flows
from matching.planning.space_search import greedy
from tests.matching.builders import flow, positions, site

ROADLESS = SpaceParams(journeys=0)


def shown(found: Plan) -> Any:
    """Return what the plan proposes, as plain data."""
    return found.plan


def place(name: str, **fields: Any) -> Place:
    return Place(name, name.lower(), **fields)


def request(
    name: str, amount: float, budget: float | None = 100.0, spread: bool = False, **fields: Any
) -> Request:
    return Request(place(name, **fields), amount, spread, budget)


def offer(name: str, capacity: float, price: float | None = 50.0, **fields: Any) -> Offer:
    return Offer(place(name, **fields), capacity, price)


def problem(requests: list[Request], offers: list[Offer], km: float = 1.0, **fields: Any) -> SpaceProblem:
    shape = (len(requests), len(offers))
    return SpaceProblem(
        kind=fields.get("kind", "space"),
        unit=fields.get("unit", "m2"),
        requests=tuple(requests),
        offers=tuple(offers),
        distance_km=np.full(shape, km),
        refused=np.zeros(shape, dtype=np.int8),
    )


def served(found: Any) -> list[tuple[str, str]]:
    return [(a["site"], a["offer_site"]) for a in shown(found)["assignments"]]


SPRING, AUTUMN = frozenset({3, 4, 5}), frozenset({9, 10, 11})


def test_two_requests_share_one_offer_in_disjoint_months() -> None:
    """Each saves (100 - 50) x 80 m2 for a quarter of a year."""
    of = problem([request("A", 80, months=SPRING), request("B", 80, months=AUTUMN)], [offer("X", 100)])
    found = plan(of, ROADLESS)
    assert served(found) == [("A", "X"), ("B", "X")]
    assert (found.objective, found.bound, shown(found)["saving_eur_per_year"]) == (2000.0, 2000.0, 2000.0)


def test_requests_share_one_offer_by_its_capacity_and_the_better_ones_win() -> None:
    """60 + 40 m2 fill 100; the 70 m2 that pay less per m2 stay out although one of them is larger."""
    of = problem([request("A", 60), request("B", 40), request("C", 70, 60.0)], [offer("X", 100)])
    found = plan(of, ROADLESS)
    assert served(found) == [("A", "X"), ("B", "X")]
    assert found.objective == 5000.0
    assert "X would suit" in str(found.unserved[0].why)


def test_a_machine_gives_its_days_to_several_within_each_month() -> None:
    """Two days a month: A's four days take March and April, so B goes to May."""
    of = problem(
        [
            request("A", 4, 200.0, True, months=frozenset({3, 4})),
            request("B", 2, 200.0, True, months=frozenset({4, 5})),
        ],
        [offer("X", 2, 100.0)],
        kind="equipment",
        unit="jour",
    )
    found = plan(of, ROADLESS)
    assert [a["months"] for a in shown(found)["assignments"]] == [{3: 2.0, 4: 2.0}, {5: 2.0}]
    assert found.objective == 600.0


def test_a_large_request_may_be_spread_over_two_offers() -> None:
    of = problem([request("A", 100)], [offer("X", 70), offer("Y", 50)])
    with pytest.raises(InfeasiblePlanError, match="several offers"):
        plan(of, ROADLESS)
    found = plan(of, SpaceParams(parts=2, journeys=0))
    assert found.objective == pytest.approx(5000, abs=0.1)
    assert sum(a["amount"] for a in shown(found)["assignments"]) == 100


@pytest.mark.parametrize(
    ("need", "has", "why"),
    [
        ({"risk_zone": False}, {"risk_zone": True}, Why.RISK),
        ({"risk_zone": False}, {"risk_zone": None}, Why.NONE),
        ({"risk_zone": None}, {"risk_zone": True}, Why.NONE),
        ({"temperature_c": (2, 8)}, {"temperature_c": (4, 4)}, Why.NONE),
        ({"temperature_c": (2, 8)}, {"temperature_c": (15, 20)}, Why.TEMPERATURE),
        ({"temperature_c": (-18, -18)}, {"temperature_c": (-22, -20)}, Why.NONE),
        ({"temperature_c": (-18, -18)}, {"temperature_c": (2, 4)}, Why.TEMPERATURE),
        ({"load": 5.0}, {"load": 3.0}, Why.LOAD),
        ({"load": 3.0}, {"load": 5.0}, Why.NONE),
        ({"dimensions_m": (2.0, 6.0)}, {"dimensions_m": (6.5, 2.5)}, Why.NONE),
        ({"dimensions_m": (2.0, 6.0)}, {"dimensions_m": (5.0, 5.0)}, Why.DIMENSIONS),
        ({"weekdays": frozenset({5})}, {"weekdays": frozenset({1, 2})}, Why.DAYS),
        ({"months": SPRING}, {"months": AUTUMN}, Why.SEASON),
        ({"months": SPRING}, {"months": frozenset({3, 4})}, Why.SEASON),
    ],
)
def test_a_filter_refuses_what_cannot_serve(need: dict[str, Any], has: dict[str, Any], why: Why) -> None:
    of = problem([request("A", 10, **need)], [offer("X", 10, **has)])
    assert judge(of, ROADLESS).why[0, 0] == why
    if why:
        with pytest.raises(InfeasiblePlanError):
            plan(of, ROADLESS)


def test_nobody_pays_more_than_today_road_included() -> None:
    assert judge(problem([request("A", 10, 60.0)], [offer("X", 10, 70.0)]), ROADLESS).why[0, 0] == Why.PRICE
    near = problem([request("A", 10, 60.0)], [offer("X", 10, 50.0)], km=2)
    params = SpaceParams(journeys=26)  # 26 x 2 x 2 km x 0.75 EUR = 78 EUR of road against 100 EUR saved
    assert shown(plan(near, params))["saving_eur_per_year"] == 22.0
    assert (
        judge(problem([request("A", 10, 60.0)], [offer("X", 10, 50.0)], km=3), params).why[0, 0] == Why.PRICE
    )


def test_a_condition_not_answered_is_asked() -> None:
    found = plan(problem([request("A", 10, risk_zone=False)], [offer("X", 10)]), ROADLESS)
    assert "X: in a zone of risk (PPRT, flood)?" in [str(m) for m in shown(found)["missing"]]
    assert [w.code for w in found.warnings] == ["to_check"]


def brute(of: SpaceProblem, params: SpaceParams) -> float:
    pairs = judge(of, params)
    choices = [[None, *np.flatnonzero(row == 0).tolist()] for row in pairs.why]
    best = 0.0
    for chosen in product(*choices):
        load = np.zeros((len(of.offers), 12))
        for r, o in enumerate(chosen):
            if o is not None:
                load[o, [m - 1 for m in of.requests[r].place.months]] += of.requests[r].amount
        room = np.array([[x.in_month(m) for m in range(1, 13)] for x in of.offers])
        if (load <= room + 1e-9).all():
            best = max(best, sum(pairs.surplus_eur[r, o] for r, o in enumerate(chosen) if o is not None))
    return best


@pytest.mark.parametrize("seed", range(25))
def test_the_assignment_is_that_of_an_exhaustive_search(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def months() -> frozenset[int]:
        first, length = int(rng.integers(1, 13)), int(rng.integers(1, 13))
        return frozenset((first + i - 1) % 12 + 1 for i in range(length))

    requests = [
        request(f"R{i}", float(rng.integers(10, 80)), float(rng.integers(30, 120)), months=months())
        for i in range(int(rng.integers(1, 6)))
    ]
    offers = [
        offer(f"O{i}", float(rng.integers(20, 150)), float(rng.integers(20, 90)), months=months() | months())
        for i in range(int(rng.integers(1, 4)))
    ]
    of = problem(requests, offers, km=float(rng.integers(0, 5)))
    best = brute(of, SpaceParams())
    if not (judge(of, SpaceParams()).why == 0).any():
        with pytest.raises(InfeasiblePlanError):
            plan(of)
        return
    found = plan(of)
    assert found.objective == pytest.approx(best, abs=0.01)
    assert found.bound == pytest.approx(best, abs=0.01)
    assert found == plan(of)
    for shared in shown(found)["offers"]:
        assert min(shared["free_by_month"].values(), default=0) >= 0
    assert all(a["saving_eur_per_year"] >= 0 for a in shown(found)["assignments"])


def test_when_time_runs_out_requests_are_served_one_by_one() -> None:
    rng = np.random.default_rng(3)
    of = problem(
        [request(f"R{i}", float(rng.integers(20, 400)), float(rng.integers(60, 120))) for i in range(60)],
        [offer(f"O{i}", float(rng.integers(100, 900)), 50.0) for i in range(20)],
    )
    pairs = judge(of, ROADLESS)
    first = greedy(of, pairs)
    load = np.zeros(20)
    for one in first:
        load[one.offer] += one.amount
    assert (load <= [x.capacity for x in of.offers]).all()
    least = sum(float(pairs.surplus_eur[one.request, one.offer]) for one in first)
    found = plan(of, SpaceParams(journeys=0, work_limit=0.01))
    assert found.objective is not None
    assert found.objective >= least - 0.01
    assert found.bound is None or found.bound >= found.objective


def test_loads_and_lengths_are_read_in_words() -> None:
    assert load_of(flow(site("A"), "input", "Grue mobile 60 t", kind=Kind.EQUIPMENT)) == 60
    assert load_of(flow(site("A"), "output", "Halle", kind=Kind.SPACE, comment="sol 2,5 t/m²")) == 2.5
    assert load_of(flow(site("A"), "output", "20 terrasses", kind=Kind.SPACE)) is None
    assert lengths_of("12 x 3,5 x 4 m") == (12, 3.5, 4)
    assert lengths_of("1200 x 800 mm") == (1.2, 0.8)


def test_requests_and_offers_are_read_from_any_flow_table() -> None:
    def room(name: str, km: float, direction: str, label: str, amount: float, **more: Any) -> Flow:
        return flow(site(name, km), direction, label, amount, "m2", kind=Kind.SPACE, **more)

    rows = [
        room("A", 0, "input", "Stockage sec hors PPRT", 300, unit_cost_eur=Range.of(90)),
        room("B", 1, "output", "Entrepôt en zone Seveso", 500, unit_cost_eur=Range.of(-40)),
        room("C", 1, "output", "Entrepôt sec", 500, unit_cost_eur=Range.of(-60)),
        room("D", 300, "output", "Entrepôt sec", 500),
        flow(site("E"), "input", "Places de parking voitures", 10, "unité", kind=Kind.SPACE),
        flow(site("F", 0.5), "output", "Parking voitures", 30, "unité", kind=Kind.SPACE),
    ]
    engine = default_engine()
    columns, amounts = engine.columns(rows, positions(rows))
    parking, space = problem_from_flows(columns, engine.catalogue, amounts)
    assert (parking.kind, space.kind) == ("parking", "space")
    assert served(plan(space)) == [("A", "C")]
    assert served(plan(parking)) == [("E", "F")]
    with pytest.raises(InvalidParametersError):
        problem_from_flows(columns, engine.catalogue, amounts, kind="rooms")
