"""What clubs of firms have pooled is served, by the planner that the table of the documents names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.readers import read_table
from app.services.planners import PLANNERS, PlanRequest
from app.services.planning import plans
from geo.geocoding import offline_geocoder

ROOT = Path(__file__).parents[2]
NEEDS = ROOT / "tests" / "data" / "mutualisation" / "needs.csv"
TABLE = ROOT / "docs" / "mutualisation.md"
TODAY = date(2026, 12, 1)
# Where a planner lists what it proposes, one entry a group of sites; the others propose a single one.
ENTRIES = {
    "groups": "groups",
    "jobs": "contracts",
    "training": "sessions",
    "space": "assignments",
    "transport": "lorries",
    "allocation": "links",
    "water": "exchanges",
}
# The names under which the planners' entries name a site.
SITES = ("site", "member", "offer_site", "provider", "receiver")


def needs() -> dict[str, list[dict[str, str]]]:
    """Return the rows of each need, in the order of the table."""
    found: dict[str, list[dict[str, str]]] = {}
    with NEEDS.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            found.setdefault(row["need"], []).append(row)
    return found


def as_table(rows: list[dict[str, str]]) -> bytes:
    """Return the rows as the flow table of one park."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [name for name in rows[0] if name not in ("need", "planner")])
    writer.writeheader()
    writer.writerows({name: row[name] for name in writer.fieldnames} for row in rows)
    return text.getvalue().encode()


def named(entry: Any) -> Iterator[str]:
    """Yield the sites that an entry names, at any depth."""
    if isinstance(entry, dict):
        for name, value in entry.items():
            if name in SITES and isinstance(value, str):
                yield value
            yield from named(value)
    elif isinstance(entry, list):
        for item in entry:
            yield from named(item)


def together(planner: str, content: dict[str, Any]) -> Iterator[set[str]]:
    """Yield the sites of each thing proposed."""
    if planner == "masterclass":
        yield {post["post"].split(":")[0] for post in content["posts"]}
    else:
        entries = content[ENTRIES[planner]] if planner in ENTRIES else [content["members"]]
        yield from (set(named(entry)) for entry in entries)


@pytest.mark.parametrize("need", needs())
def test_a_need_that_firms_have_pooled_is_served(need: str) -> None:
    """Two neighbours with the need, or one that has and one that lacks, are brought together."""
    rows = needs()[need]
    (planner,) = {row["planner"] for row in rows}
    read = read_table(as_table(rows), f"{need}.csv", offline_geocoder())
    assert [str(finding.message) for finding in read.findings] == []
    found = plans(planner, PlanRequest(read.flows, TODAY, time_limit_s=5.0), "fr").documents
    sites = {row["site"] for row in rows}
    groups = [group & sites for document in found for group in together(planner, document["plan"])]
    assert any(len(group) >= 2 for group in groups)


def test_the_document_names_each_need_with_its_planner_and_no_other() -> None:
    """A line of the table that says ``(need)`` names the command by which the tests served it."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    told = {
        (need, planner)
        for line in lines
        for planner, need in re.findall(r"`plan ([a-z-]+)` \(([a-z-]+)\)", line)
    }
    assert told == {(row["need"], row["planner"]) for rows in needs().values() for row in rows}
    assert {planner for _, planner in told} <= set(PLANNERS)
