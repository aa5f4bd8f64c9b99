"""Laws of the five criteria and of the score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.criteria.distance import distance_score, road_km
from matching.criteria.heat import cold_verdict, heat_pump_cop, heat_verdict
from matching.criteria.quality import at_least, at_most
from matching.criteria.quantity import quantity_score
from matching.criteria.timing import timing_score
from matching.parameters import CRITERIA, constant
from matching.scoring import geometric_score

unit_interval = st.floats(0, 1)
amount = st.floats(0.001, 1e6)
month_mask = st.integers(1, 4095)


@given(
    a=st.floats(0, 1000), b=st.floats(0, 1000), full=st.floats(0.1, 100), half=st.floats(0.1, 200), cut=amount
)
def test_the_distance_score_falls_as_the_distance_grows(
    a: float, b: float, full: float, half: float, cut: float
) -> None:
    near, far = sorted((a, b))
    scores = distance_score(np.array([near, far]), np.array(full), np.array(half), np.array(cut))
    assert 0 <= scores[1] <= scores[0] <= 1


def test_the_distance_score_halves_each_half_km_beyond_full_and_ends_at_the_cut() -> None:
    found = distance_score(
        np.array([10.0, 40.0, 70.0, 101.0]), np.array(10.0), np.array(30.0), np.array(100.0)
    )
    assert found.tolist() == pytest.approx([1, 0.5, 0.25, 0])


@given(o=amount, i=amount, k=st.floats(0.01, 100))
def test_the_quantity_score_does_not_depend_on_units_or_sides(o: float, i: float, k: float) -> None:
    first = quantity_score(np.array([o]), np.array([i]))[0]
    assert 0.5 <= first <= 1
    assert quantity_score(np.array([i * k]), np.array([o * k]))[0] == pytest.approx(first)


def test_an_unknown_quantity_gives_the_agreed_middle() -> None:
    assert quantity_score(np.array([np.nan]), np.array([3.0]))[0] == constant("unknown_quantity")


@given(a=month_mask, b=month_mask, o=amount, i=amount)
def test_the_timing_score_is_symmetric_and_zero_only_without_a_common_month(
    a: int, b: int, o: float, i: float
) -> None:
    months = np.array([a], dtype=np.uint16), np.array([b], dtype=np.uint16)
    there = timing_score(*months, np.array([o]), np.array([i]))[0]
    back = timing_score(months[1], months[0], np.array([i]), np.array([o]))[0]
    assert there == pytest.approx(back)
    assert 0 <= there <= 1
    assert (there > 0) == bool(a & b)


@given(st.fixed_dictionaries({name: unit_interval for name in CRITERIA}))
def test_the_score_is_between_0_and_100_and_zero_as_soon_as_one_criterion_is(
    values: dict[str, float],
) -> None:
    shares = {name: constant(name) for name in CRITERIA}
    score = geometric_score({name: np.array([value]) for name, value in values.items()}, shares)[0]
    assert 0 <= score <= 100
    if min(values.values()) == 0:
        assert score == 0


@given(
    st.fixed_dictionaries({name: unit_interval for name in CRITERIA}),
    st.sampled_from(CRITERIA),
    unit_interval,
)
def test_a_better_criterion_never_lowers_the_score(values: dict[str, float], name: str, other: float) -> None:
    shares = {key: constant(key) for key in CRITERIA}
    better = {**values, name: max(values[name], other)}
    scores = [
        geometric_score({k: np.array([v]) for k, v in case.items()}, shares)[0] for case in (values, better)
    ]
    assert scores[0] <= scores[1]


def test_the_weights_of_the_method_sum_to_one() -> None:
    assert sum(constant(name) for name in CRITERIA) == pytest.approx(1)


def test_a_quarter_of_the_earth_is_ten_thousand_km_before_the_road_factor() -> None:
    radius = 6371.0088
    found = road_km(np.array([[radius, 0, 0]]), np.array([[0, radius, 0]]))[0]
    assert found == pytest.approx(10007.6 * constant("road_factor"), rel=1e-4)


def ranges(*values: tuple[float, float]) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_an_offer_must_reach_the_concentration_asked_for() -> None:
    asked = ranges((30, 30), (30, 30), (30, 30), (np.nan, np.nan))
    offered = ranges((33, 33), (8, 8), (np.nan, np.nan), (8, 8))
    assert at_least(offered, asked)[:3].tolist() == [1, -1, 0]
    assert np.isnan(at_least(offered, asked)[3])


def test_an_offer_must_not_be_wetter_than_accepted() -> None:
    assert at_most(ranges((50, 55), (10, 20)), ranges((0, 15), (0, 15))).tolist() == [-1, 1]


@pytest.mark.parametrize(
    ("source", "need", "verdict", "pump"),
    [(95, 78, 1, False), (80, 78, 0, False), (25, 72, 1, True), (25, 150, -1, True)],
)
def test_heat_goes_down_by_itself_and_up_only_with_a_good_heat_pump(
    source: float, need: float, verdict: int, pump: bool
) -> None:
    found, cop = heat_verdict(ranges((source, source)), ranges((need, need)))
    assert found[0] == (verdict if not pump or verdict == -1 else 0)
    assert np.isnan(cop[0]) == (not pump)


def test_the_heat_pump_follows_half_of_carnots_limit() -> None:
    assert heat_pump_cop(np.array([20.0]), np.array([70.0]))[0] == pytest.approx(0.5 * 343.15 / 50)


def test_cold_must_be_cold_enough() -> None:
    assert cold_verdict(ranges((2, 4), (12, 12)), ranges((6, 6), (6, 6))).tolist() == [1, -1]
