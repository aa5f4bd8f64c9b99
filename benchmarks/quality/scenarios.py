"""Labelled territories: which expected synergies are found, which wrong ones are put above them.

A scenario is a folder with ``flows.csv`` (the flow table) and ``expected.json`` (``max_km``, ``must_find``,
``must_not_find``). A substitution is found when its receiver is among the first ``top`` of the provider's
flow; a group when one proposed group holds all its members, and not more than half of the territory; a loop
when one proposed loop holds exactly its flows. A wrong pair or group counts when it is proposed, unless all
that was expected is found and ranks above it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.readers import read_table
from geo.geocoding import offline_geocoder
from matching.model import Flow

Key = tuple[str, str]
Pair = tuple[Key, Key]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed synergy, best first in a list: its kind and its members in order."""

    kind: str
    members: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A territory, read, with what an expert expects of it."""

    name: str
    flows: tuple[Flow, ...]
    expected: dict[str, Any]
    is_output: dict[Key, bool]

    @property
    def max_km(self) -> float:
        """The furthest distance proposed, in road km."""
        return float(self.expected["max_km"])


@dataclass(slots=True)
class Score:
    """How many were found of those expected, and how many wrong ones stood above them."""

    name: str
    expected: int = 0
    found: int = 0
    wrong: int = 0
    violated: int = 0
    details: list[str] = field(default_factory=list)


def read_scenarios(folder: Path) -> list[Scenario]:
    """Return the scenarios below ``folder``, in the order of their names."""
    return [_read(path.parent) for path in sorted(folder.glob("*/expected.json"))]


def _read(folder: Path) -> Scenario:
    read = read_table((folder / "flows.csv").read_bytes(), "flows.csv", offline_geocoder())
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    outputs = {flow_name(flow): flow.is_output for flow in read.flows}
    return Scenario(folder.name, tuple(f for f in read.flows if f.site.placed), expected, outputs)


def flow_name(flow: Flow) -> Key:
    """Return what a scenario calls a flow: its site and its label."""
    return " ".join(flow.site.name.split()), " ".join(flow.label.split())


def member_name(member: dict[str, str]) -> Key:
    """Return what a scenario calls the flow of a member of an expected or wrong synergy."""
    return " ".join(member["site"].split()), " ".join(member["label"].split())


def score(scenario: Scenario, proposals: Sequence[Proposal]) -> Score:
    """Count what was found and what was wrong among ``proposals``, best first."""
    ranks = _Ranks(scenario, proposals)
    result = Score(scenario.name)
    lowest, all_found = -1, True
    for entry in scenario.expected["must_find"]:
        place = ranks.place(entry, must=True)
        result.expected += 1
        if place is None:
            all_found = False
            result.details.append(f"missed {_said(entry)}")
        else:
            result.found += 1
            lowest = max(lowest, place)
    for entry in scenario.expected["must_not_find"]:
        place = ranks.place(entry, must=False)
        result.wrong += 1
        if place is not None and not (all_found and place > lowest):
            result.violated += 1
            result.details.append(f"proposed {_said(entry)}: {entry.get('why', '')}")
    return result


def _said(entry: dict[str, Any]) -> str:
    return f"{entry['kind']}: " + " + ".join(f"{m['site']} / {m['label']}" for m in entry["members"])


class _Ranks:
    """Where each pair, group and loop stands in a list of proposals."""

    def __init__(self, scenario: Scenario, proposals: Sequence[Proposal]) -> None:
        self._half = len(scenario.is_output) / 2
        self._pairs: dict[Pair, int] = {}
        self._receivers: dict[Key, list[Key]] = {}
        self._groups: list[tuple[int, frozenset[Key]]] = []
        self._loops: list[tuple[int, frozenset[Key]]] = []
        self._is_output = scenario.is_output
        for place, proposal in enumerate(proposals):
            members = frozenset(proposal.members)
            if proposal.kind == "mutualisation":
                self._groups.append((place, members))
                continue
            if proposal.kind == "loop":
                self._loops.append((place, members))
            for pair in self._exchanges(proposal.members, closed=proposal.kind == "loop"):
                self._pairs.setdefault(pair, place)
                receivers = self._receivers.setdefault(pair[0], [])
                if pair[1] not in receivers:
                    receivers.append(pair[1])

    def _exchanges(self, members: tuple[Key, ...], *, closed: bool) -> list[Pair]:
        following = [*members[1:], members[0]] if closed else members[1:]
        steps = zip(members, following, strict=False)
        return [(a, b) for a, b in steps if self._is_output.get(a) and self._is_output.get(b) is False]

    def place(self, entry: dict[str, Any], *, must: bool) -> int | None:
        """Return the rank of what an entry describes, None when it is not proposed (or not well enough)."""
        members = [member_name(member) for member in entry["members"]]
        if entry["kind"] == "substitution":
            pair = members[0], members[1]
            if pair not in self._pairs:
                return None
            rank = self._receivers[pair[0]].index(pair[1]) + 1
            return None if must and rank > entry.get("top", 3) else self._pairs[pair]
        wanted = frozenset(members)
        if entry["kind"] == "mutualisation":
            fits = (p for p, g in self._groups if wanted <= g and not (must and len(g) > self._half))
            return next(fits, None)
        outputs = frozenset(m for m in wanted if self._is_output.get(m))
        return next((p for p, loop in self._loops if loop in (wanted, outputs, wanted - outputs)), None)
