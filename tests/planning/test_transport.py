"""Shared transport: lorries that save money to each load, and commuting that shows nobody's home."""

from __future__ import annotations

from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.model import Flow, Kind, Period, Quantity, Range
from matching.planning.plan import InfeasiblePlanError, Plan
from matching.planning.transport import Commuters, TransportParams, TransportProblem, Trip, plan
from matching.planning.transport_commuting import demand, plane_km
from matching.planning.transport_flows import load_of, problem_from_flows
from matching.planning.transport_routes import Routes, Shared, shared_sets
from tests.matching.builders import flow, positions, site

KM_PER_DEGREE = 111.195  # of a great circle on the mean sphere
PARAMS = TransportParams(eur_per_km=1.0, fixed_eur=0.0, stop_eur=0.0)


def shown(found: Plan) -> Any:
    """Return what the plan proposes, as plain data."""
    return found.plan


def at(km: float, aside: float = 0.0) -> tuple[float, float, float]:
    """Return the point so many road km along the equator, ``aside`` north of it (road is 1.3 x)."""
    lon, lat = np.radians(km / 1.3 / KM_PER_DEGREE), np.radians(aside / 1.3 / KM_PER_DEGREE)
    x, y, z = 6371.0088 * np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return float(x), float(y), float(z)


def trip(name: str, start: float, end: float, load: float = 11, **fields: Any) -> Trip:
    fields.setdefault("trips_per_week", 1.0)
    return Trip(name, f"load of {name}", at(start), at(end), load, **fields)


def lorries(found: Any) -> list[list[str]]:
    return [[member["site"] for member in lorry["members"]] for lorry in shown(found)["lorries"]]


def test_two_part_loads_ride_in_one_lorry() -> None:
    """Each pays 100 EUR today; one lorry drives 110 km in all: 90 EUR saved a trip, half for each."""
    of = TransportProblem((trip("A", 0, 100, today_eur=100.0), trip("B", 10, 110, today_eur=100.0)))
    found = plan(of, PARAMS)
    assert lorries(found) == [["A", "B"]]
    assert (found.objective, found.bound) == (90 * 52, 90 * 52)
    (lorry,) = shown(found)["lorries"]
    assert lorry["route_km"] == 110
    assert [m["pays_eur_per_trip"] for m in lorry["members"]] == [55, 55]
    assert [(s["action"], s["site"]) for s in lorry["stops"]] == [
        ("pick_up", "A"), ("pick_up", "B"), ("drop", "A"), ("drop", "B"),
    ]  # fmt: skip


def test_an_empty_return_takes_the_load_on_its_way() -> None:
    """The lorry drives its 100 km anyway: the load's 80 EUR are saved, each in proportion to what it pays."""
    of = TransportProblem(
        (trip("A", 10, 90, today_eur=80.0), trip("R", 0, 100, 33, empty_return=True, trips_per_week=3))
    )
    found = plan(of, PARAMS)
    (lorry,) = shown(found)["lorries"]
    assert (lorry["route_km"], lorry["trips_per_week"], found.objective) == (100, 1, 80 * 52)
    assert [m["role"] for m in lorry["members"]] == ["load", "lorry"]


def test_capacity_decides_who_shares_with_whom() -> None:
    """Three loads of 15 pallets fit two by two: the pair that saves most rides together."""
    trips = tuple(
        trip(n, s, 100 + s, 15, today_eur=t)
        for n, s, t in (("A", 0, 100.0), ("B", 2, 140.0), ("C", 4, 120.0))
    )
    found = plan(TransportProblem(trips), PARAMS)
    assert lorries(found) == [["B", "C"]]
    assert found.objective == pytest.approx((140 + 120 - 102) * 52)
    assert "partners save more" in str(found.unserved[0].why)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weekdays": frozenset({6})}, "on the same days"),
        ({"family": frozenset({"freight-adr"})}, "on the same days"),
        ({"load": 30.0}, "No two loads fit"),
    ],
)
def test_days_kind_and_room_keep_loads_apart(change: dict[str, Any], words: str) -> None:
    of = TransportProblem((trip("A", 0, 100), trip("B", 1, 100, **change)))
    with pytest.raises(InfeasiblePlanError, match=words):
        plan(of, PARAMS)


def test_a_detour_beyond_the_limit_is_not_proposed() -> None:
    trips = (trip("A", 0, 100, today_eur=500.0), trip("B", 40, 60, today_eur=500.0))
    assert lorries(plan(TransportProblem(trips), TransportParams(most_detour=0.5))) == [["A", "B"]]
    far = TransportProblem((trips[0], Trip("B", "b", at(50, 60), at(60, 60), 5, 1.0, today_eur=500.0)))
    with pytest.raises(InfeasiblePlanError, match="longer detours"):
        plan(far, TransportParams(most_detour=0.1))


def shortest(routes: Routes, members: tuple[int, ...]) -> float:
    """Return the shortest road of a set without returns, every order of pick-ups and drops tried."""
    best = np.inf
    for first in permutations(members):
        for second in permutations(members):
            km = routes.across[first[-1], second[0]]
            km += sum(routes.between_starts[a, b] for a, b in pairwise(first))
            km += sum(routes.between_ends[a, b] for a, b in pairwise(second))
            best = min(best, float(km))
    return best


