"""Seating: rules kept, small rooms solved exactly, better than chance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pytest

from matching.columns import Floats
from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.model import Direction, Flow, Kind, Site
from matching.planning.plan import InfeasiblePlanError, OversizedPlanError, Plan
from matching.planning.workshop import WorkshopParams, WorkshopProblem, plan, random_score
from matching.planning.workshop_flows import problem_from_flows

QUICK = WorkshopParams(iterations=20_000)


def scores(n: int, wanted: dict[tuple[int, int], float]) -> Floats:
    matrix = np.zeros((n, n))
    for (a, b), score in wanted.items():
        matrix[a, b] = matrix[b, a] = score
    return matrix


def problem(
    matrix: Floats,
    tables: int,
    seats: int,
    turns: int,
    companies: tuple[str, ...] = (),
    hosts: tuple[int | None, ...] = (),
    rivals: frozenset[tuple[str, str]] = frozenset(),
) -> WorkshopProblem:
    people = tuple(f"P{i}" for i in range(len(matrix)))
    return WorkshopProblem(
        people, companies or ("",) * len(matrix), matrix, tables, seats, turns, hosts, rivals
    )


def tables_of(found: Plan) -> list[list[list[str]]]:
    turns = found.plan["turns"]
    assert isinstance(turns, list)
    return [[table["people"] for table in turn["tables"]] for turn in turns]


def partitions(people: tuple[int, ...], sizes: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    if not sizes:
        yield ()
        return
    for table in combinations(people, sizes[0]):
        rest = tuple(i for i in people if i not in table)
        for others in partitions(rest, sizes[1:]):
            yield (table, *others)


def best_by_trying_all(asked: WorkshopProblem, sizes: tuple[int, ...]) -> float:
    apart, worth = asked.apart, asked.worth
    seatings = []
    for seating in partitions(tuple(range(len(asked.people))), sizes):
        pairs = [pair for table in seating for pair in combinations(table, 2)]
        hosted = all(host in seating[table] for table, host in enumerate(asked.hosts) if host is not None)
        if hosted and not any(apart[pair] for pair in pairs):
            seatings.append(frozenset(pairs))
    unique = sorted({tuple(sorted(pairs)) for pairs in seatings})
    return max(
        sum(float(worth[pair]) for pair in {pair for turn in turns for pair in turn})
        for turns in product(unique, repeat=asked.turns)
    )


def test_two_pairs_that_want_each_other_sit_together() -> None:
    found = plan(problem(scores(4, {(0, 2): 5, (1, 3): 7}), 2, 2, 1), QUICK)
    assert found.objective == found.bound == 12
    assert sorted(tables_of(found)[0]) == [["P0", "P2"], ["P1", "P3"]]


def test_three_turns_let_four_people_meet_two_by_two() -> None:
    found = plan(problem(scores(4, {pair: 1 for pair in combinations(range(4), 2)}), 2, 2, 3), QUICK)
    assert found.objective == found.bound == 6
    assert found.plan["share_met"] == 1
    assert found.plan["repeated_meetings"] == 0


def test_a_rivalry_costs_the_best_pair() -> None:
    wanted = {(0, 1): 9.0, (0, 2): 4.0, (1, 3): 3.0, (0, 3): 2.0, (1, 2): 1.0}
    asked = problem(
        scores(4, wanted), 2, 2, 1, companies=("A", "B", "C", "D"), rivals=frozenset({("B", "A")})
    )
    assert plan(asked, QUICK).objective == 7


def test_hosts_keep_their_tables_and_meet_the_others_in_turn() -> None:
    asked = problem(
        scores(4, {(0, 2): 1, (0, 3): 1, (1, 2): 1, (1, 3): 1, (0, 1): 50}), 2, 2, 2, hosts=(1, 0)
    )
    found = plan(asked, QUICK)
    assert found.objective == found.bound == 4
    assert all("P1" in turn[0] and "P0" in turn[1] for turn in tables_of(found))


def test_small_rooms_equal_the_best_of_all_seatings() -> None:
    for seed in range(10):
        dice = np.random.default_rng(seed)
        half = np.triu(dice.integers(0, 10, (7, 7)) * (dice.random((7, 7)) < 0.6), 1).astype(float)
        companies = ("A", "A", "B", "C", "D", "E", "F")
        asked = problem(half + half.T, 2, 4, 2, companies=companies, rivals=frozenset({("C", "D")}))
        expected = max(best_by_trying_all(asked, (4, 3)), best_by_trying_all(asked, (3, 4)))
        found = plan(asked, QUICK, seed)
        assert found.objective == pytest.approx(expected)
        assert found.bound is not None
        assert found.bound >= expected


def test_rules_hold_and_tables_stay_even_in_any_room() -> None:
    for seed in range(5):
        dice = np.random.default_rng(seed)
        n = 23
        half = np.triu(dice.random((n, n)), 1)
        companies = tuple(f"C{i // 2}" for i in range(n))
        rivals = frozenset({("C0", "C1"), ("C2", "C5")})
        asked = problem(half + half.T, 4, 7, 3, companies, hosts=(3, None, 8), rivals=rivals)
        found = plan(asked, QUICK, seed)
        for turn in tables_of(found):
            assert sorted(len(table) for table in turn) == [5, 6, 6, 6]
            assert sorted(name for table in turn for name in table) == sorted(asked.people)
            assert "P3" in turn[0]
            assert "P8" in turn[2]
            for table in turn:
                seated = [int(name[1:]) for name in table]
                assert not any(asked.apart[pair] for pair in combinations(seated, 2))


def test_the_same_seed_gives_the_same_seating() -> None:
    half = np.triu(np.random.default_rng(1).random((20, 20)), 1)
    asked = problem(half + half.T, 4, 5, 3)
    assert plan(asked, QUICK, 7).plan == plan(asked, QUICK, 7).plan


def test_sparse_wishes_are_met_half_as_often_again_as_by_chance() -> None:
    dice = np.random.default_rng(3)
    half = np.triu(dice.random((40, 40)) * (dice.random((40, 40)) < 0.2), 1)
    asked = problem(half + half.T, 5, 8, 3)
    found = plan(asked, WorkshopParams(iterations=300_000))
    assert found.objective is not None
    assert found.objective >= 1.5 * random_score(asked, 50)


def test_a_seating_answers_within_its_limit_and_says_what_it_lacked() -> None:
    half = np.triu(np.random.default_rng(1).random((60, 60)), 1)
    found = plan(problem(half + half.T, 8, 8, 3), WorkshopParams(iterations=10**9), time_limit_s=1)
    assert [warning.code for warning in found.warnings] == ["time_out"]


def test_too_few_seats_tables_or_too_many_rivals_are_told() -> None:
    with pytest.raises(InfeasiblePlanError, match="add tables or seats"):
        problem(scores(5, {}), 2, 2, 1)
    with pytest.raises(InfeasiblePlanError, match="A sends 3 people to 2 tables"):
        plan(problem(scores(4, {}), 2, 2, 1, companies=("A", "A", "A", "B")), QUICK)
    rivals = frozenset({("A", "B"), ("B", "C"), ("A", "C")})
    with pytest.raises(InfeasiblePlanError, match="drop a rivalry"):
        plan(problem(scores(3, {}), 2, 2, 1, companies=("A", "B", "C"), rivals=rivals), QUICK)
    with pytest.raises(OversizedPlanError, match="hold two"):
        problem(scores(301, {}), 50, 8, 1)
    with pytest.raises(InvalidParametersError, match="Hosts"):
        problem(scores(4, {}), 2, 2, 1, hosts=(1, 1))


def test_companies_of_a_flow_table_meet_for_their_matches() -> None:
    flows = [
        Flow(
            Site(f"{name} site", company=name, lon=5.4, lat=43.3), Direction.OUTPUT, Kind.MATERIAL, "Palettes"
        )
        for name in ("Alpha", "Beta", "Gamma", "Delta")
    ]
    engine = default_engine()
    columns, amounts = engine.columns(flows, np.zeros((4, 3)))
    matches = [
        ("Alpha site", "Gamma site", 80.0),
        ("Beta site", "Delta site", 60.0),
        ("Alpha site", "Nowhere", 9.0),
    ]
    asked = problem_from_flows(
        columns, engine.catalogue, amounts, matches, seats=2, turns=1, attendees={"Beta": 1}, hosts=["Alpha"]
    )
    found = plan(asked, QUICK)
    assert found.objective == 140
    assert tables_of(found)[0][0] == ["Alpha", "Gamma"]
    with pytest.raises(InvalidParametersError, match="Omega"):
        problem_from_flows(columns, engine.catalogue, amounts, matches, hosts=["Omega"])
