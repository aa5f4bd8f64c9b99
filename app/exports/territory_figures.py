"""The figures of a territory's report, each counted from what is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.translations.names import STATUSES as STATUSES
from matching.model import Direction, Flow, Precision, Site

Frozen = Mapping[str, Any]
DONE = frozenset({"implemented", "running"})
STOPPED = frozenset({"paused", "abandoned"})
KINDS = ("substitution", "mutualisation", "loop")
# After so long a declaration is asked again.
CONFIRMED_DAYS = 730
ESTIMATES = ("saving_eur", "saving_tco2e")


@dataclass(frozen=True, slots=True)
class Range:
    """A sum of estimates: the middle, and the sums of all low and of all high ends."""

    middle: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Doubts:
    """What makes the figures less sure than they look."""

    approximate_sites: int
    unplaced_sites: int
    without_quantity: int
    unconfirmed: int
    without_worth: int
    stale: int
    to_check: Mapping[str, int]


def current(synergies: Sequence[Frozen]) -> list[Frozen]:
    """Return the synergies that the engine still proposes and nobody has stopped."""
    return [one for one in synergies if not one["stale"] and one["status"] not in STOPPED]


def apart(synergies: Sequence[Frozen]) -> list[Frozen]:
    """Return the synergies that can all be had together: each flow once, those worth most first.

    Two receivers of one flow compete; to add both up would promise the same tonne twice.
    """
    taken: set[str] = set()
    chosen = []
    for one in sorted(synergies, key=_rank):
        flows = {member["flow_id"] for member in one["members"]}
        if not flows & taken:
            chosen.append(one)
            taken |= flows
    return chosen


def _rank(one: Frozen) -> tuple[Any, ...]:
    # What runs already keeps its flows, whatever a rival would be worth.
    done = one["status"] not in DONE
    worth = one["saving_eur_per_year"] or 0.0
    return done, -worth, -(one["saving_tco2e_per_year"] or 0.0), -one["score"], one["id"]


def worth(synergies: Sequence[Frozen], estimate: str) -> Range:
    """Return what synergies are worth together, by an estimate of ``ESTIMATES``."""
    told = [one for one in synergies if one[f"{estimate}_per_year"] is not None]
    names = (f"{estimate}_per_year", f"{estimate}_low", f"{estimate}_high")
    middle, low, high = (sum(one[name] for one in told) for name in names)
    return Range(middle, low, high, len(told))


def by_status(synergies: Sequence[Frozen]) -> dict[str, int]:
    """Return how many synergies stand at each status; those that the engine withdrew are left out."""
    counts = Counter(one["status"] for one in synergies if not one["stale"])
    return {status: counts[status] for status in STATUSES}


def by_flow_kind(flows: Sequence[Flow]) -> list[tuple[str, int, int, int]]:
    """Return kind, outputs, inputs and how many have a quantity, the kind with most flows first."""
    outputs = Counter(flow.kind.value for flow in flows if flow.direction is Direction.OUTPUT)
    inputs = Counter(flow.kind.value for flow in flows if flow.direction is Direction.INPUT)
    quantified = Counter(flow.kind.value for flow in flows if flow.quantity is not None)
    kinds = sorted(outputs.keys() | inputs.keys(), key=lambda kind: (-outputs[kind] - inputs[kind], kind))
    return [(kind, outputs[kind], inputs[kind], quantified[kind]) for kind in kinds]


def references(synergies: Sequence[Frozen]) -> list[tuple[Mapping[str, Any], int]]:
    """Return the published figures that the estimates rest on, with how many synergies use each."""
    counts: Counter[str] = Counter()
    known: dict[str, Mapping[str, Any]] = {}
    for one in synergies:
        for said in one["assumptions"]:
            if isinstance(said, Mapping) and "source" in said["params"] and "item" in said["params"]:
                key = repr(sorted(said["params"].items(), key=lambda entry: entry[0]))
                known.setdefault(key, said)
                counts[key] += 1
    return [(known[key], count) for key, count in sorted(counts.items(), key=lambda e: (-e[1], e[0]))]


def doubts(
    sites: Sequence[Site], flows: Sequence[Flow], synergies: Sequence[Frozen], printed: date
) -> Doubts:
    """Return what is approximate, missing or old in the figures."""
    shown = current(synergies)
    oldest = printed - timedelta(days=CONFIRMED_DAYS)
    warned = Counter(code for one in shown for code in {warning["code"] for warning in one["warnings"]})
    return Doubts(
        approximate_sites=sum(site.placed and site.precision is Precision.COMMUNE for site in sites),
        unplaced_sites=sum(not site.placed for site in sites),
        without_quantity=sum(flow.quantity is None for flow in flows),
        unconfirmed=sum(flow.collected_on is None or flow.collected_on < oldest for flow in flows),
        without_worth=sum(all(one[f"{name}_per_year"] is None for name in ESTIMATES) for one in shown),
        stale=sum(bool(one["stale"]) for one in synergies),
        to_check=dict(warned),
    )
