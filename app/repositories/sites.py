"""Sites, with the names of their company and park, to the domain and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.db.spatial import Box, within_box
from app.db.tables import Company, Park, Site
from app.db.visibility import VisibleSession
from app.repositories import paging
from app.repositories.paging import Page, Slice
from matching import model

# What the domain is made of: plain columns are read faster than whole rows.
READ = tuple(
    column.name
    for column in Site.__table__.columns
    if column.name not in ("created_at", "updated_at", "version", "territory_id", "location")
)


def to_domain(row: Any, company: str = "", park: str = "") -> model.Site:
    """Return a site row, or the columns ``READ`` of one, as the engine knows it."""
    return model.Site(
        name=row.name,
        company=company,
        siret=row.siret,
        activity_code=row.activity_code,
        address=row.address,
        postcode=row.postcode,
        city=row.city,
        lon=row.lon,
        lat=row.lat,
        precision=model.Precision(row.precision),
        employees=row.employees,
        park=park,
        site_id=row.id,
    )


def to_columns(site: model.Site) -> dict[str, Any]:
    """Return the columns of ``site``, without its company and its park, which are rows of their own."""
    return {
        "name": site.name,
        "siret": site.siret,
        "activity_code": site.activity_code,
        "address": site.address,
        "postcode": site.postcode,
        "city": site.city,
        "lon": site.lon,
        "lat": site.lat,
        "precision": site.precision.value if site.placed else model.Precision.UNPLACED.value,
        "employees": site.employees,
    }


def with_names(session: VisibleSession, rows: Sequence[Any]) -> dict[str, model.Site]:
    """Return the sites by identifier, with the names of their companies and parks."""
    companies = _names(session, Company, {row.company_id for row in rows})
    parks = _names(session, Park, {row.park_id for row in rows})
    return {
        row.id: to_domain(row, companies.get(row.company_id or "", ""), parks.get(row.park_id or "", ""))
        for row in rows
    }


def named(session: VisibleSession, ids: Sequence[str]) -> dict[str, model.Site]:
    """Return some sites by identifier, with the names of their companies and parks, in one statement."""
    columns = (getattr(Site, name) for name in READ)
    statement = (
        select(*columns, Company.name.label("company"), Park.name.label("park"))
        .select_from(Site)
        .outerjoin(Company, Company.id == Site.company_id)
        .outerjoin(Park, Park.id == Site.park_id)
        .where(Site.id.in_(ids))
    )
    return {row.id: to_domain(row, row.company or "", row.park or "") for row in session.execute(statement)}


def _names(
    session: VisibleSession, cls: type[Company] | type[Park], ids: set[str | None]
) -> Mapping[str, str]:
    wanted = sorted(row_id for row_id in ids if row_id)
    names: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        statement = select(cls.id, cls.name).where(cls.id.in_(chunk))
        names.update((row[0], row[1]) for row in session.execute(statement))
    return names


def of_territory(session: VisibleSession, territory_id: str) -> dict[str, model.Site]:
    """Return all sites of a territory by identifier."""
    columns = (getattr(Site, name) for name in READ)
    rows = session.execute(select(*columns).where(Site.territory_id == territory_id)).all()
    return with_names(session, rows)


def listed(
    session: VisibleSession,
    part: Slice,
    box: Box | None = None,
    words: str | None = None,
    **equal: str | None,
) -> Page[Site]:
    """Return a page of sites inside ``box`` (west, south, east, north) that fulfil every other criterion."""
    where = None if box is None else within_box(session, box)
    return paging.listed(session, Site, part, words=words, where=where, **equal)


def points_in(
    session: VisibleSession, box: Box, territory_id: str | None = None
) -> list[tuple[str, float, float]]:
    """Return identifier, longitude and latitude of the sites inside ``box``."""
    statement = select(Site.id, Site.lon, Site.lat).where(within_box(session, box))
    if territory_id is not None:
        statement = statement.where(Site.territory_id == territory_id)
    return [(row[0], row[1] or 0.0, row[2] or 0.0) for row in session.execute(statement)]
