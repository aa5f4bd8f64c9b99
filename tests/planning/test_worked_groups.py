"""The groups of worked territories are all found: the project's tables, and scenarios laid beside it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from app.readers import read_table
from app.services.matching import destinations_km, positions_km
from geo.geocoding import offline_geocoder
from matching.engine import default_engine
from matching.parameters import MatchParameters
from matching.planning.groups import plan_all
from matching.planning.groups_flows import problem_from_flows

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "data" / "groups"
# Where the initiative's worked scenarios are laid beside the project; elsewhere their cases are left out.
BESIDE = ROOT.parent / "shared" / "scenarios"
Members = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Expected:
    """A group that a facilitator would form: its name, its members, and the table they are in."""

    name: str
    members: Members
    table: Path
    max_km: float | None = None


def own() -> Iterator[Expected]:
    """Yield the groups expected of the project's own tables."""
    with (OWN / "expected.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for table, group in dict.fromkeys((row["table"], row["group"]) for row in rows):
        members = ((r["site"], r["label"]) for r in rows if (r["table"], r["group"]) == (table, group))
        yield Expected(group, frozenset(members), OWN / f"{table}.csv")


def beside() -> Iterator[Expected]:
    """Yield the groups that the scenarios beside the project want found."""
    for file in sorted(BESIDE.glob("*/expected.json")):
        scenario = json.loads(file.read_text(encoding="utf-8"))
        for wanted in scenario["must_find"]:
            if wanted["kind"] == "mutualisation":
                members = frozenset((m["site"], m["label"]) for m in wanted["members"])
                name = f"{file.parent.name} {wanted['id']}"
                yield Expected(name, members, file.parent / "flows.csv", scenario["max_km"])


@lru_cache(maxsize=16)
def groups_found(table: Path, max_km: float | None) -> tuple[tuple[Members, ...], int]:
    """Return the members of every group planned from a table, and how many flows the table has."""
    flows = read_table(table.read_bytes(), table.name, offline_geocoder()).flows
    engine = default_engine()
    columns, amounts = engine.columns(flows, positions_km(flows), destinations_km(flows))
    problems = problem_from_flows(
        columns, engine.catalogue, amounts, parameters=MatchParameters(max_km=max_km)
    )
    plans: Any = plan_all(problems, top=100)
    groups = (group["members"] for plan in plans for group in plan.plan["groups"])
    return tuple(frozenset((m["site"], m["label"]) for m in group) for group in groups), len(flows)


def is_found(expected: Expected) -> bool:
    """Return whether one group holds every member; one that holds half of the table's flows says nothing."""
    groups, flows = groups_found(expected.table, expected.max_km)
    return any(expected.members <= group and len(group) <= flows / 2 for group in groups)


@pytest.mark.parametrize("expected", list(own()), ids=lambda expected: expected.name)
def test_a_group_that_a_facilitator_would_form_is_found(expected: Expected) -> None:
    """All its members stand together in one of the groups proposed."""
    assert is_found(expected)


def test_the_tables_of_groups_are_read_without_a_remark() -> None:
    """No unit, place or label is left unread, so that what is tested is the grouping."""
    tables = sorted(OWN.glob("*.csv"))
    found = [read_table(t.read_bytes(), t.name, offline_geocoder()) for t in tables if t.stem != "expected"]
    assert len(found) == 4
    assert [str(finding.message) for result in found for finding in result.findings] == []


@pytest.mark.skipif(not BESIDE.is_dir(), reason="the worked scenarios are not beside the project")
def test_the_groups_of_the_worked_scenarios_are_all_found() -> None:
    """Every group that the four scenarios want found is among those planned."""
    wanted = list(beside())
    assert wanted
    assert [expected.name for expected in wanted if not is_found(expected)] == []
