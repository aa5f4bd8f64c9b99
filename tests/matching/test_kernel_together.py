"""Outputs searched for together find what each finds alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import int32

from benchmarks.scale import ours
from benchmarks.scale.plain import every_pair
from benchmarks.scale.territory import territory
from matching.kernel import best
from matching.kernel.choosing import lanes_above, places_above
from matching.kernel.compiling import compiled
from matching.kernel.lanes import BLOCK, COLUMNS, LANES, Question, near_enough
from matching.kernel.logarithms import (
    CURVE_ERROR,
    NEAR_ERROR,
    fine_exp,
    fine_log,
    rough_log,
    rough_log_of_near,
)
from matching.kernel.placing import in_row_order, postings_of
from matching.kernel.rooms import local_room
from matching.kernel.sharing import in_parts
from matching.kernel.tables import COUNT, Problem
from matching.kernel.together import LEFT, search_together
from matching.model import Flow
from matching.parameters import MatchParameters, constant
from tests.matching.test_kernel import _both, flows

# In one process: each other one would compile the search anew.
pytestmark = pytest.mark.xdist_group("kernel")

# Whatever their number, and however many receivers are put together for them.
ALWAYS: dict[str, Any] = {"FEW": 0, "WORTH": 10**9}
Found = tuple[list[int], list[int], list[float]]


@settings(max_examples=60, deadline=None)
@given(
    declared=st.lists(flows(), min_size=2, max_size=40),
    top=st.integers(1, 4),
    max_km=st.none() | st.sampled_from((0.3, 3.0, 30.0, 20_000.0)),
    weights=st.sampled_from(({}, {"distance": 0.0}, {"quantity": 0.0, "timing": 0.0}, {"material": 0.05})),
)
def test_outputs_searched_together_find_what_scoring_every_pair_finds(
    declared: list[Flow], top: int, max_km: float | None, weights: dict[str, float]
) -> None:
    """The same rows, scores and strengths, with few outputs too, and where only the full score can tell."""
    parameters = MatchParameters.from_mapping({"max_km": max_km, "top": top, "weights": weights})
    with patch.multiple(best, **ALWAYS):
        every, found, _, _ = _both(declared, parameters, constant("minimum_score"))
    assert found == every


def _together(problem: Problem, outputs: np.ndarray, top: int = 20, least: float = 0.1) -> np.ndarray:
    keys, states = np.empty((len(outputs), top), dtype=np.int64), np.empty((len(outputs), 2))
    search_together(problem, outputs, least, 10**9, keys, states, local_room(problem))
    return states[:, COUNT]


def test_outputs_of_which_little_is_declared_are_not_left_to_the_search_one_by_one() -> None:
    """What is measured as the search of many is the search of many."""
    problem, outputs = ours.problem_of(territory(3_000, seed=5))
    assert (_together(problem, outputs) != LEFT).all()


def test_an_output_that_refuses_something_or_has_no_place_is_left() -> None:
    """Its own search knows every gate."""
    problem, outputs = ours.problem_of(territory(600, seed=5))
    odd = problem.flows.copy()
    odd["refuses"][outputs[0]], odd["x"][outputs[1]], odd["value"][outputs[2]] = 1, np.nan, 0.0
    left = _together(problem._replace(flows=odd), outputs) == LEFT
    assert np.array_equal(np.flatnonzero(left), [0, 1, 2])


def _found(problem: Problem, outputs: np.ndarray, top: int = 20) -> Found:
    found = best.run(problem, outputs, top, 0.1)
    return found.giver.tolist(), found.taker.tolist(), found.score.tolist()


@pytest.mark.parametrize(("count", "seed"), [(4_000, 1), (4_000, 2), (9_000, 3)])
def test_a_territory_is_searched_together_as_one_by_one(count: int, seed: int) -> None:
    """Rows of cells, aims that rise and rounding change nothing."""
    problem, outputs = ours.problem_of(territory(count, seed))
    with patch.multiple(best, **ALWAYS):
        together = _found(problem, outputs)
    with patch.multiple(best, FEW=10**9):
        assert together == _found(problem, outputs)
    assert len(together[0]) > count


def test_a_receiver_just_beyond_reach_takes_no_place_among_the_best() -> None:
    """What single precision cannot tell from within reach does not push out what is."""
    problem, outputs = ours.problem_of(territory(30_000, seed=8))
    terms, grid = problem.terms.copy(), problem.grid.copy()
    # As good at the edge of the reach as anywhere, and so wide a territory that many distances are unsure.
    terms["distance"], grid["radius_km"] = 0.0, 50_000.0
    flat = problem._replace(terms=terms, grid=grid)
    with patch.multiple(best, **ALWAYS):
        together = _found(flat, outputs)
    with patch.multiple(best, FEW=10**9):
        assert together == _found(flat, outputs)


def test_a_dense_crowd_is_searched_together_as_one_by_one() -> None:
    """Where thousands are within reach, most of them are never scored, and the best are the same."""
    rows = territory(12_000, seed=4)
    near = replace(
        rows, latitude=46.6 + (rows.latitude - 46.6) / 20, longitude=2.5 + (rows.longitude - 2.5) / 20
    )
    problem, outputs = ours.problem_of(replace(near, resource=near.resource % 9))
    with patch.multiple(best, **ALWAYS):
        together = _found(problem, outputs[:500])
    with patch.multiple(best, FEW=10**9):
        assert together == _found(problem, outputs[:500])
    assert len(together[0]) == 500 * 20


def test_properties_that_lie_far_apart_are_told_from_each_other() -> None:
    """Masks are moved together without losing or mixing a property."""
    rows = territory(3_000, seed=6)
    problem, outputs = ours.problem_of(rows)
    odd = problem.flows.copy()
    asked = np.uint64(1 << 62 | 1 << 40 | 1 << 3)
    dice = np.random.default_rng(1)
    for bit in (3, 40, 62):
        odd["has"][dice.random(len(odd)) < 0.4] |= np.uint64(1 << bit)
    postings, grid = postings_of(odd, problem.readings, np.arange(len(outputs), len(odd)), 600)
    terms = problem.terms.copy()
    terms["asked_qualities"], terms["default_refused"] = asked, np.uint64(1 << 40)
    changed = problem._replace(flows=odd, postings=postings, grid=grid, terms=terms)
    with patch.multiple(best, **ALWAYS):
        together = _found(changed, outputs)
    with patch.multiple(best, FEW=10**9):
        assert together == _found(changed, outputs)
    assert together != _found(problem, outputs)


def test_what_is_found_comes_in_the_order_in_which_it_was_asked_for() -> None:
    """Outputs may be asked for in any order."""
    rows = territory(2_000, seed=3)
    problem, outputs = ours.problem_of(rows)
    every = every_pair(rows)
    asked = np.random.default_rng(0).permutation(outputs)
    with patch.multiple(best, **ALWAYS):
        found = best.run(problem, asked, 20, 0.1)
    ranks = problem.flows["rank"][asked]
    assert list(dict.fromkeys(found.giver.tolist())) == [r for r in ranks.tolist() if r in set(every.output)]


@pytest.mark.parametrize("asked", [[2, 5, 9], [9, 2, 5], [5, 2, 5], [7, 1, 2, 3, 4, 5, 6, 0, 8, 9, 9]])
@pytest.mark.parametrize("count", [10, 1000])
def test_rows_are_searched_in_order_and_each_once(asked: list[int], count: int) -> None:
    """Whether they are a few of the rows or most of them, and asked for twice or not."""
    rows, where = in_row_order(np.array(asked), count)
    assert rows.tolist() == sorted(set(asked))
    assert rows[where].tolist() == asked


def test_an_output_asked_for_twice_is_answered_twice() -> None:
    """As it is when it is asked for by itself."""
    problem, outputs = ours.problem_of(territory(600, seed=5))
    found = _found(problem, outputs[[7, 3, 7]])
    for together, *alone in zip(
        found, *(_found(problem, outputs[n : n + 1]) for n in (7, 3, 7)), strict=True
    ):
        assert together == [*alone[0], *alone[1], *alone[2]]


@compiled
def _mask(numbers: np.ndarray, first: int, aim: np.float32) -> Any:
    return lanes_above(numbers, first, aim)


@compiled
def _near_enough(q: Any, by_reading: Any, numbers: np.ndarray, block: int, aim: Any) -> Any:
    return near_enough(q, by_reading, numbers, block, aim)


@compiled
def _listed(local: Any, held: int, aim: np.float32) -> int:
    return places_above(local, held, aim)


@compiled
def _fill(values: np.ndarray, found: np.ndarray) -> None:
    for n in range(len(values)):
        found[0, n], found[1, n] = rough_log(values[n]), fine_log(values[n])
        found[2, n], found[3, n] = rough_log_of_near(values[n]), fine_exp(np.float32(-12) * values[n])


def test_logarithms_in_single_precision_are_as_near_as_they_say() -> None:
    """The margins of the search rest on these errors."""
    values = np.linspace(1 / 12, 1, 20_001, dtype=np.float32)
    found = np.empty((4, len(values)), dtype=np.float32)
    _fill(values, found)
    exact = values.astype(np.float64)
    assert np.abs(found[0] - np.log(exact)).max() < CURVE_ERROR
    assert np.abs(found[1] - np.log(exact)).max() < 4e-7
    assert np.abs(found[2] - np.log(0.5 + 0.5 * exact)).max() < NEAR_ERROR
    assert np.abs(found[3] / np.exp(-12 * exact) - 1).max() < 1.5e-6


def test_what_is_counted_of_a_block_is_no_wider_than_its_scores() -> None:
    """A whole number of 64 bits beside numbers of 32 would halve how many the processor takes in one step."""
    numbers = np.zeros(BLOCK, dtype=np.float32)
    numbers[: COLUMNS * LANES].reshape(COLUMNS, LANES)[8] = np.arange(LANES)
    nothing = Question(*np.zeros(len(Question._fields) - 5, np.float32), *np.zeros(5, np.int32))
    found: list[Any] = [_near_enough, _mask]
    assert _near_enough(nothing, np.float32(0), numbers, 0, np.float32(12)) == 4
    assert _mask(numbers, 8 * LANES, np.float32(14)) == 0b11 << 14
    assert [one.nopython_signatures[-1].return_type for one in found] == [int32, int32]


def test_receivers_that_reach_an_aim_are_listed_block_by_block_whichever_lanes_they_are() -> None:
    """None is left out, none listed twice, and what is not a number reaches nothing."""
    local = local_room(ours.problem_of(territory(600, seed=5))[0])
    blocks = len(local.held)
    local.held[:] = 3 * np.arange(blocks)
    scores = np.random.default_rng(2).random((blocks, LANES), dtype=np.float32)
    scores[1], scores[2], scores[3] = np.nan, 0.0, 1.0
    local.scores[:] = scores.ravel()
    block, lane = np.nonzero(scores >= np.float32(0.9))
    count = _listed(local, blocks, np.float32(0.9))
    assert local.place[:count].tolist() == (3 * LANES * block + lane).tolist()
    assert _listed(local, blocks, np.float32(0.0)) == -1


def test_a_part_that_fails_on_another_thread_is_told() -> None:
    """A search that did not end is never taken for one that found nothing."""
    done: list[int] = []

    def part(first: int, _last: int) -> None:
        if first == 30:
            raise ValueError("no")
        done.append(first)

    with pytest.raises(ValueError, match="no"):
        in_parts(part, 100, 10, threads=3)
    in_parts(lambda first, last: done.append(last - first), 25, 10, threads=2)
    assert sorted(done[-3:]) == [5, 10, 10]
