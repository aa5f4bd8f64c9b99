"""Territories, parks, companies, sites and contacts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from app.schemas.common import Given, Id, Kept, Name, Text, left_out

Parameters = Annotated[
    dict[str, Any], Field(description="Paramètres du moteur propres à ce territoire ; vide : ceux du moteur")
]


class TerritoryGiven(Given):
    """A territory to create."""

    name: Name
    language: Literal["fr", "en"] = "fr"
    parameters: Parameters = {}
    note: Text = ""


class TerritoryChange(Given):
    """What to change of a territory."""

    name: Name = left_out()
    language: Literal["fr", "en"] = left_out()
    parameters: Parameters = left_out()
    note: Text = left_out()


class TerritoryShown(Kept):
    """A territory."""

    name: str
    language: str
    parameters: dict[str, Any]
    note: str


class Outline(Given):
    """A GeoJSON point or polygon in WGS 84."""

    type: Literal["Point", "Polygon", "MultiPolygon"]
    coordinates: list[Any]


class ParkGiven(Given):
    """A park to create."""

    territory_id: Id | None = None
    name: Name
    city: Text = ""
    outline: Outline | None = None
    note: Text = ""


class ParkChange(Given):
    """What to change of a park."""

    name: Name = left_out()
    city: Text = left_out()
    outline: Outline | None = None
    note: Text = left_out()


class ParkShown(Kept):
    """A park."""

    territory_id: str
    name: str
    city: str
    outline: dict[str, Any] | None
    note: str

    @field_validator("outline", mode="before")
    @classmethod
    def _as_geojson(cls, value: object) -> object:
        return mapping(value) if isinstance(value, BaseGeometry) else value


class CompanyGiven(Given):
    """A company to create."""

    territory_id: Id | None = None
    name: Name
    siren: Annotated[str, Field(pattern=r"^(\d{9})?$")] = ""
    note: Text = ""


class CompanyChange(Given):
    """What to change of a company."""

    name: Name = left_out()
    siren: Annotated[str, Field(pattern=r"^(\d{9})?$")] = left_out()
    note: Text = left_out()


class CompanyShown(Kept):
    """A company."""

    territory_id: str
    name: str
    siren: str
    note: str


class SiteChange(Given):
    """What to change of a site."""

    company_id: Id | None = None
    park_id: Id | None = None
    name: Name = left_out()
    siret: Annotated[str, Field(max_length=14)] = left_out()
    activity_code: Annotated[str, Field(max_length=10)] = left_out()
    address: Text = left_out()
    postcode: Annotated[str, Field(max_length=10)] = left_out()
    city: Annotated[str, Field(max_length=300)] = left_out()
    lon: float | None = Field(None, description="Longitude WGS 84, en degrés")
    lat: float | None = Field(None, description="Latitude WGS 84, en degrés")
    employees: Annotated[float, Field(ge=0)] | None = None


class SiteGiven(SiteChange):
    """A site to create; without a point it is placed by its address."""

    territory_id: Id | None = None
    name: Name


class SiteShown(Kept):
    """A site; ``precision`` says how exactly it is placed."""

    territory_id: str
    company_id: str | None
    park_id: str | None
    name: str
    siret: str
    activity_code: str
    address: str
    postcode: str
    city: str
    lon: float | None
    lat: float | None
    precision: Literal["point", "commune", "unplaced"]
    employees: float | None


class ContactChange(Given):
    """What to change of a contact."""

    name: Name = left_out()
    role: Text = left_out()
    email: Text = left_out()
    phone: Annotated[str, Field(max_length=40)] = left_out()
    consent_on: date | None = None


class ContactGiven(ContactChange):
    """A contact to create."""

    site_id: Id
    name: Name


class ContactShown(Kept):
    """A contact."""

    territory_id: str
    site_id: str
    name: str
    role: str
    email: str
    phone: str
    consent_on: date | None
