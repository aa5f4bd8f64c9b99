"""What the indicators of a territory are reckoned from: plain columns of its synergies, moves and flows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.db.bulk import chunks
from app.db.tables import Company, Flow, Site, Synergy, SynergyEvent, SynergyMember
from app.db.visibility import VisibleSession

MOST_NAMED = 500


class Stored(NamedTuple):
    """A synergy without its document; money in EUR a year, gases in tonnes of CO2 equivalent a year."""

    id: str
    kind: str
    form: str | None
    resource: str | None
    status: str
    stale: bool
    score: float
    confidence: float
    quantity_per_year: float | None
    unit: str | None
    eur: float | None
    tco2e: float | None
    created_at: datetime


class Part(NamedTuple):
    """A flow of a synergy, its site and its role."""

    flow_id: str
    site_id: str
    role: str


class Moved(NamedTuple):
    """One move of a status."""

    at: datetime
    from_status: str
    to_status: str
    obstacle: str


class Ranges(NamedTuple):
    """The ranges of what a synergy saves, None where nothing is known."""

    eur_low: float | None
    eur_high: float | None
    tco2e_low: float | None
    tco2e_high: float | None


def marks(session: VisibleSession, territory_id: str) -> tuple[object, ...]:
    """Return what differs as soon as anything the indicators are reckoned from has changed."""
    found: list[object] = []
    for cls in (Flow, Site, Company):
        changed = func.count(cls.id), func.sum(cls.version), func.max(cls.updated_at)
        found += session.execute(select(*changed).where(cls.territory_id == territory_id)).one()
    # Synergies change with these, by a move, which is an event, or by a new engine, which gives other scores:
    # what an index holds tells so, where to read their rows would take most of the page's time.
    for columns in (
        (func.count(Synergy.id), func.max(Synergy.created_at)),
        (func.sum(Synergy.score),),
        (func.sum(Synergy.saving_eur_per_year),),
    ):
        found += session.execute(select(*columns).where(Synergy.territory_id == territory_id)).one()
    counted = select(func.count(SynergyEvent.id)).where(SynergyEvent.territory_id == territory_id)
    return (*found, session.execute(counted).scalar_one())


def stored(session: VisibleSession, territory_id: str) -> list[Stored]:
    """Return the synergies of a territory, those with the best score first."""
    columns = (
        Synergy.id, Synergy.kind, Synergy.form, Synergy.resource, Synergy.status, Synergy.stale,
        Synergy.score, Synergy.confidence, Synergy.quantity_per_year, Synergy.unit,
        Synergy.saving_eur_per_year, Synergy.saving_tco2e_per_year, Synergy.created_at,
    )  # fmt: skip
    wanted = select(*columns).where(Synergy.territory_id == territory_id)
    return [Stored._make(row) for row in session.execute(wanted.order_by(Synergy.score.desc(), Synergy.id))]


def parts(session: VisibleSession, territory_id: str) -> dict[str, list[Part]]:
    """Return the members of each synergy of a territory, in their order."""
    member, found = SynergyMember, defaultdict[str, list[Part]](list)
    columns = select(member.synergy_id, member.flow_id, member.site_id, member.role)
    wanted = columns.where(member.territory_id == territory_id).order_by(member.position)
    for synergy_id, *rest in session.execute(wanted):
        found[synergy_id].append(Part._make(rest))
    return found


def moves(session: VisibleSession, territory_id: str) -> dict[str, list[Moved]]:
    """Return the moves of each synergy that somebody has moved, the first one first."""
    event, found = SynergyEvent, defaultdict[str, list[Moved]](list)
    columns = select(event.synergy_id, event.at, event.from_status, event.to_status, event.obstacle)
    wanted = columns.where(event.territory_id == territory_id).order_by(event.at, event.id)
    for synergy_id, *rest in session.execute(wanted):
        found[synergy_id].append(Moved._make(rest))
    return found


def companies_of_sites(session: VisibleSession, territory_id: str) -> dict[str, str]:
    """Return the company of each site of a territory that has one."""
    wanted = select(Site.id, Site.company_id).where(
        Site.territory_id == territory_id, Site.company_id.is_not(None)
    )
    return {site_id: company_id for site_id, company_id in session.execute(wanted) if company_id}


def ranges(session: VisibleSession, synergy_ids: Sequence[str]) -> dict[str, Ranges]:
    """Return the ranges of what some synergies save, by their identifiers."""
    bounds = [Synergy.document[name].as_float() for name in
              ("saving_eur_low", "saving_eur_high", "saving_tco2e_low", "saving_tco2e_high")]  # fmt: skip
    found: dict[str, Ranges] = {}
    for chunk in chunks(synergy_ids, MOST_NAMED):
        for row in session.execute(select(Synergy.id, *bounds).where(Synergy.id.in_(chunk))):
            found[row[0]] = Ranges._make(row[1:])
    return found


def documents(session: VisibleSession, synergy_ids: Iterable[str]) -> dict[str, Any]:
    """Return the documents of a few synergies by their identifiers."""
    wanted = select(Synergy.id, Synergy.document).where(Synergy.id.in_(sorted(synergy_ids)))
    return {row[0]: row[1] for row in session.execute(wanted)}
