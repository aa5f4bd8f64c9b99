"""Groups of labels alone: flows of a few sites that an expert would bring together, and some that tempt.

A table has ``set,group,verdict,direction,kind,label,nace,why``, one row a flow, the rows of a group together;
its verdict is ``yes`` or ``no``. Eight groups of one author stand on one territory, a few metres apart and
without quantities. A group is proposed when one proposed pool holds all its members, and not more than half
of the territory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from app.services.matching import match_flows
from benchmarks.quality.pairs import ACROSS, LAT, LON, STEP
from matching.model import Direction, Flow, Kind, Site
from matching.parameters import MatchParameters
from matching.results import SynergyKind
from matching.words import stems

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class LabelledPool:
    """Flows of several sites, whether they should be brought together, and who wrote them."""

    author: str
    flows: tuple[Flow, ...]
    right: bool


def read_pools(path: Path) -> list[LabelledPool]:
    """Return the groups of a table, in its order."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [*csv.DictReader(handle)]
    groups = groupby(enumerate(rows), key=lambda row: (row[1]["set"], row[1]["group"], row[1]["verdict"]))
    return [
        LabelledPool(author, tuple(_flow(row, number) for number, row in members), verdict == "yes")
        for (author, _, verdict), members in groups
    ]


def _flow(row: dict[str, str], number: int) -> Flow:
    lon, lat = LON + number * STEP, LAT + (number % 2) * ACROSS
    site = Site(f"site {number}", lon=lon, lat=lat, activity_code=row["nace"])
    return Flow(site=site, direction=Direction(row["direction"]), label=row["label"], kind=Kind(row["kind"]))


def by_engine(pools: Sequence[LabelledPool]) -> Iterator[bool]:
    """Tell for each group whether the engine proposes it."""
    for territory in territories(pools):
        flows = [flow for pool in territory for flow in pool.flows]
        proposed = [
            frozenset(member.flow.site.name for member in synergy.members)
            for synergy in match_flows(flows, MatchParameters()).synergies
            if synergy.kind is SynergyKind.MUTUALISATION
        ]
        small = [members for members in proposed if len(members) <= len(flows) / 2]
        for pool in territory:
            wanted = {flow.site.name for flow in pool.flows}
            yield any(wanted <= members for members in small)


def by_shared_words(pools: Sequence[LabelledPool]) -> Iterator[bool]:
    """Tell for each group whether all its labels share a word."""
    return (bool(set.intersection(*({*stems(flow.label)} for flow in pool.flows))) for pool in pools)


def territories(pools: Sequence[LabelledPool]) -> Iterator[tuple[LabelledPool, ...]]:
    """Yield the groups that stand on one territory: eight of one author, fewer at the end."""
    for _, written in groupby(pools, key=lambda pool: pool.author):
        kept = [*written]
        yield from (tuple(kept[at : at + AT_ONCE]) for at in range(0, len(kept), AT_ONCE))
