"""Stored synergies: filtered and sorted for people, kept in step with what the engine proposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import defer

from app.db.bulk import chunks, delete_rows, insert_rows, update_rows
from app.db.prepared import Prepared, columns_of
from app.db.tables import DeskChange, Flow, Site, Synergy, SynergyEvent, SynergyMember
from app.db.visibility import PLANNED_ANEW, VisibleSession
from app.repositories.paging import Page, Slice, page_by_keys, sorted_by
from app.repositories.synergy_criteria import Criteria, conditions, order_of


def listed(session: VisibleSession, criteria: Criteria, part: Slice, sort: str = "-score") -> Page[Synergy]:
    """Return a page of synergies, sorted by a name of ``SORTS`` (``-`` first: the largest first)."""
    # What replays a score is read with one synergy, never with a list.
    return page_by_keys(
        session,
        select(Synergy).options(defer(Synergy.parameters)),
        Synergy,
        conditions(session, criteria),
        part,
        order_of(sort),
    )


class Promising(NamedTuple):
    """A synergy without its document; ``eur`` in EUR a year, ``score`` of 100, ``confidence`` of 1."""

    id: str
    score: float
    confidence: float
    eur: float | None


def promising(session: VisibleSession, criteria: Criteria, most: int, sort: str) -> list[Promising]:
    """Return the first ``most`` synergies of a list, without their documents."""
    order = order_of(sort)
    columns = select(Synergy.id, Synergy.score, Synergy.confidence, Synergy.saving_eur_per_year)
    wanted = columns.where(*conditions(session, criteria)).order_by(sorted_by(order), Synergy.id)
    first = wanted.limit(most).execution_options(**{PLANNED_ANEW: True})
    return [Promising._make(row) for row in session.execute(first)]


def flows_named_in(session: VisibleSession, synergy_ids: Sequence[str]) -> dict[str, set[str]]:
    """Return the flows of some synergies, by the identifiers of the synergies."""
    found: dict[str, set[str]] = {}
    wanted = select(SynergyMember.synergy_id, SynergyMember.flow_id)
    for chunk in chunks(synergy_ids, 500):
        for synergy_id, flow_id in session.execute(wanted.where(SynergyMember.synergy_id.in_(chunk))):
            found.setdefault(synergy_id, set()).add(flow_id)
    return found


_PLACES = Prepared(
    lambda _dialect: (
        select(Site.territory_id, Site.company_id)
        .join(SynergyMember, SynergyMember.site_id == Site.id)
        .where(SynergyMember.synergy_id == bindparam("synergy_id", ""))
    )
)


def places_of(session: VisibleSession, synergy_id: str) -> list[tuple[str, str | None]]:
    """Return the territory and the company of each site that takes part in a synergy."""
    return [(row.territory_id, row.company_id) for row in _PLACES.rows(session, synergy_id=synergy_id)]


def count_by_status(session: VisibleSession, territory_id: str) -> dict[str, int]:
    """Return how many synergies of a territory stand at each status."""
    counted = select(Synergy.status, func.count()).where(Synergy.territory_id == territory_id)
    return {status: count for status, count in session.execute(counted.group_by(Synergy.status))}


_GROUPS = Prepared(
    lambda _dialect: select(Synergy.document).where(
        Synergy.territory_id == bindparam("territory_id", ""),
        Synergy.id.in_(
            select(SynergyMember.synergy_id).where(SynergyMember.flow_id == bindparam("flow_id", ""))
        ),
        Synergy.stale.is_(False),
        Synergy.kind != "substitution",
    )
)


def groups_of(session: VisibleSession, territory_id: str, flow_id: str) -> list[dict[str, Any]]:
    """Return the documents of the stored groups and loops that a flow takes part in and that still hold."""
    return [row.document for row in _GROUPS.rows(session, territory_id=territory_id, flow_id=flow_id)]


class Known(NamedTuple):
    """A stored synergy: its identifier, its kind, and the digest of what the engine said of it."""

    id: str
    kind: str
    content: str


# Flow, site and role of a member.
MemberRow = tuple[str, str, str]


def known(session: VisibleSession, territory_id: str) -> dict[str, Known]:
    """Return the synergies of a territory by signature."""
    columns = select(Synergy.signature, Synergy.id, Synergy.kind, Synergy.content)
    rows = session.execute(columns.where(Synergy.territory_id == territory_id))
    return {signature: Known(*rest) for signature, *rest in rows}


def store(
    session: VisibleSession,
    territory_id: str,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[Mapping[str, Any]],
    members: Mapping[str, Sequence[MemberRow]],
) -> None:
    """Store new and changed synergies of a territory, with the members of each by its identifier.

    Parameters
    ----------
    new
        Whole rows, with their territory.
    """
    insert_rows(session, Synergy, new)
    update_rows(session, Synergy, territory_id, changed)
    present = _present_members(session, [row["id"] for row in changed])
    moved = [
        row["id"] for row in changed if [m[1:] for m in present.get(row["id"], [])] != [*members[row["id"]]]
    ]
    gone = [member[0] for row_id in moved for member in present.get(row_id, [])]
    delete_rows(session, SynergyMember, territory_id, gone)
    rows = member_rows(territory_id, [*(row["id"] for row in new), *moved], members)
    # A file tells the flows of a site together: so sorted, the indexes of both are entered side by side.
    rows.sort(key=itemgetter("flow_id"))
    insert_rows(session, SynergyMember, rows)


def member_rows(
    territory_id: str, synergy_ids: Iterable[str], members: Mapping[str, Sequence[MemberRow]]
) -> list[dict[str, Any]]:
    """Return the rows of the members of some synergies, in their order."""
    return [
        {
            "territory_id": territory_id,
            "synergy_id": row_id,
            "position": position,
            "flow_id": flow_id,
            "site_id": site_id,
            "role": role,
        }
        for row_id in synergy_ids
        for position, (flow_id, site_id, role) in enumerate(members[row_id])
    ]


def _present_members(
    session: VisibleSession, synergy_ids: Sequence[str]
) -> dict[str, list[tuple[str, str, str, str]]]:
    """Return the identifier, flow, site and role of the members of some synergies, in their order."""
    member, found = SynergyMember, dict[str, list[tuple[str, str, str, str]]]()
    for chunk in chunks(synergy_ids, 5_000):
        columns = select(member.synergy_id, member.id, member.flow_id, member.site_id, member.role)
        wanted = columns.where(member.synergy_id.in_(chunk)).order_by(member.position)
        for synergy_id, *rest in session.execute(wanted):
            found.setdefault(synergy_id, []).append((rest[0], rest[1], rest[2], rest[3]))
    return found


def mark_stale(session: VisibleSession, territory_id: str, synergy_ids: Sequence[str]) -> None:
    """Mark synergies that the engine no longer proposes; what it said of them is to be said again."""
    wanted = select(Synergy.id).where(Synergy.territory_id == territory_id, Synergy.stale.is_(False))
    fresh = frozenset(session.scalars(wanted)) if synergy_ids else frozenset()
    stale = [row_id for row_id in synergy_ids if row_id in fresh]
    rows = [{"id": row_id, "stale": True, "content": ""} for row_id in stale]
    update_rows(session, Synergy, territory_id, rows)


def remove(session: VisibleSession, territory_id: str, synergy_ids: Sequence[str]) -> None:
    """Delete synergies with their members."""
    delete_rows(session, Synergy, territory_id, synergy_ids)


def followed(session: VisibleSession, territory_id: str) -> frozenset[str]:
    """Return the synergies of a territory that somebody has moved, set aside, taken on or spoken of."""
    found: set[str] = set()
    for cls in (SynergyEvent, DeskChange):
        found.update(session.scalars(select(cls.synergy_id).where(cls.territory_id == territory_id)))
    return frozenset(found)


_HISTORY = Prepared(
    lambda _dialect: (
        select(*columns_of(SynergyEvent))
        .where(SynergyEvent.synergy_id == bindparam("synergy_id", ""))
        .order_by(SynergyEvent.at, SynergyEvent.id)
    )
)


def history(session: VisibleSession, synergy_id: str) -> Sequence[Any]:
    """Return the columns of the moves of a synergy, the first one first."""
    return _HISTORY.rows(session, synergy_id=synergy_id)


def flows_of(session: VisibleSession, synergy_ids: Sequence[str]) -> Sequence[Flow]:
    """Return the flows, still there, of some synergies."""
    members = select(SynergyMember.flow_id).where(SynergyMember.synergy_id.in_(synergy_ids))
    return session.scalars(select(Flow).where(Flow.id.in_(members)).order_by(Flow.id)).all()
