"""Territories, parks, companies, their sites and the people to call."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import CheckConstraint, Connection, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.db.base import ID_LENGTH, NAME_LENGTH, Base, Identified, Owned, Versioned
from app.db.geometry import Geometry
from app.db.tables.keys import own_key, within_territory


class Territory(Identified, Versioned, Base):
    """Who runs an initiative: the owner of everything below."""

    __tablename__ = "territory"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    language: Mapped[str] = mapped_column(String(2), default="fr")
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(Text, default="")


class Park(Identified, Owned, Versioned, Base):
    """An activity park: a polygon, a point, or a name alone."""

    __tablename__ = "park"
    __table_args__ = (own_key(),)

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    city: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    outline: Mapped[BaseGeometry | None] = mapped_column(Geometry)
    note: Mapped[str] = mapped_column(Text, default="")


class Company(Identified, Owned, Versioned, Base):
    """A legal unit; ``withheld`` while it gives the staff no mandate to read its flows."""

    __tablename__ = "company"
    __table_args__ = (
        own_key(),
        Index(
            "ix_company_withheld",
            "territory_id",
            sqlite_where=text("withheld = 1"),
            postgresql_where=text("withheld"),
        ),
    )

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    siren: Mapped[str] = mapped_column(String(9), default="")
    withheld: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")


class Site(Identified, Owned, Versioned, Base):
    """A place of a company; ``location`` follows ``lon`` and ``lat``."""

    __tablename__ = "site"
    __table_args__ = (
        own_key(),
        within_territory("company_id", "company"),
        within_territory("park_id", "park"),
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="on_earth"),
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="whole_point"),
        Index("ix_site_location", "location", postgresql_using="gist").ddl_if(dialect="postgresql"),
        Index("ix_site_territory_id_siret", "territory_id", "siret"),
    )

    company_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    park_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    siret: Mapped[str] = mapped_column(String(14), default="")
    activity_code: Mapped[str] = mapped_column(String(10), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    city: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    location: Mapped[BaseGeometry | None] = mapped_column(Geometry)
    precision: Mapped[str] = mapped_column(String(10), default="unplaced")
    employees: Mapped[float | None]


@event.listens_for(Site, "before_insert")
@event.listens_for(Site, "before_update")
def _follow_point(_mapper: Mapper[Site], _connection: Connection, site: Site) -> None:
    site.location = point_of(site.lon, site.lat)


def point_of(lon: float | None, lat: float | None) -> BaseGeometry | None:
    """Return the geometry of a place in WGS84 degrees, None where it is not known."""
    return None if lon is None or lat is None else shapely.Point(lon, lat)


class Contact(Identified, Owned, Versioned, Base):
    """A person to call at a site; personal data."""

    __tablename__ = "contact"
    __table_args__ = (own_key(), within_territory("site_id", "site", cascade=True))

    site_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    role: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    email: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    consent_on: Mapped[date | None]
