"""Worth by group as bars: achieved, under way and possible side by side, with the range of the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.services.indicators_choice import Stage
from app.services.indicators_worth import Sum, Worth, total

WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stage's share of a bar, in hundredths of the longest."""

    stage: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class WorthRow:
    """A group: its sums by stage and in all, its bar, where its range starts and ends."""

    group: str
    count: int
    stages: Mapping[str, Sum]
    all: Sum
    segments: tuple[Segment, ...]
    low: float
    high: float


def worth_rows(found: Sequence[Worth], measure: str) -> list[WorthRow]:
    """Return the groups that have a figure in ``measure`` (``eur`` or ``tco2e``), the largest first."""
    groups: dict[str, dict[str, Sum]] = {}
    counts: dict[str, int] = {}
    for one in found:
        groups.setdefault(one.group, {})[one.stage.value] = getattr(one, measure)
        counts[one.group] = counts.get(one.group, 0) + one.count
    sums = {group: _joined(stages) for group, stages in groups.items()}
    longest = max([1e-9, *(whole.high for whole in sums.values()), *(s.middle for s in sums.values())])
    rows = [
        _row(group, counts[group], groups[group], whole, WIDTH / longest)
        for group, whole in sums.items()
        if whole.count
    ]
    return sorted(rows, key=lambda row: (-row.all.middle, row.group))


def _joined(stages: Mapping[str, Sum]) -> Sum:
    whole = Sum()
    for part in stages.values():
        whole = whole.joined(part)
    return whole


def _row(group: str, count: int, stages: Mapping[str, Sum], whole: Sum, scale: float) -> WorthRow:
    segments, x = [], 0.0
    for stage in Stage:
        width = max(stages.get(stage.value, Sum()).middle, 0.0) * scale
        if width > 0:
            segments.append(Segment(stage.value, x, width))
        x += width
    low, high = (max(bound, 0.0) * scale for bound in (whole.low, whole.high))
    return WorthRow(group, count, stages, whole, tuple(segments), low, high)


def stage_totals(found: Sequence[Worth]) -> dict[str, tuple[Sum, Sum]]:
    """Return the money and the gases of each stage, over all groups."""
    return {stage.value: total(found, stage) for stage in Stage}
