"""Stored synergies: kept in step with what the engine proposes, filtered and sorted for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db.spatial import Box, within_box
from app.db.tables import Flow, Site, Synergy, SynergyEvent, SynergyMember
from app.db.visibility import VisibleSession
from app.repositories.paging import Order, Page, Slice, page

# Unknown figures go last whichever way the list is sorted; no real figure comes near.
BEYOND_ALL = 1e300


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
    statement = select(Synergy).where(*_conditions(session, criteria))
    return page(session, statement, Synergy, part, _order(sort))


def _order(sort: str) -> Order:
    descending = sort.startswith("-")
    column = SORTS[sort.lstrip("-")]
    if column is Synergy.created_at:
        return Order(column, descending)
    return Order(func.coalesce(column, -BEYOND_ALL if descending else BEYOND_ALL), descending)


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
        conditions.append(_has_member(SynergyMember.flow_id == criteria.flow_id))
    return conditions + _place_conditions(session, criteria)


def _place_conditions(session: VisibleSession, criteria: Criteria) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.site_id is not None:
        conditions.append(_has_member(SynergyMember.site_id == criteria.site_id))
    if criteria.park_id is not None:
        sites = select(Site.id).where(Site.park_id == criteria.park_id)
        conditions.append(_has_member(SynergyMember.site_id.in_(sites)))
    if criteria.box is not None:
        sites = select(Site.id).where(within_box(session, criteria.box))
        conditions.append(_has_member(SynergyMember.site_id.in_(sites)))
    if criteria.site_ids is not None:
        conditions.append(_has_member(SynergyMember.site_id.in_(sorted(criteria.site_ids))))
    return conditions


def _has_member(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Synergy.id.in_(select(SynergyMember.synergy_id).where(condition))


def of_territory(session: VisibleSession, territory_id: str) -> dict[str, Synergy]:
    """Return the synergies of a territory by signature."""
    rows = session.scalars(select(Synergy).where(Synergy.territory_id == territory_id))
    return {row.signature: row for row in rows}


def members_of(session: VisibleSession, territory_id: str) -> dict[str, list[SynergyMember]]:
    """Return the members of a territory's synergies by synergy, in their order."""
    statement = select(SynergyMember).where(SynergyMember.territory_id == territory_id)
    found: dict[str, list[SynergyMember]] = {}
    for member in session.scalars(statement.order_by(SynergyMember.position)):
        found.setdefault(member.synergy_id, []).append(member)
    return found


def followed(session: VisibleSession, territory_id: str) -> frozenset[str]:
    """Return the synergies of a territory that somebody has moved at least once."""
    statement = select(SynergyEvent.synergy_id).where(SynergyEvent.territory_id == territory_id)
    return frozenset(session.scalars(statement))


def history(session: VisibleSession, synergy_id: str) -> Sequence[SynergyEvent]:
    """Return the moves of a synergy, the first one first."""
    statement = select(SynergyEvent).where(SynergyEvent.synergy_id == synergy_id)
    return session.scalars(statement.order_by(SynergyEvent.at, SynergyEvent.id)).all()


def flows_of(session: VisibleSession, synergy_ids: Sequence[str]) -> Sequence[Flow]:
    """Return the flows, still there, of some synergies."""
    members = select(SynergyMember.flow_id).where(SynergyMember.synergy_id.in_(synergy_ids))
    return session.scalars(select(Flow).where(Flow.id.in_(members)).order_by(Flow.id)).all()
