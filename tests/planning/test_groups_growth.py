"""What a newcomer makes of the groups there would be without it, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from matching.planning.groups import GroupParams, grown_by
from matching.planning.groups_growth import plan
from matching.planning.plan import InfeasiblePlanError
from tests.planning.test_groups import FREE, problem


def asked(*arguments: Any) -> Any:
    """Return the plan as plain data."""
    return plan(*arguments)


def test_a_newcomer_is_set_beside_the_group_that_is_best_without_it() -> None:
    """S0 and S1 save 400 EUR together; S2 adds 20 % of its 500."""
    of = problem([0, 2, 4], [1000.0, 1000.0, 500.0], minimum=25.0)
    found = asked(of, {"S2"}, FREE)
    (growth,) = found.plan["growths"]
    assert (found.objective, growth["gain_eur_per_year"], growth["fits"]) == (100.0, 100, True)
    assert growth["changes"] == list(grown_by(of, (0, 1), 2, FREE).changes)
    assert (growth["before"]["viable"], growth["after"]["viable"]) == (False, True)


def test_a_newcomer_that_would_lose_is_left_out_and_told() -> None:
    """At 8 km, 12 round trips cost 12 x 2 x 8 x 0.75 = 144 EUR against a saving of 20, whoever drives."""
    of = problem([0, 1, 9], [1000.0, 1000.0, 100.0])
    found = asked(of, {"S2"}, GroupParams(journeys=12, eur_per_km=0.75))
    assert not found.plan["growths"][0]["fits"]
    assert found.objective == 0
    assert [left.name for left in found.unserved] == ["S2 – cartons"]


def test_groups_out_of_the_newcomers_reach_are_not_set_beside_it() -> None:
    """The rich pair at 50 km is no matter of S4, which stands beside the poor one."""
    of = problem([0, 1, 50, 51, 2], [100.0, 100.0, 9000.0, 9000.0, 100.0])
    found = asked(of, {"S4"}, FREE)
    before = [growth["before"]["members"] for growth in found.plan["growths"]]
    assert [[member["site"] for member in members] for members in before] == [["S0", "S1"]]


def test_a_newcomer_may_make_the_first_group() -> None:
    found = asked(problem([0, 2], [1000.0, 1000.0]), {"S1"}, FREE)
    assert found.plan["growths"] == []
    assert [member["site"] for member in found.plan["groups"][0]["members"]] == ["S0", "S1"]
    assert found.objective == 400


def test_a_newcomer_far_from_everybody_suits_no_group() -> None:
    with pytest.raises(InfeasiblePlanError, match="suits no group"):
        plan(problem([0, 2, 90], [1000.0] * 3), {"S2"}, FREE)


def test_two_newcomers_are_weighed_one_by_one() -> None:
    of = problem([0, 1, 2, 3], [1000.0, 1000.0, 800.0, 500.0])
    found = asked(of, {"S2", "S3"}, FREE)
    assert [(g["site"], g["gain_eur_per_year"]) for g in found.plan["growths"]] == [("S2", 160), ("S3", 100)]
