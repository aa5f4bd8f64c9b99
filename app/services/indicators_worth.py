"""What the chosen synergies are worth, by their kind or by the kind of their flows, and how real it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.repositories.indicators import Ranges, Stored
from app.services.indicators_choice import STAGE_OF, Stage


@dataclass(slots=True)
class Sum:
    """A sum of estimates and its range: all at their lowest, all at their highest."""

    middle: float = 0.0
    low: float = 0.0
    high: float = 0.0
    count: int = 0

    def add(self, middle: float | None, low: float | None, high: float | None) -> None:
        """Add an estimate; one that is not known adds nothing."""
        if middle is None:
            return
        self.middle += middle
        self.low += middle if low is None else low
        self.high += middle if high is None else high
        self.count += 1

    def joined(self, other: Sum) -> Sum:
        """Return both together."""
        return Sum(
            self.middle + other.middle, self.low + other.low, self.high + other.high, self.count + other.count
        )


@dataclass(frozen=True, slots=True)
class Worth:
    """What a group of synergies is worth a year at one stage; ``count`` includes those without a figure."""

    group: str
    stage: Stage
    count: int
    eur: Sum
    tco2e: Sum


def worths(
    rows: Iterable[Stored], ranges: Mapping[str, Ranges], group_of: Callable[[Stored], str]
) -> tuple[Worth, ...]:
    """Return what the synergies are worth by group and stage, in the order of the names of the groups."""
    groups: dict[tuple[str, Stage], list[Stored]] = defaultdict(list)
    for row in rows:
        groups[group_of(row), STAGE_OF[row.status]].append(row)
    return tuple(_worth(group, stage, groups[group, stage], ranges) for group, stage in sorted(groups))


def _worth(group: str, stage: Stage, rows: Iterable[Stored], ranges: Mapping[str, Ranges]) -> Worth:
    eur, tco2e, count = Sum(), Sum(), 0
    for row in rows:
        known = ranges.get(row.id, Ranges(None, None, None, None))
        eur.add(row.eur, known.eur_low, known.eur_high)
        tco2e.add(row.tco2e, known.tco2e_low, known.tco2e_high)
        count += 1
    return Worth(group, stage, count, eur, tco2e)


def total(found: Iterable[Worth], stage: Stage | None = None) -> tuple[Sum, Sum]:
    """Return the sums of money and of gases over all groups, of one stage or of all."""
    eur, tco2e = Sum(), Sum()
    for one in found:
        if stage in (None, one.stage):
            eur, tco2e = eur.joined(one.eur), tco2e.joined(one.tco2e)
    return eur, tco2e
