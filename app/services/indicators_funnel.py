"""The funnel from identified to running: who got how far, how long each step takes, what stands still."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from app.repositories.indicators import Moved, Stored
from app.services.statuses import STOPPED, Status

STEPS = tuple(status for status in Status if status not in STOPPED)
# Six months without a move: what coordinators look for before a steering committee.
STILL = timedelta(days=183)
_MOVING = frozenset({*STEPS[1:-1], Status.PAUSED})
_PLACE = {status.value: place for place, status in enumerate(STEPS)}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how many came so far at least, how many stand there, how long those who left it stayed."""

    status: str
    reached: int
    here: int
    median_days: float | None
    left: int


@dataclass(frozen=True, slots=True)
class Still:
    """A synergy somebody has started on, and since when nothing moved."""

    synergy_id: str
    status: str
    since: datetime
    days: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Steps in order, what was given up or paused by obstacle, and what has stood still the longest first."""

    steps: tuple[Step, ...]
    abandoned: Mapping[str, int]
    paused: Mapping[str, int]
    still: tuple[Still, ...]


def funnel_of(rows: Sequence[Stored], moves: Mapping[str, Sequence[Moved]], today: datetime) -> Funnel:
    """Return the funnel of a territory's synergies as it stands at a moment."""
    here = Counter(row.status for row in rows)
    reached = Counter(furthest(row, moves.get(row.id, ())) for row in rows)
    stays = _stays(rows, moves)
    steps = tuple(
        Step(
            status.value,
            sum(count for far, count in reached.items() if far >= place),
            here[status.value],
            median(stays[status.value]) if stays[status.value] else None,
            len(stays[status.value]),
        )
        for place, status in enumerate(STEPS)
    )
    still = sorted(_still(rows, moves, today), key=lambda one: (one.since, one.synergy_id))
    abandoned, paused = (_obstacles(rows, moves, status) for status in (Status.ABANDONED, Status.PAUSED))
    return Funnel(steps, abandoned, paused, tuple(still))


def furthest(row: Stored, moves: Sequence[Moved]) -> int:
    """Return the furthest step a synergy has stood at, whatever became of it."""
    return max(_PLACE.get(status, 0) for status in (row.status, *(move.to_status for move in moves)))


def contacted(rows: Sequence[Stored], moves: Mapping[str, Sequence[Moved]]) -> frozenset[str]:
    """Return the synergies that have come as far as a contact."""
    return frozenset(row.id for row in rows if furthest(row, moves.get(row.id, ())) > 0)


def given_up(rows: Sequence[Stored], moves: Mapping[str, Sequence[Moved]]) -> dict[str, frozenset[str]]:
    """Return the synergies given up, by their obstacle."""
    return {
        code: frozenset(
            row.id
            for row in rows
            if row.status == Status.ABANDONED and code in _obstacles([row], moves, Status.ABANDONED)
        )
        for code in _obstacles(rows, moves, Status.ABANDONED)
    }


def _stays(rows: Sequence[Stored], moves: Mapping[str, Sequence[Moved]]) -> dict[str, list[float]]:
    """Return how many days synergies stayed at each step, for the stays that are over."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        since = row.created_at
        for move in moves.get(row.id, ()):
            found[move.from_status].append(max(move.at - since, timedelta()) / timedelta(days=1))
            since = move.at
    return found


def _obstacles(
    rows: Sequence[Stored], moves: Mapping[str, Sequence[Moved]], status: Status
) -> dict[str, int]:
    """Return how many synergies stand at a stopped status by obstacle, the most frequent first."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.status == status:
            own = (move.obstacle for move in reversed(moves.get(row.id, ())) if move.to_status == status)
            found[next(own, "")] += 1
    return dict(sorted(found.items(), key=lambda entry: (-entry[1], entry[0])))


def _still(rows: Sequence[Stored], moves: Mapping[str, Sequence[Moved]], today: datetime) -> list[Still]:
    found = []
    for row in rows:
        own = moves.get(row.id, ())
        since = own[-1].at if own else row.created_at
        if row.status in _MOVING and today - since >= STILL:
            found.append(Still(row.id, row.status, since, (today - since).days))
    return found
