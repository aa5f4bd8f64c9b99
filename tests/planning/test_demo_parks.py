"""Each park of the demonstration has something to gain together: a plan in which every member saves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from app.readers import read_table
from app.services.planners import PlanRequest
from app.services.planning import plans
from geo.geocoding import offline_geocoder
from matching.model import Flow

DEMO = Path(__file__).parents[2] / "examples" / "demo.csv"
MAX_KM = 40.0
TODAY = date(2026, 12, 1)
TIME_LIMIT_S = 20.0
# Where each planner of mutualisations says who gains what.
LISTS = {"groups": "groups", "jobs": "contracts", "training": "sessions", "transport": "lorries"}
PLANNERS = ("groups", "purchase", "collection", "training", "transport")
Savings = dict[str, float | None]


@lru_cache(maxsize=1)
def demo_flows() -> tuple[Flow, ...]:
    """Return the flows of the demonstration."""
    return read_table(DEMO.read_bytes(), DEMO.name, offline_geocoder()).flows


def parks() -> list[str]:
    """Return the parks of the demonstration."""
    return sorted({flow.site.park for flow in demo_flows() if flow.site.park})


@lru_cache(maxsize=1)
def common_plans() -> tuple[tuple[str, Savings], ...]:
    """Return the planner of each plan that two sites or more share, and what it saves each of them."""
    found: list[tuple[str, Savings]] = []
    for planner in PLANNERS:
        request = PlanRequest(demo_flows(), TODAY, MAX_KM, time_limit_s=TIME_LIMIT_S)
        for document in plans(planner, request, "fr").documents:
            found += [(planner, savings) for savings in _shared(planner, document["plan"])]
    return tuple(found)


def _shared(planner: str, content: dict[str, Any]) -> Iterator[Savings]:
    """Yield what each plan of a document saves its sites; the worst of a site's flows counts."""
    plans_made = content[LISTS[planner]] if planner in LISTS else [content]
    for made in plans_made:
        savings: Savings = {}
        for member in made["members"]:
            site = member.get("site", member.get("member"))
            saving = member.get("saving_eur_per_year", member.get("saving_eur"))
            before = savings.get(site, saving)
            savings[site] = None if saving is None or before is None else min(saving, before)
        if len(savings) > 1:
            yield savings


@pytest.mark.parametrize("park", parks())
def test_a_park_of_the_demo_has_a_plan_in_which_every_member_saves(park: str) -> None:
    """At least one site of the park shares a plan whose every member, there or elsewhere, saves money."""
    sites = {flow.site.name for flow in demo_flows() if flow.site.park == park}
    suits = [
        planner
        for planner, savings in common_plans()
        if sites & savings.keys() and all(saving is not None and saving > 0 for saving in savings.values())
    ]
    assert suits, park
