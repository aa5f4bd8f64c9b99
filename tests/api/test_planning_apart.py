"""The process that computes plans beside the server: it answers alike, and goes when nobody waits for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.low_priority import LOWEST
from app.readers import read_table
from app.services import planning, planning_apart
from app.services.planners import PlanRequest
from app.services.planning_apart import NoLongerWantedError, PlannerApart, PlannerLostError
from geo.geocoding import offline_geocoder

TABLE = Path(__file__).parents[2] / "examples" / "demo.csv"


@pytest.fixture(scope="module")
def request_of_demo() -> PlanRequest:
    flows = tuple(read_table(TABLE.read_bytes(), TABLE.name, offline_geocoder()).flows)
    return PlanRequest(flows, date(2026, 12, 1), time_limit_s=1)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the one who waits look at once whether the plan is still wanted, before any plan is done."""
    monkeypatch.setattr(planning_apart, "LOOK_S", 0.001)


@pytest.fixture(scope="module")
def apart() -> Iterator[PlannerApart]:
    planner = PlannerApart()
    yield planner
    planner.end()


def _process_of(planner: PlannerApart) -> int:
    assert planner._process is not None
    assert planner._process.pid is not None
    return planner._process.pid


def test_a_plan_computed_apart_is_the_one_computed_here(
    apart: PlannerApart, request_of_demo: PlanRequest
) -> None:
    here = planning.frozen_plans("masterclass", request_of_demo)
    found = apart.frozen_plans("masterclass", request_of_demo, lambda: True)
    assert found.documents == here.documents
    assert found.documents
    assert found.refused == [error.message for error in here.refused]


def test_plans_after_one_another_are_computed_by_one_process_at_the_lowest_priority(
    apart: PlannerApart, request_of_demo: PlanRequest
) -> None:
    apart.frozen_plans("masterclass", request_of_demo, lambda: True)
    first = _process_of(apart)
    apart.frozen_plans("workshop", request_of_demo, lambda: True)
    assert _process_of(apart) == first
    assert os.getpriority(os.PRIO_PROCESS, first) == LOWEST
    assert os.sched_getscheduler(first) == os.SCHED_IDLE


@pytest.mark.usefixtures("impatient")
def test_a_plan_nobody_wants_any_more_ends_at_once_and_the_next_one_is_computed(
    apart: PlannerApart, request_of_demo: PlanRequest
) -> None:
    long = replace(request_of_demo, time_limit_s=120.0)
    began = time.monotonic()
    with pytest.raises(NoLongerWantedError):
        apart.frozen_plans("collection", long, lambda: False)
    assert time.monotonic() - began < 60
    assert apart.frozen_plans("masterclass", request_of_demo, lambda: True).documents


def test_what_breaks_the_planner_is_told_and_the_next_plan_is_computed(
    apart: PlannerApart, request_of_demo: PlanRequest
) -> None:
    with pytest.raises(PlannerLostError, match="no such planner"):
        apart.frozen_plans("no such planner", request_of_demo, lambda: True)
    assert apart.frozen_plans("masterclass", request_of_demo, lambda: True).documents


@pytest.mark.usefixtures("impatient")
def test_a_process_that_dies_loses_its_plan_alone(apart: PlannerApart, request_of_demo: PlanRequest) -> None:
    apart.frozen_plans("masterclass", request_of_demo, lambda: True)

    def kill() -> bool:
        os.kill(_process_of(apart), 9)
        return True

    with pytest.raises(PlannerLostError):
        apart.frozen_plans("collection", replace(request_of_demo, time_limit_s=120.0), kill)
    assert apart.frozen_plans("masterclass", request_of_demo, lambda: True).documents


def test_a_process_that_nobody_asks_anything_leaves(
    apart: PlannerApart, request_of_demo: PlanRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning_apart, "IDLE_S", 0.01)
    apart.frozen_plans("masterclass", request_of_demo, lambda: True)
    ends = time.monotonic() + 30
    while apart._process is not None and time.monotonic() < ends:
        time.sleep(0.02)
    assert apart._process is None
