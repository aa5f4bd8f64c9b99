"""Which synergies a territory's figures are reckoned from: each flow in one of them at most.

Alternatives compete for the same flow, and their worths must not be added. The choice takes what is done
before what is under way, that before what is only identified; among equals what promises most. It is greedy
and therefore prudent: a flow large enough for two receivers still counts for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from app.repositories.indicators import Part, Stored
from app.services.statuses import Status


class Stage(StrEnum):
    """How real a figure is."""

    ACHIEVED = "achieved"
    UNDER_WAY = "under_way"
    POTENTIAL = "potential"


STAGE_OF: Mapping[str, Stage] = {
    Status.RUNNING: Stage.ACHIEVED,
    Status.IMPLEMENTED: Stage.ACHIEVED,
    Status.IMPLEMENTING: Stage.UNDER_WAY,
    Status.NEGOTIATION: Stage.UNDER_WAY,
    Status.STUDY: Stage.UNDER_WAY,
    Status.DISCUSSION: Stage.UNDER_WAY,
    Status.CONTACTED: Stage.UNDER_WAY,
    Status.PAUSED: Stage.POTENTIAL,
    Status.IDENTIFIED: Stage.POTENTIAL,
}
_FIRST = list(Stage)


def chosen(rows: Iterable[Stored], parts: Mapping[str, Sequence[Part]]) -> list[Stored]:
    """Return the synergies that count, no two with a flow in common."""
    used: set[str] = set()
    found: list[Stored] = []
    for row in sorted(filter(_counts, rows), key=_order):
        flows = {part.flow_id for part in parts.get(row.id, ())}
        if flows and not flows & used:
            found.append(row)
            used |= flows
    return found


def _counts(row: Stored) -> bool:
    """Leave out what was given up, what is no longer proposed, and what would cost more than it saves."""
    stage = STAGE_OF.get(row.status)
    if stage is None:
        return False
    return stage is not Stage.POTENTIAL or not (row.stale or (row.eur or 0.0) < 0)


def _order(row: Stored) -> tuple[int, float, float, float, str]:
    sure = row.confidence * row.score
    return (
        _FIRST.index(STAGE_OF[row.status]),
        -(row.eur or 0.0) * sure,
        -(row.tco2e or 0.0) * sure,
        -row.score,
        row.id,
    )