def most(sets: list[Shared], taken: frozenset[int] = frozenset()) -> float:
    """Return the best total of disjoint sets, by trying all."""
    if not sets:
        return 0.0
    head, rest = sets[0], sets[1:]
    without = most(rest, taken)
    if taken & set(head.members):
        return without
    return max(without, head.yearly_eur + most(rest, taken | set(head.members)))


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_is_that_of_an_exhaustive_search_and_nobody_loses(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trips = tuple(
        Trip(
            f"S{i}",
            "x",
            at(float(rng.uniform(0, 40)), float(rng.uniform(0, 20))),
            at(float(rng.uniform(150, 190)), float(rng.uniform(0, 20))),
            float(rng.integers(4, 20)),
            float(rng.integers(1, 5)),
            weekdays=frozenset(rng.choice(range(1, 6), 4, replace=False).tolist()),
        )
        for i in range(5)
    )
    of, params = TransportProblem(trips), TransportParams(most_detour=10.0, most_members=3)
    routes = Routes(of, params)
    sets = shared_sets(routes)
    assert all(one.route_km == pytest.approx(shortest(routes, one.members), abs=0.06) for one in sets)
    found = plan(of, params)
    assert found.objective == pytest.approx(most(sets), abs=0.02)
    assert found.bound == pytest.approx(most(sets), abs=0.02)
    assert found == plan(of, params)
    for lorry in shown(found)["lorries"]:
        assert lorry["load"] <= params.capacity
        assert lorry["trips_per_week"] <= len(lorry["weekdays"])
        assert all(m["pays_eur_per_trip"] < m["today_eur_per_trip"] for m in lorry["members"])


people = st.lists(
    st.tuples(st.floats(-20, 20), st.floats(-20, 20), st.integers(1, 3), st.sampled_from(["W1", "W2"])),
    max_size=40,
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(people)
def test_no_square_shows_fewer_than_five_people(homes: list[tuple[float, float, int, str]]) -> None:
    works = {"W1": at(0), "W2": at(40)}
    found = demand([Commuters(w, works[w], at(x, y), n) for x, y, n, w in homes], TransportParams())
    assert all(cell.people >= 5 for cell in found.cells)
    assert sum(cell.people for cell in found.cells) <= sum(n for *_, n, _ in homes)


def test_a_square_grows_until_enough_people_share_it() -> None:
    """Four in one square of 1 km and one in the next: together in the square of 2 km, its centre shown."""
    west, north = plane_km(at(0))
    assert (round(west, 6), round(north, 6)) == (0.0, 0.0)
    homes = [at(0.3, 0.3)] * 4 + [at(3.0, 0.3)]
    found = demand([Commuters("W", at(30), home) for home in homes], TransportParams())
    (cell,) = found.cells
    assert (cell.people, cell.side_km) == (5, 2)
    assert demand([Commuters("W", at(30), home) for home in homes[:4]], TransportParams()).cells == ()


def test_a_shown_square_takes_its_people_out_of_the_larger_one() -> None:
    homes = [at(0.3, 0.3)] * 6 + [at(3.0, 0.3)] * 2
    found = demand([Commuters("W", at(30), home) for home in homes], TransportParams())
    assert [(cell.people, cell.side_km) for cell in found.cells] == [(6, 1)]
    assert found.hidden == (0,)


def test_fewer_than_five_people_are_never_shown_even_when_asked() -> None:
    with pytest.raises(InvalidParametersError, match="from 5 people on"):
        TransportParams(k_people=4)
    with pytest.raises(InfeasiblePlanError, match="Fewer than 5 people"):
        plan(TransportProblem(commuters=(Commuters("W", at(0), at(10), 4),)))


def test_trips_and_commuters_are_read_from_any_flow_table() -> None:
    def journey(name: str, km: float, label: str, amount: float, period: Period, **more: Any) -> Flow:
        quantity = Quantity(Range.of(amount), "trajet", period)
        return flow(
            site(name, km),
            more.pop("direction", "input"),
            label,
            kind=Kind.TRANSPORT,
            quantity=quantity,
            **more,
        )

    rows = [
        journey("A", 0, "Envoi de 12 palettes vers Lyon", 2, Period.WEEK, unit_cost_eur=Range.of(400)),
        journey("B", 2, "Retour à vide vers Lyon", 3, Period.WEEK, direction="output"),
        journey("C", 3, "Navette salariés depuis la gare", 60, Period.DAY),
    ]  # fmt: skip
    engine = default_engine()
    ends = positions([flow(site("L", 280), "input", "x")] * 3)
    ends[2] = np.nan
    columns, amounts = engine.columns(rows, positions(rows), ends)
    of = problem_from_flows(columns, engine.catalogue, amounts)
    assert [(t.site, t.load, t.trips_per_week, t.empty_return) for t in of.trips] == [
        ("A", 12, 2, False), ("B", 33, 3, True),
    ]  # fmt: skip
    found = plan(of)
    assert lorries(found) == [["A", "B"]]
    assert [(z["sites"], z["people"]) for z in shown(found)["from_unnamed_places"]] == [(["C"], 60)]
    assert load_of(rows[2]) is None
