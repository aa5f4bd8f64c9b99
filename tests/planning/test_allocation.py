"""Allocations worked by hand, against brute force, and what no plan may break."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest

from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.model import Range
from matching.planning.allocation import (
    AllocationParams,
    AllocationProblem,
    FlowEnd,
    plan,
    problem_from_flows,
)
from matching.planning.allocation.instance import Instance, instance_of
from matching.planning.allocation.mixed import linear
from matching.planning.allocation.search import search
from matching.planning.allocation.solve import solve
from matching.planning.plan import InfeasiblePlanError, Plan
from tests.matching.builders import flow, positions, site


def problem(
    supply: list[float], need: list[float], arcs: Sequence[tuple[int, int, float]], **columns: Any
) -> Any:
    """Return a problem from (output, input, EUR a unit) arcs."""
    ends = columns.pop("inputs", None) or tuple(FlowEnd(f"in {j}", "x", q) for j, q in enumerate(need))
    return AllocationProblem(
        outputs=tuple(FlowEnd(f"out {i}", "x", q) for i, q in enumerate(supply)),
        inputs=ends,
        output=np.array([a[0] for a in arcs], dtype=np.int64),
        input=np.array([a[1] for a in arcs], dtype=np.int64),
        eur_per_unit=np.array([a[2] for a in arcs], dtype=float),
        **columns,
    )


def quantities(found: Plan) -> dict[tuple[str, str], float]:
    links = found.plan["links"]
    assert isinstance(links, list)
    return {(link["provider"], link["receiver"]): link["quantity_per_year"] for link in links}


def test_the_best_arc_first_is_not_the_best_total() -> None:
    found = plan(problem([10, 10], [10, 10], [(0, 0, 10), (0, 1, 9), (1, 0, 8)]))
    # Greedy: 10·10 and nothing for the others; best: 9·10 + 8·10.
    assert (found.objective, found.bound, found.gap) == (170, 170, 0)
    greedy = found.plan["greedy"]
    assert isinstance(greedy, dict)
    assert greedy["eur"] == 100
    assert greedy["gain"] == pytest.approx(0.7)
    assert quantities(found) == {("out 0", "in 1"): 10, ("out 1", "in 0"): 10}


def test_an_output_is_split_over_inputs_with_capacities() -> None:
    found = plan(problem([100], [30, 50, 40], [(0, 0, 3), (0, 1, 2), (0, 2, 1)], at_most=[30, 45, 40]))
    assert found.objective == 3 * 30 + 2 * 45 + 1 * 25
    assert quantities(found) == {("out 0", "in 0"): 30, ("out 0", "in 1"): 45, ("out 0", "in 2"): 25}


def test_units_that_differ_are_converted() -> None:
    # Half a unit replaced a unit sent: 40 units cover the need of 20, the rest goes elsewhere.
    arcs = [(0, 0, 4), (0, 1, 1)]
    found = plan(problem([50], [20, 100], arcs, replaced_per_unit=[0.5, 2.0]))
    assert found.objective == 4 * 40 + 1 * 10
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_units_that_no_network_represents_are_solved_exactly() -> None:
    arcs = [(0, 0, 3), (0, 1, 2), (1, 0, 2), (1, 1, 3)]
    found = plan(problem([10, 10], [10, 10], arcs, replaced_per_unit=[1, 1, 1, 0.5]))
    # Each output to its own input; the second covers only half of it, all worth 3.
    assert found.objective == pytest.approx(60)
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_a_fixed_cost_is_paid_once_a_link_so_that_few_links_open() -> None:
    arcs = [(0, 0, 10), (1, 0, 11), (1, 1, 10)]
    found = plan(problem([10, 10], [10, 10], arcs, fixed_eur=[30, 30, 30]))
    # 10·10 - 30 twice; the dearest arc would leave the first output alone: 110 - 30.
    assert found.objective == pytest.approx(140)
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_a_fixed_cost_that_no_quantity_earns_closes_the_link() -> None:
    found = plan(problem([10], [10], [(0, 0, 1)], fixed_eur=[11]))
    assert (found.objective, found.bound) == (0, 0)
    assert [u.name for u in found.unserved] == ["out 0: x", "in 0: x"]


def test_a_minimum_lot_is_met_or_nothing_goes() -> None:
    # 12 t to share between two takers of at least 8 t: one only, the better.
    found = plan(problem([12], [9, 12], [(0, 0, 10), (0, 1, 7)], at_least=[8, 8]))
    assert found.objective == 9 * 10
    assert quantities(found) == {("out 0", "in 0"): 9}


def test_donors_add_up_to_an_input_s_minimum() -> None:
    ends = (FlowEnd("plant", "waste", 100, at_least=50), FlowEnd("farm", "waste", 100))
    arcs = [(0, 0, 5), (1, 0, 5), (0, 1, 1), (1, 1, 1)]
    assert plan(problem([30, 30], [], arcs, inputs=ends)).objective == pytest.approx(300)
    assert plan(problem([30, 15], [], arcs, inputs=ends)).objective == pytest.approx(45)


def test_an_opening_is_paid_by_what_the_input_earns() -> None:
    def ends(cost: float) -> tuple[FlowEnd, ...]:
        return (FlowEnd("plant", "waste", 100, opening_eur=cost),)

    arcs = [(0, 0, 5.0), (1, 0, 3.0)]
    assert plan(problem([10, 10], [], arcs, inputs=ends(70))).objective == pytest.approx(10)
    assert plan(problem([10, 10], [], arcs, inputs=ends(90))).objective == 0


def test_links_that_lose_money_are_left_out_whatever_co2_they_avoid() -> None:
    arcs = [(0, 0, -1), (0, 1, 1)]
    found = plan(problem([10], [10, 10], arcs, tco2e_per_unit=[9, 2]), AllocationParams(objective="tco2e"))
    assert found.objective == 20
    assert found.unit == "tCO2e"


def test_a_fixed_cost_sets_the_least_a_link_carries_for_carbon_too() -> None:
    arcs = [(0, 0, 2)]
    chosen = AllocationParams(objective="tco2e")
    few = plan(problem([10], [10], arcs, tco2e_per_unit=[1], fixed_eur=[21]), chosen)
    many = plan(problem([10], [10], arcs, tco2e_per_unit=[1], fixed_eur=[19]), chosen)
    assert (few.objective, many.objective) == (0, 10)


def test_the_price_proposed_leaves_both_sides_a_gain() -> None:
    # 60 EUR/t of disposal avoided, 20 of price replaced, 10 of transport.
    columns = {"disposal_eur_per_unit": [60.0], "transport_eur_per_unit": [10.0]}
    found = plan(problem([10], [10], [(0, 0, 70)], **columns))
    links = found.plan["links"]
    assert isinstance(links, list)
    price = links[0]["price_eur_per_unit"]
    assert 60 + price == pytest.approx(35)
    assert 20 - 10 - price == pytest.approx(35)
    assert links[0]["provider_eur"] == links[0]["receiver_eur"] == 350


def random_problem(seed: int, *, hard: bool, ratios: bool = False) -> AllocationProblem:
    dice = np.random.default_rng(seed)
    n, k, m = 3, 3, 6
    cells = dice.permutation(n * k)[:m]
    arcs = [(int(c) // k, int(c) % k, float(dice.integers(1, 20))) for c in cells]
    inputs = tuple(
        FlowEnd(
            f"in {j}",
            "x",
            float(dice.integers(1, 9)),
            at_least=float(dice.integers(0, 4)) if hard else 0.0,
            opening_eur=float(dice.integers(0, 20)) if hard else 0.0,
        )
        for j in range(k)
    )
    found: AllocationProblem = problem(
        [float(q) for q in dice.integers(1, 9, n)],
        [],
        arcs,
        inputs=inputs,
        at_least=dice.integers(0, 4, m).astype(float) if hard else None,
        fixed_eur=dice.integers(0, 25, m).astype(float) if hard else None,
        replaced_per_unit=dice.choice([0.5, 1.0, 2.0], m) if ratios else None,
        tco2e_per_unit=dice.integers(0, 5, m).astype(float),
    )
    return found


def best_by_hand(instance: Instance) -> float:
    """Return the best total over every set of open links, each filled by a linear programme."""
    best = 0.0
    for chosen in product((False, True), repeat=len(instance)):
        rows = np.flatnonzero(chosen)
        if not len(rows):
            continue
        value = _filled(instance.part(rows))
        best = max(best, value)
    return best


def _filled(part: Instance) -> float:
    from scipy.optimize import linprog

    m, n, k = len(part), len(part.supply), len(part.need)
    sends, gets = np.zeros((n, m)), np.zeros((k, m))
    sends[part.output, np.arange(m)] = 1
    gets[part.input, np.arange(m)] = part.ratio
    earns = np.zeros((k, m))
    earns[part.input, np.arange(m)] = part.money
    owed = part.opening_eur + np.bincount(part.input, weights=part.fixed_eur, minlength=k)
    paid = np.where(part.opening_eur > 0, 1.0, 0.0)
    matrix = np.vstack([sends, gets, -gets, -earns * paid[:, None]])
    limit = np.concatenate([part.supply, part.need, -part.need_least, -owed * paid])
    bounds = list(zip(part.least, part.most, strict=True))
    found = linprog(-part.worth, A_ub=matrix, b_ub=limit, bounds=bounds)
    return -found.fun - part.fixed.sum() - part.opening.sum() if found.status == 0 else 0.0


@pytest.mark.parametrize("objective", ["eur", "tco2e"])
@pytest.mark.parametrize("ratios", [False, True])
def test_small_instances_equal_brute_force(objective: str, ratios: bool) -> None:
    for seed in range(12):
        given = random_problem(seed, hard=True, ratios=ratios)
        instance = instance_of(given, objective)
        found = plan(given, AllocationParams(objective=objective))
        assert found.objective == pytest.approx(best_by_hand(instance), abs=1e-5), seed
        assert found.gap == pytest.approx(0, abs=1e-5)


def test_flows_equal_the_linear_programme_and_stay_within_capacities() -> None:
    for seed in range(30):
        instance = instance_of(random_problem(seed, hard=False), "eur")
        answer = solve(instance, AllocationParams(), 5.0)
        other = linear(instance, instance.worth, 5.0)
        assert other is not None
        assert instance.value(answer.x) == pytest.approx(instance.value(other.x))
        assert answer.bound == pytest.approx(instance.value(answer.x))
        assert instance.feasible(answer.x)


def large(seed: int, arcs: int = 4000) -> AllocationProblem:
    dice = np.random.default_rng(seed)
    ends = arcs // 40
    pairs = zip(dice.integers(0, ends, arcs), dice.integers(0, ends, arcs), strict=True)
    inputs = [
        FlowEnd(f"in {j}", "x", float(dice.integers(10, 900)), at_least=20.0, opening_eur=500.0)
        for j in range(ends)
    ]
    found: AllocationProblem = problem(
        [float(q) for q in dice.integers(10, 900, ends)],
        [],
        [(int(o), int(i), float(dice.uniform(1, 90))) for o, i in pairs],
        inputs=tuple(inputs),
        fixed_eur=np.full(arcs, 300.0),
        at_least=np.full(arcs, 10.0),
    )
    return found


def test_a_large_instance_is_near_its_bound_feasible_above_greedy_and_the_same_again() -> None:
    for seed in range(2):
        given = large(seed)
        instance = instance_of(given, "eur")
        answer, again = (solve(instance, AllocationParams(), 60.0) for _ in range(2))
        value, greedy = instance.value(answer.x), instance.value(answer.greedy)
        assert instance.feasible(answer.x)
        assert instance.feasible(answer.greedy)
        assert greedy < value <= answer.bound <= 1.03 * value
        assert (answer.x == again.x).all()


def test_the_search_keeps_its_start_when_no_time_is_left() -> None:
    instance = instance_of(large(0), "eur")
    start = np.zeros(len(instance))
    found, late = search(instance, start, iterations=50, time_limit_s=0.01)
    assert late
    assert instance.value(found.x) >= 0
    assert found.bound >= instance.value(found.x)


def test_no_member_is_worse_off() -> None:
    for seed in range(6):
        found = plan(random_problem(seed, hard=True))
        members, links = found.plan["members"], found.plan["links"]
        assert isinstance(members, list)
        assert isinstance(links, list)
        assert all(member["eur"] >= 0 for member in members)
        assert all(link["provider_eur"] >= 0 and link["receiver_eur"] >= 0 for link in links)
        total = sum(member["eur"] for member in members)
        assert total == pytest.approx(found.objective, abs=1e-4)


def test_a_problem_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(InvalidParametersError, match="not there"):
        problem([1], [1], [(0, 1, 1)])
    with pytest.raises(InvalidParametersError, match="zero or more"):
        problem([-1], [1], [(0, 0, 1)])
    with pytest.raises(InvalidParametersError, match="more than zero"):
        problem([1], [1], [(0, 0, 1)], replaced_per_unit=[0])
    with pytest.raises(InvalidParametersError, match="one value a link"):
        problem([1], [1], [(0, 0, 1)], at_most=[1, 2])
    with pytest.raises(InvalidParametersError, match="Unknown objective"):
        AllocationParams(objective="jobs")


def test_a_territory_is_shared_out_by_what_each_link_is_worth() -> None:
    engine, label = default_engine(), "Palettes Europe d'occasion"
    flows = [
        flow(site("Menuiserie"), "output", label, 600, "palette"),
        flow(
            site("Négoce", 1),
            "input",
            label,
            400,
            "palette",
            unit_cost_eur=Range.of(6),
        ),
        flow(site("Usine", 2), "input", label, 400, "palette", unit_cost_eur=Range.of(6)),
    ]
    columns, amounts = engine.columns(flows, positions(flows))
    given = problem_from_flows(columns, engine.catalogue, amounts)
    found = plan(given)
    totals = found.plan["totals"]
    assert isinstance(totals, dict)
    assert totals["quantities"] == {"palette": 600}
    # The price of 6 EUR a pallet is saved 600 times; transport by the pallet is not known.
    assert found.objective == pytest.approx(3600)
    assert found.gap == pytest.approx(0, abs=1e-9)


def test_the_rates_give_the_engine_s_worth() -> None:
    engine = default_engine()
    flows = [
        flow(site("Scierie"), "output", "Sciure de bois non traité", 300, "t"),
        flow(site("Panneaux", 12), "input", "Sciure de bois non traité", 300, "t"),
    ]
    (synergy,) = [
        s for s in engine.match(flows, positions(flows)).synergies if s.kind.value == "substitution"
    ]
    columns, amounts = engine.columns(flows, positions(flows))
    given = problem_from_flows(columns, engine.catalogue, amounts)
    for name, ranges, known in (
        ("eur_per_unit", given.eur_range, synergy.saving_eur),
        ("tco2e_per_unit", given.tco2e_range, synergy.saving_tco2e),
    ):
        assert ranges is not None
        if known is None:
            assert np.isnan(given.column(name)).all()
            continue
        told = [known.low, known.middle, known.high]
        worth = [ranges[0, 0], given.column(name)[0], ranges[0, 1]]
        assert [300 * value for value in worth] == pytest.approx(told, abs=1)


def test_a_table_where_nothing_fits_says_so() -> None:
    engine = default_engine()
    flows = [flow(site("A"), "output", "Palettes Europe", 10, "palette")]
    columns, amounts = engine.columns(flows, positions(flows))
    with pytest.raises(InfeasiblePlanError, match="widen the reach"):
        problem_from_flows(columns, engine.catalogue, amounts)
    with pytest.raises(InvalidParametersError, match="not a resource"):
        problem_from_flows(columns, engine.catalogue, amounts, resource="unobtainium")
