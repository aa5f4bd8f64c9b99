"""Pools: who is gathered, who is left out, and what a pool says."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from matching.engine import default_engine
from matching.model import Flow, Kind, Period, Quantity, Range, Site
from matching.mutualisation.spreading import MOST_SPREAD
from matching.parameters import MatchParameters
from matching.results import Role, Synergy, SynergyKind
from tests.matching.builders import flow, positions, site
from tests.matching.territories import match

POOL = (SynergyKind.MUTUALISATION.value,)


def pools(*rows: Flow, **parameters: Any) -> list[Synergy]:
    return list(match(rows, kinds=POOL, **parameters).synergies)


def gathered(*rows: Flow, **parameters: Any) -> list[list[str]]:
    """Return the sites of each pool."""
    return sorted([m.flow.site.name for m in pool.members] for pool in pools(*rows, **parameters))


def boxes(place: Site, amount: float | None = 20, label: str = "cartons", **fields: Any) -> Flow:
    return flow(place, "output", label, amount, resource="cardboard", **fields)


def work(place: Site, share: float | None, months: set[int] = frozenset(), **fields: Any) -> Flow:  # type: ignore[assignment]
    fields = {"kind": Kind.SKILL, "resource": "job-welder", "months": frozenset(months)} | fields
    return flow(place, "input", "soudeur", share, "ETP", **fields)


def test_neighbours_with_the_same_output_form_one_collection() -> None:
    (pool,) = pools(*(boxes(site(name, km)) for name, km in (("A", 0), ("B", 2), ("C", 4))))
    assert pool.form == "joint_collection"
    assert [m.flow.site.name for m in pool.members] == ["A", "B", "C"]
    assert {m.role for m in pool.members} == {Role.MEMBER}
    assert (pool.quantity_per_year, pool.unit) == (60, "t")
    assert pool.distance_km == pytest.approx(4 * 1.3)


def test_neighbours_with_the_same_need_form_one_purchase() -> None:
    rows = [flow(site(n, k), "input", "calcin", 20, resource="glass-cullet") for n, k in (("A", 0), ("B", 2))]
    assert [pool.form for pool in pools(*rows)] == ["joint_purchase"]


def test_two_flows_of_one_site_are_no_pool() -> None:
    assert pools(boxes(site("A")), boxes(site("A"), 5, "cartons plats")) == []


def test_one_member_is_within_reach_of_all_and_the_furthest_two_not_far_beyond_it() -> None:
    """A chain of sites, each near the next, must not grow into one pool."""
    limit = 30.0
    chain = [boxes(site(f"S{step}", 15.0 * step)) for step in range(6)]
    found = pools(*chain)
    assert len(found) > 1
    for pool in found:
        places = np.array([float(m.flow.site.lat or 0) for m in pool.members]) * 111.195 * 1.3
        apart = np.abs(places[:, None] - places[None, :])
        assert apart.max(axis=1).min() <= limit + 0.05
        assert apart.max() <= MOST_SPREAD * limit + 0.05
        assert pool.distance_km == pytest.approx(apart.max(), abs=0.06)


def test_a_site_in_the_middle_brings_together_two_that_are_beyond_reach_of_each_other() -> None:
    ends = boxes(site("A")), boxes(site("C", 30))
    assert gathered(*ends) == []
    assert gathered(*ends, boxes(site("B", 15))) == [["A", "B", "C"]]


def test_a_calendar_in_the_middle_brings_together_two_that_never_meet() -> None:
    spring, summer = frozenset({3, 4}), frozenset({5, 6})
    rows = boxes(site("A"), months=spring), boxes(site("C", 2), months=summer)
    assert gathered(*rows) == []
    (pool,) = pools(*rows, boxes(site("B", 1), months=frozenset({4, 5})))
    assert [m.flow.site.name for m in pool.members] == ["A", "B", "C"]
    assert pool.criteria["timing"].value == pytest.approx(0.5)


def test_max_km_and_a_territorys_own_reach_bound_a_pool() -> None:
    rows = [boxes(site("A")), boxes(site("B", 4))]
    assert gathered(*rows, max_km=5.0) == []
    assert gathered(*rows, max_km=5.2) == [["A", "B"]]
    assert gathered(*rows, reaches_km={"pickup_round": 3.0}) == []


def test_an_unplaced_site_joins_no_pool() -> None:
    assert gathered(boxes(site("A")), boxes(site("B", 1)), boxes(Site(name="C"))) == [["A", "B"]]


def test_what_is_dangerous_or_soiled_is_collected_apart() -> None:
    clean = [boxes(site("A")), boxes(site("B", 1))]
    soiled = [boxes(site("C", 1), label="cartons souillés"), boxes(site("D", 2), label="cartons souillés")]
    assert gathered(*clean, *soiled) == [["A", "B"], ["C", "D"]]
    assert gathered(*clean, boxes(site("E", 2), hazardous=True)) == [["A", "B"]]


def test_a_pool_of_dangerous_outputs_warns() -> None:
    (pool,) = pools(*(boxes(site(n, k), hazardous=True) for n, k in (("A", 0), ("B", 1))))
    assert [warning.code for warning in pool.warnings] == ["hazardous"]


def test_what_goes_back_to_its_owner_is_left_out() -> None:
    def pallets(name: str, km: float, label: str) -> Flow:
        return flow(
            site(name, km), "output", label, 200, "palette", kind=Kind.PACKAGING, resource="pallet-eur"
        )

    rows = [
        pallets("A", 0, "palettes"),
        pallets("B", 1, "palettes"),
        pallets("C", 1, "palettes Chep consignées"),
    ]
    assert gathered(*rows) == [["A", "B"]]


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ((1.0, {6, 7, 8}), (1.0, {6, 7, 8}), False),
        ((1.0, {6, 7, 8}), (1.0, {12, 1, 2}), True),
        ((0.5, set(range(1, 13))), (0.5, set(range(1, 13))), True),
        ((1.0, set(range(1, 13))), (1.0, set(range(1, 13))), False),
        ((None, set()), (None, set()), True),
    ],
)
def test_a_job_is_shared_only_by_hours_that_one_person_can_hold(
    first: tuple[float | None, set[int]], second: tuple[float | None, set[int]], shared: bool
) -> None:
    rows = [
        work(site(name, km), *need)
        for (name, km), need in zip((("A", 0), ("B", 2)), (first, second), strict=True)
    ]
    assert gathered(*rows) == ([["A", "B"]] if shared else [])


@pytest.mark.parametrize(("days", "shared"), [(100, True), (220, False)])
def test_days_of_work_are_counted_in_hours(days: float, shared: bool) -> None:
    quantity = Quantity(Range.of(days), "jour", Period.YEAR)
    rows = [work(site(n, k), None, quantity=quantity) for n, k in (("A", 0), ("B", 2))]
    assert gathered(*rows) == ([["A", "B"]] if shared else [])


def test_posts_counted_in_people_are_not_read_as_days() -> None:
    two = Quantity(Range.of(2), "unité", Period.YEAR)
    part, whole = work(site("A"), None, quantity=two), work(site("B", 1), 1.0)
    assert gathered(part, whole) == gathered(work(site("A"), None), whole)


def test_a_collection_wants_the_same_season() -> None:
    summer, winter = frozenset({6, 7, 8}), frozenset({12, 1, 2})
    assert gathered(boxes(site("A"), months=summer), boxes(site("B", 1), months=winter)) == []
    assert gathered(boxes(site("A"), months=summer), boxes(site("B", 1), months=summer)) == [["A", "B"]]


@pytest.mark.parametrize(("km", "shared"), [(10, True), (300, False), (None, True)])
def test_journeys_are_shared_only_towards_one_destination(km: float | None, shared: bool) -> None:
    engine = default_engine()
    rows = [
        flow(
            site(n, k),
            "input",
            "covoiturage",
            50,
            "trajet",
            kind=Kind.TRANSPORT,
            resource="transport-carpool",
        )
        for n, k in (("A", 0), ("B", 3))
    ]
    away = [flow(site("X", 200), "input", "x"), flow(site("Y", 200 + (km or 0)), "input", "x")]
    ends = positions(away)
    if km is None:
        ends[1] = np.nan
    found = engine.match(rows, positions(rows), MatchParameters(kinds=POOL), ends)
    assert bool(found.synergies) == shared


def test_no_two_pools_hold_the_same_members() -> None:
    rows = [boxes(site(f"S{i}", i / 2)) for i in range(5)]
    rows += [work(site(f"S{i}", i / 2), 0.3) for i in range(5)]
    found = pools(*rows)
    members = [frozenset((m.flow.site.name, m.flow.label) for m in pool.members) for pool in found]
    assert len(members) == len(set(members)) == 2


def test_a_far_flow_of_shorter_reach_does_not_break_the_pool_of_the_others() -> None:
    """Oxygen is bought nearer than argon, and both count as industrial gases."""

    def gas(name: str, km: float, resource: str) -> Flow:
        return flow(site(name, km), "input", resource, 20, resource=resource)

    rows = [gas("A", 0, "argon-welding-gas"), gas("B", 35, "argon-welding-gas")]
    assert gathered(*rows) == gathered(*rows, gas("C", 200, "oxygen")) == [["A", "B"]]


def test_the_saving_is_a_share_of_what_members_pay() -> None:
    rows = [boxes(site(n, k), 10, unit_cost_eur=Range.of(100)) for n, k in (("A", 0), ("B", 1))]
    (pool,) = pools(*rows)
    assert pool.saving_eur is not None
    assert (pool.saving_eur.low, pool.saving_eur.middle, pool.saving_eur.high) == (200, 400, 700)


def test_a_pool_that_earns_money_or_says_nothing_has_no_saving() -> None:
    for cost in (Range.of(-50), None):
        (pool,) = pools(*(boxes(site(n, k), unit_cost_eur=cost) for n, k in (("A", 0), ("B", 1))))
        assert pool.saving_eur is None


def test_volumes_in_two_units_are_not_added() -> None:
    rows = [boxes(site("A"), 10), flow(site("B", 1), "output", "cartons", 5, "h", resource="cardboard")]
    (pool,) = pools(*rows)
    assert (pool.quantity_per_year, pool.unit) == (None, None)


def test_a_larger_pool_of_the_same_goods_scores_at_least_as_well() -> None:
    small, large = (
        pools(*(boxes(site(n, k), amount) for n, k in (("A", 0), ("B", 1))))[0].score for amount in (1, 50)
    )
    assert small < large


def test_a_pool_says_what_its_least_matched_and_furthest_two_members_do() -> None:
    """Members that share a calendar are compared once, and each two all the same."""
    seasons = [
        frozenset({1, 2, 3}),
        frozenset({2, 3, 4, 5}),
        frozenset({1, 2, 3}),
        frozenset(),
        frozenset({3}),
    ]
    rows = [
        boxes(site(f"S{i}", km), months=s)
        for i, (km, s) in enumerate(zip((0, 3, 1, 7, 2), seasons, strict=True))
    ]
    (pool,) = pools(*rows)
    shares = [{month: 1 / len(s or range(12)) for month in s or range(1, 13)} for s in seasons]
    met = [
        (sum(min(a[m], b[m]) for m in a.keys() & b.keys()) * len(a.keys() & b.keys()) / min(len(a), len(b)))
        ** 0.5
        for a, b in combinations(shares, 2)
    ]
    assert pool.criteria["timing"].value == pytest.approx(min(met), abs=5e-4)
    assert pool.distance_km == pytest.approx(7 * 1.3)
