"""What the plans already made say about a pool: what each of its members saves, and in which result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.db.tables import Plan
from app.db.visibility import VisibleSession
from app.repositories.paging import Slice
from app.repositories.plans import DONE, listed

# Plans of each planner that are looked through, the latest first.
LOOKED_AT = 5
LEAST_IN_COMMON = 2
Member = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """The result of a plan that has most members in common with a pool.

    Attributes
    ----------
    savings
        EUR a year by site and label; None where the plan cannot tell.
    alone
        Members of the pool that the result leaves out.
    """

    plan_id: str
    planner: str
    number: int
    made_at: datetime
    savings: Mapping[Member, float | None]
    alone: frozenset[Member]

    @property
    def total(self) -> float | None:
        """What the members save together, None when it is known of none."""
        known = [saving for saving in self.savings.values() if saving is not None]
        return sum(known) if known else None


def told_of(
    session: VisibleSession, territory_id: str, members: Sequence[Mapping[str, Any]], planners: Sequence[str]
) -> Told | None:
    """Return the result that fits the pool best, of the first planner that has one."""
    pool = {(str(member["site"]), str(member["label"])) for member in members}
    for planner in planners:
        rows = listed(session, Slice(LOOKED_AT), territory_id, planner, DONE).items
        best = max((one for row in rows for one in _candidates(row, pool)), key=_likeness, default=None)
        if best is not None:
            return best
    return None


def _candidates(row: Plan, pool: set[Member]) -> Iterator[Told]:
    for number, document in enumerate(row.documents, 1):
        for group in _groups(document["plan"]):
            savings = {_key(one): one.get("saving_eur_per_year") for one in group}
            common = pool & savings.keys()
            if len(common) >= LEAST_IN_COMMON:
                kept = {key: savings[key] for key in common}
                yield Told(row.id, row.planner, number, row.created_at, kept, frozenset(pool - common))


def _groups(plan: Mapping[str, Any]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield the members of each group, contract or whole plan of a document."""
    if isinstance(plan.get("members"), list):
        yield plan["members"]
    for name in ("groups", "contracts"):
        for part in plan.get(name) or ():
            yield part["members"]


def _key(member: Mapping[str, Any]) -> Member:
    return str(member.get("site", member.get("member", ""))), str(member.get("label", ""))


def _likeness(told: Told) -> tuple[int, float, datetime]:
    return len(told.savings), told.total or 0.0, told.made_at
