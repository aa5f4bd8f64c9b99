"""When somebody last said that a flow is as it stands: one by one, or all that a file tells again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.db.base import new_id
from app.db.bulk import chunks, mark_rows
from app.db.tables import Flow
from app.db.visibility import VisibleSession
from app.repositories.drafts import Draft

CONFIRMATION = "confirmation"
# Flows named by one entry of an import.
ENTRY_ROWS = 1_000


def older_than(limit: datetime) -> ColumnElement[bool]:
    """Return the criterion of flows that nobody has confirmed since ``limit``."""
    return Flow.confirmed_at < limit


def count_older(session: VisibleSession, territory_id: str, limit: datetime) -> int:
    """Return how many flows of a territory nobody has confirmed since ``limit``."""
    statement = select(func.count(Flow.id)).where(Flow.territory_id == territory_id, older_than(limit))
    return session.scalars(statement).one()


def moments(session: VisibleSession, flow_ids: Iterable[str]) -> dict[str, datetime]:
    """Return when each of some flows was last confirmed."""
    found: dict[str, datetime] = {}
    for part in chunks(flow_ids, ENTRY_ROWS):
        rows = session.execute(select(Flow.id, Flow.confirmed_at).where(Flow.id.in_(part)))
        found |= {row.id: row.confirmed_at for row in rows}
    return found


def confirm_all(
    session: VisibleSession, territory_id: str, drafts: Sequence[Draft], moment: datetime
) -> Iterator[dict[str, Any]]:
    """Confirm flows at once and yield the entries by which an import can take that back."""
    formerly: dict[datetime, list[str]] = defaultdict(list)
    for draft in drafts:
        formerly[draft.value("confirmed_at")].append(draft.id)
    mark_rows(session, Flow, territory_id, [draft.id for draft in drafts], {"confirmed_at": moment})
    for before, flow_ids in formerly.items():
        for part in chunks(flow_ids, ENTRY_ROWS):
            yield {
                "resource": CONFIRMATION,
                "row_id": new_id(),
                "created": False,
                "before": {"at": before.isoformat()},
                "after": {"at": moment.isoformat(), "flow_ids": part},
            }


def take_back(session: VisibleSession, territory_id: str, entries: Iterable[Any]) -> None:
    """Take back the confirmations of an import, but for flows confirmed again since."""
    for entry in entries:
        if entry.resource == CONFIRMATION:
            _take_back(session, territory_id, entry.before, entry.after)


def _take_back(
    session: VisibleSession, territory_id: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    given = datetime.fromisoformat(after["at"])
    held = moments(session, after["flow_ids"])
    mine = [flow_id for flow_id, moment in held.items() if moment == given]
    former = datetime.fromisoformat(before["at"])
    mark_rows(session, Flow, territory_id, mine, {"confirmed_at": former})
