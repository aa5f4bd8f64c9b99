"""Sites, flows and synergies as layers of a map ask for them: a page, how many, and how far they reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.db.spatial import Box, within_box
from app.db.tables import Flow, Site, Synergy, SynergyMember
from app.db.visibility import VisibleSession
from app.repositories import paging
from app.repositories.paging import Page, Slice

TABLES: Mapping[str, type[Site] | type[Flow] | type[Synergy]] = {
    "sites": Site,
    "flows": Flow,
    "synergies": Synergy,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a layer is narrowed to: a box (west, south, east, north in degrees) and columns with their value.

    A box whose west is east of its east goes over the antimeridian.
    """

    box: Box | None = None
    equal: Mapping[str, Any] = field(default_factory=dict)


def page(session: VisibleSession, name: str, wanted: Wanted, part: Slice) -> Page[Any]:
    """Return a page of the visible rows of a layer, in the order they came."""
    table: Any = TABLES[name]
    statement = select(table).where(*_conditions(session, name, wanted))
    return paging.page(session, statement, table, part)


def count(session: VisibleSession, name: str, wanted: Wanted) -> int:
    """Return how many visible rows a layer has."""
    table: Any = TABLES[name]
    conditions = _conditions(session, name, wanted)
    return int(session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def extent(session: VisibleSession) -> Box | None:
    """Return the box around the visible sites, which holds every layer; None when none is placed."""
    bounds = (func.min(Site.lon), func.min(Site.lat), func.max(Site.lon), func.max(Site.lat))
    found = [bound for bound in session.execute(select(*bounds)).one() if bound is not None]
    if len(found) < len(bounds):
        return None
    west, south, east, north = found
    return west, south, east, north


def _conditions(session: VisibleSession, name: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    table: Any = TABLES[name]
    conditions = [getattr(table, column) == value for column, value in wanted.equal.items()]
    if wanted.box is not None:
        inside = [_INSIDE[name](session, box) for box in _halves(wanted.box)]
        conditions.append(or_(*inside))
    return conditions


def _halves(box: Box) -> list[Box]:
    west, south, east, north = box
    return [box] if west <= east else [(west, south, 180.0, north), (-180.0, south, east, north)]


def _flows_in(session: VisibleSession, box: Box) -> ColumnElement[bool]:
    return Flow.site_id.in_(select(Site.id).where(within_box(session, box)))


def _synergies_in(_session: VisibleSession, box: Box) -> ColumnElement[bool]:
    """Return the criterion of the synergies whose envelope meets ``box``.

    A line may cross a view while both its ends are outside: the sites inside do not tell.
    """
    west, south, east, north = box
    members = (
        select(SynergyMember.synergy_id)
        .join(Site, Site.id == SynergyMember.site_id)
        .group_by(SynergyMember.synergy_id)
        .having(
            and_(
                func.min(Site.lon) <= east,
                func.max(Site.lon) >= west,
                func.min(Site.lat) <= north,
                func.max(Site.lat) >= south,
            )
        )
    )
    return Synergy.id.in_(members)


_INSIDE = {"sites": within_box, "flows": _flows_in, "synergies": _synergies_in}
