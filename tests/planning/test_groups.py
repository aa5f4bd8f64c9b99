"""Groups: the best one, its alternatives, who stays out, and what a newcomer changes."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.messages import LocalName
from matching.model import Flow, Kind, Range
from matching.planning.groups import (
    Candidate,
    GroupParams,
    GroupProblem,
    Obstacle,
    assess,
    best_groups,
    grown_by,
    plan,
    plan_all,
)
from matching.planning.groups_flows import problem_from_flows
from matching.planning.groups_search import value
from matching.planning.plan import InfeasiblePlanError, OversizedPlanError, Plan
from tests.matching.builders import flow, positions, site

NAME = LocalName("cartons", "cardboard")


def shown(found: Plan) -> Any:
    """Return what the plan proposes, as plain data."""
    return found.plan


def problem(
    km: list[float],
    spend: list[float | None],
    quantity: list[float | None] | None = None,
    *,
    reach: float = 10.0,
    minimum: float | None = None,
    form: str = "joint_collection",
) -> GroupProblem:
    """Return sites along a road at ``km``, near enough within ``reach`` of each other."""
    distance = np.abs(np.subtract.outer(np.array(km), np.array(km)))
    amounts = quantity or [10.0] * len(km)
    return GroupProblem(
        form=form,
        key="cardboard",
        resource=NAME,
        unit="t",
        minimum_volume=minimum,
        saving=(0.1, 0.2, 0.35),
        candidates=tuple(
            Candidate(f"S{i}", "cartons", q, s) for i, (q, s) in enumerate(zip(amounts, spend, strict=True))
        ),
        distance_km=distance,
        obstacle=np.where(distance > reach, int(Obstacle.DISTANCE), 0).astype(np.int8),
    )


FREE = GroupParams(journeys=0.0)


def first(of: GroupProblem, params: GroupParams = FREE) -> tuple[int, ...]:
    return best_groups(of, params)[0].group.members


def test_three_neighbours_who_all_gain_form_one_group() -> None:
    """20 % of 3 x 1,000 EUR, and no road to pay."""
    found = plan(problem([0, 2, 4], [1000.0] * 3), FREE)
    assert (found.objective, found.bound, found.gap) == (600.0, 600.0, 0.0)


def test_the_better_of_two_overlapping_groups_comes_first() -> None:
    """S0 and S3 are too far apart: S1, S2 go with S3 (200 + 200 + 600) rather than with S0 (3 x 200)."""
    of = problem([0, 5, 8, 12], [1000.0, 1000.0, 1000.0, 3000.0])
    assert first(of) == (1, 2, 3)


def test_who_would_lose_on_the_road_stays_out() -> None:
    """At 8 km from S0, 12 round trips cost 12 x 2 x 8 x 0.75 = 144 EUR against a saving of 100."""
    of = problem([0, 1, 8], [1000.0, 1000.0, 500.0])
    found = plan(of, GroupParams(journeys=12, eur_per_km=0.75))
    assert found.objective == 400 - 12 * 2 * 0.75
    assert [unserved.name for unserved in found.unserved] == ["S2 – cartons"]
    assert "would lose" in str(found.unserved[0].why)


def test_a_viable_group_comes_before_a_richer_one_that_is_not() -> None:
    of = problem([0, 1, 50, 51], [9000.0, 9000.0, 100.0, 100.0], [2.0, 2.0, 30.0, 30.0], minimum=50.0)
    assert first(of) == (2, 3)


def test_a_group_below_its_minimum_says_what_is_missing() -> None:
    found = plan(problem([0, 1], [None, None], [4.0, 3.0], minimum=10.0), FREE)
    (group,) = shown(found)["groups"]
    assert (group["viable"], group["missing_volume"], found.unit) == (False, 3.0, "t/year")
    assert [warning.code for warning in found.warnings] == ["below_minimum"]


def test_alternatives_share_at_most_half_of_a_better_groups_members() -> None:
    of = problem([0, 4, 8, 12, 16, 20], [1000.0, 1200.0, 900.0, 1100.0, 1300.0, 800.0], reach=9.0)
    found = [set(entry.group.members) for entry in best_groups(of, FREE)]
    assert len(found) == 3
    for place, group in enumerate(found):
        assert all(len(group & better) <= len(better) / 2 for better in found[:place])


def admissible(of: GroupProblem, members: tuple[int, ...]) -> bool:
    apart = any(of.obstacle[i, j] for i, j in combinations(members, 2))
    return not apart and len(of.sites(members)) >= of.minimum_sites


@pytest.mark.parametrize("seed", range(40))
def test_the_best_group_is_that_of_an_exhaustive_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 8))
    priced = seed % 3 != 0
    of = problem(
        rng.uniform(0, 25, size).tolist(),
        [float(s) if priced else None for s in rng.uniform(100, 2000, size)],
        rng.uniform(1, 20, size).tolist(),
        minimum=float(rng.uniform(5, 40)) if seed % 2 else None,
    )
    params = GroupParams(journeys=float(rng.integers(0, 20)))
    every = [
        assess(of, members, params)
        for count in range(2, size + 1)
        for members in combinations(range(size), count)
        if admissible(of, members)
    ]
    every = [group for group in every if not group.losers]
    viable = [group for group in every if group.viable] or every
    if not viable:
        with pytest.raises(InfeasiblePlanError):
            plan(of, params)
        return
    found = plan(of, params)
    best = max(value(of, group) for group in viable)
    assert found.objective == pytest.approx(best, abs=0.1 if priced else 0.006)
    assert found.bound == pytest.approx(best, abs=0.1 if priced else 0.006)
    assert found == plan(of, params)


def test_a_newcomer_says_what_it_changes() -> None:
    growth = grown_by(problem([0, 2, 4], [1000.0] * 3, minimum=25.0), (0, 1), 2, FREE)
    assert growth.fits
    assert [str(change) for change in growth.changes] == [
        "Volume from 20 to 30 t a year.",
        "The group reaches its minimum volume.",
        "The widest distance goes from 2 to 4 km by road.",
        "The centre moves to S1.",
        "S2 joins and gains 200 EUR a year.",
    ]


def test_a_newcomer_out_of_reach_does_not_fit() -> None:
    growth = grown_by(problem([0, 2, 40], [1000.0] * 3), (0, 1), 2, FREE)
    assert not growth.fits
    assert "too far from S0" in str(growth.changes[0])


def test_spending_nobody_said_is_estimated_at_the_others_price() -> None:
    of = problem([0, 1], [1000.0, None], [10.0, 5.0])
    group = best_groups(of, FREE)[0].group
    assert (group.gain_eur, group.estimated) == ((200.0, 100.0), (1,))


def test_impossible_groups_say_what_to_relax() -> None:
    with pytest.raises(InfeasiblePlanError, match="allow more km"):
        plan(problem([0, 50], [1.0, 1.0]))
    with pytest.raises(InfeasiblePlanError, match="needs 2 sites"):
        plan(problem([0], [1.0]))
    with pytest.raises(InfeasiblePlanError, match="Nobody would gain"):
        plan(problem([0, 9], [10.0, 10.0]))
    with pytest.raises(OversizedPlanError, match="at most 300"):
        problem([0.0] * 301, [None] * 301)
    with pytest.raises(InvalidParametersError):
        GroupParams(most_shared=1.0)


def test_what_is_sorted_later_rides_in_one_round() -> None:
    def pallets(name: str, km: float, label: str) -> Flow:
        return flow(
            site(name, km), "output", label, 600, "palette", kind=Kind.PACKAGING, resource="pallet-eur"
        )

    rows = [pallets("A", 0, "palettes en bon état"), pallets("B", 1, "palettes cassées")]
    engine = default_engine()
    columns, amounts = engine.columns(rows, positions(rows))
    (only,) = problem_from_flows(columns, engine.catalogue, amounts)
    assert only.viable(best_groups(only)[0].group.members)


def test_groups_are_built_from_any_flow_table() -> None:
    def boxes(name: str, km: float, amount: float, **more: Any) -> Flow:
        return flow(site(name, km), "output", "cartons", amount, resource="cardboard", **more)

    rows = [boxes(n, k, 20, unit_cost_eur=Range.of(50)) for n, k in (("A", 0), ("B", 2), ("C", 60))]
    rows += [boxes("D", 1, 5, hazardous=True)]
    rows += [
        flow(site(n, k), "input", "grue", 5, "jour", kind=Kind.EQUIPMENT, resource="equip-crane-mobile")
        for n, k in (("A", 0), ("B", 2))
    ]
    engine = default_engine()
    columns, amounts = engine.columns(rows, positions(rows))
    problems = problem_from_flows(columns, engine.catalogue, amounts)
    plans = plan_all(problems)
    groups = [(p.problem["form"], [m["site"] for m in shown(p)["groups"][0]["members"]]) for p in plans]
    assert groups == [("joint_collection", ["A", "B"]), ("shared_equipment", ["A", "B"])]
    chosen = {"resource": "cardboard", "form": "joint_collection"}
    (only,) = problem_from_flows(columns, engine.catalogue, amounts, **chosen)  # type: ignore[arg-type]
    assert [c.site for c in only.candidates] == ["A", "B", "C"]
    with pytest.raises(InvalidParametersError):
        problem_from_flows(columns, engine.catalogue, amounts, resource="unobtainium")
