"""Stored synergies: filtered and sorted for people, kept in step with what the engine proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, defer

from app.db.bulk import chunks, delete_rows, insert_rows, update_rows
from app.db.prepared import Prepared, columns_of
from app.db.spatial import Box, within_box
from app.db.tables import DeskChange, Flow, Site, Synergy, SynergyEvent, SynergyMember
from app.db.visibility import PLANNED_ANEW, VisibleSession
from app.repositories.desk import ANY_DESK, DeskCriteria
from app.repositories.paging import Order, Page, Slice, page_by_keys
from app.repositories.synergy_places import one_of, touching


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a list of synergies is narrowed to; None leaves a criterion free."""

    territory_id: str | None = None
    kind: str | None = None
    form: str | None = None
    status: str | None = None
    resource: str | None = None
    min_score: float | None = None
    min_quantity: float | None = None
    site_id: str | None = None
    park_id: str | None = None
    flow_id: str | None = None
    box: Box | None = None
    site_ids: frozenset[str] | None = None
    stale: bool | None = None
    ids: frozenset[str] | None = None
    desk: DeskCriteria = ANY_DESK


SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "score": Synergy.score,
    "confidence": Synergy.confidence,
    "distance_km": Synergy.distance_km,
    "quantity_per_year": Synergy.quantity_per_year,
    "saving_eur_per_year": Synergy.saving_eur_per_year,
    "saving_tco2e_per_year": Synergy.saving_tco2e_per_year,
    "created_at": Synergy.created_at,
}


def listed(session: VisibleSession, criteria: Criteria, part: Slice, sort: str = "-score") -> Page[Synergy]:
    """Return a page of synergies, sorted by a name of ``SORTS`` (``-`` first: the largest first)."""
    # What replays a score is read with one synergy, never with a list.
    return page_by_keys(
        session,
        select(Synergy).options(defer(Synergy.parameters)),
        Synergy,
        _conditions(session, criteria),
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
    wanted = columns.where(*_conditions(session, criteria)).order_by(
        (order.key.desc() if order.descending else order.key.asc()).nulls_last(), Synergy.id
    )
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


def places_of(session: VisibleSession, synergy_id: str) -> list[tuple[str, str | None]]:
    """Return the territory and the company of each site that takes part in a synergy."""
    wanted = (
        select(Site.territory_id, Site.company_id)
        .join(SynergyMember, SynergyMember.site_id == Site.id)
        .where(SynergyMember.synergy_id == synergy_id)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]


def count_by_status(session: VisibleSession, territory_id: str) -> dict[str, int]:
    """Return how many synergies of a territory stand at each status."""
    counted = select(Synergy.status, func.count()).where(Synergy.territory_id == territory_id)
    return {status: count for status, count in session.execute(counted.group_by(Synergy.status))}


def order_of(sort: str) -> Order:
    """Return the order of a name of ``SORTS``."""
    return Order(SORTS[sort.lstrip("-")], sort.startswith("-"))


def _conditions(session: VisibleSession, criteria: Criteria) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (Synergy.territory_id, criteria.territory_id),
        (Synergy.kind, criteria.kind),
        (Synergy.form, criteria.form),
        (Synergy.status, criteria.status),
        (Synergy.resource, criteria.resource),
        (Synergy.stale, criteria.stale),
    ):
        if value is not None:
            conditions.append(column == value)
    if criteria.min_score is not None:
        conditions.append(Synergy.score >= criteria.min_score)
    if criteria.min_quantity is not None:
        conditions.append(Synergy.quantity_per_year >= criteria.min_quantity)
    if criteria.flow_id is not None:
        members = select(SynergyMember.synergy_id).where(SynergyMember.flow_id == criteria.flow_id)
        conditions.append(Synergy.id.in_(members))
    if criteria.ids is not None:
        conditions.append(Synergy.id.in_(sorted(criteria.ids)))
    return [*conditions, *criteria.desk.conditions(), *_place_conditions(session, criteria)]


def _place_conditions(session: VisibleSession, criteria: Criteria) -> list[ColumnElement[bool]]:
    return [touching(session, place, criteria.territory_id) for place in places_asked(session, criteria)]


def places_asked(session: VisibleSession, criteria: Criteria) -> list[ColumnElement[bool]]:
    """Return the criteria of the sites that a synergy must touch, each by one of its members."""
    places: list[ColumnElement[bool]] = []
    if criteria.site_id is not None:
        places.append(Site.id == criteria.site_id)
    if criteria.park_id is not None:
        places.append(Site.park_id == criteria.park_id)
    if criteria.box is not None:
        places.append(within_box(session, criteria.box))
    if criteria.site_ids is not None:
        places.append(one_of(session, Site.id, criteria.site_ids))
    return places


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
    rows = [
        {
            "territory_id": territory_id,
            "synergy_id": row_id,
            "position": position,
            "flow_id": flow_id,
            "site_id": site_id,
            "role": role,
        }
        for row_id in [*(row["id"] for row in new), *moved]
        for position, (flow_id, site_id, role) in enumerate(members[row_id])
    ]
    insert_rows(session, SynergyMember, rows)


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
