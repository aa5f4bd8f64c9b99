"""Everything a map of a territory is made of, read as plain columns: no document of a synergy is opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.db.base import now
from app.db.tables import Flow, Park, Shelving, Site, Synergy, SynergyMember
from app.db.visibility import VisibleSession
from app.repositories.desk import DeskCriteria

# What is set aside is not drawn.
IN_THE_LIST = DeskCriteria(shelved=False)


class SiteRow(NamedTuple):
    """A site; a place that is not known is None."""

    id: str
    name: str
    city: str
    lon: float | None
    lat: float | None
    park_id: str | None


class FlowRow(NamedTuple):
    """A flow of a site."""

    id: str
    site_id: str
    direction: str
    kind: str
    label: str


class SynergyRow(NamedTuple):
    """A synergy; ``worth`` is its saving in EUR a year, None where it is not known."""

    id: str
    kind: str
    status: str
    resource: str | None
    worth: float | None
    score: float


class ParkRow(NamedTuple):
    """A park; ``outline`` is its geometry in WGS84 degrees."""

    id: str
    name: str
    outline: Any


class Content(NamedTuple):
    """All of it, each part in the order of its identifiers; members are (synergy, flow, site)."""

    sites: Sequence[SiteRow]
    flows: Sequence[FlowRow]
    synergies: Sequence[SynergyRow]
    members: Sequence[tuple[str, str, str]]
    parks: Sequence[ParkRow]


def state_of(session: VisibleSession, territory_id: str) -> tuple[Any, ...]:
    """Return what changes whenever a row of the map does: how many there are, and when one changed last."""
    found: list[Any] = [now().date()]
    for cls in (Site, Flow, Synergy, Park):
        counted = select(func.count(cls.id), func.max(cls.updated_at)).where(cls.territory_id == territory_id)
        found.append(tuple(session.execute(counted).one()))
    # Each of them: one put aside until another day changes neither how many there are nor the latest.
    aside = select(Shelving.id, Shelving.until).where(Shelving.territory_id == territory_id)
    found.append(tuple(map(tuple, session.execute(aside.order_by(Shelving.id)))))
    return tuple(found)


def content_of(session: VisibleSession, territory_id: str) -> Content:
    """Return everything the principal sees of a territory's map."""
    here = Synergy.territory_id == territory_id
    synergies = select(
        Synergy.id, Synergy.kind, Synergy.status, Synergy.resource, Synergy.saving_eur_per_year, Synergy.score
    ).where(here, *IN_THE_LIST.conditions())
    sites = select(Site.id, Site.name, Site.city, Site.lon, Site.lat, Site.park_id)
    flows = select(Flow.id, Flow.site_id, Flow.direction, Flow.kind, Flow.label)
    members = select(SynergyMember.synergy_id, SynergyMember.flow_id, SynergyMember.site_id)
    parks = select(Park.id, Park.name, Park.outline)
    ordered = members.order_by(SynergyMember.synergy_id, SynergyMember.position)
    return Content(
        [
            SiteRow(*row)
            for row in session.execute(sites.where(Site.territory_id == territory_id).order_by(Site.id))
        ],
        [
            FlowRow(*row)
            for row in session.execute(flows.where(Flow.territory_id == territory_id).order_by(Flow.id))
        ],
        [SynergyRow(*row) for row in session.execute(synergies.order_by(Synergy.id))],
        [
            (row[0], row[1], row[2])
            for row in session.execute(ordered.where(SynergyMember.territory_id == territory_id))
        ],
        [
            ParkRow(*row)
            for row in session.execute(parks.where(Park.territory_id == territory_id).order_by(Park.id))
        ],
    )
