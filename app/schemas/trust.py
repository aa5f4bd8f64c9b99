"""What companies let whom see: charters, mandates, levels, introductions, the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from app.schemas.common import Given, Id, Shown, Text
from app.services.consent import Level
from app.services.introductions import LONGEST_MESSAGE

Fields = Annotated[
    list[Literal["company", "site", "address", "label", "quantity", "contact"]],
    Field(description="Ce que chacun verra de l’autre, une fois d’accord", max_length=6),
]


class CharterGiven(Given):
    """A new version of a territory's charter."""

    body: Annotated[str, Field(min_length=1, max_length=40_000)]


class CharterShown(Shown):
    """A version of a charter."""

    id: str
    territory_id: str
    number: int
    body: str
    author: str
    created_at: datetime


class MandateShown(Shown):
    """A company's mandate to the staff of its territory."""

    id: str
    company_id: str
    charter_number: int
    origin: str
    author: str
    created_at: datetime
    revoked_at: datetime | None


class GrantGiven(Given):
    """A level to give to a flow, to everyone or to one company."""

    level: Level
    to_company_id: Id | None = None


class GrantShown(Shown):
    """A level given to a flow."""

    id: str
    flow_id: str
    to_company_id: str | None
    level: str
    charter_number: int
    author: str
    created_at: datetime
    revoked_at: datetime | None


class BlindShown(Shown):
    """A match told without names."""

    token: str = Field(description="À donner pour demander une mise en relation ; change chaque semaine")
    kind: str
    form: str | None
    family: str
    score_class: str
    distance_class: str | None
    quantity_class: str | None
    unit: str | None


class BlindRanked(Shown):
    """What a company reads of the matches of its flow."""

    blind: list[BlindShown]


class IntroductionGiven(Given):
    """A request to meet the other side of a match; staff name the other flow, companies a token."""

    flow_id: Id
    token: Annotated[str, Field(max_length=64)] | None = None
    other_flow_id: Id | None = None
    fields: Fields = ["company", "site", "label", "quantity", "contact"]
    message: Annotated[str, Field(max_length=LONGEST_MESSAGE)] = ""


class IntroductionAnswer(Given):
    """An answer to a request, or its end."""

    status: Literal["accepted", "refused", "revoked"]


class IntroductionShown(Shown):
    """An introduction, cut to what its reader may see."""

    id: str
    version: int
    created_at: datetime
    territory_id: str
    status: str
    side: str
    own_flow_id: str | None
    fields: list[str]
    message: Text
    expires_at: datetime
    answered_at: datetime | None
    asking: dict[str, Any] | None
    asked: dict[str, Any] | None


class AuditShown(Shown):
    """Who did or read what, when."""

    id: int
    at: datetime
    territory_id: str | None
    company_id: str | None
    subject: str
    name: str
    role: str
    action: str
    object_kind: str
    object_id: str
    request_id: str


class AuditPage(Shown):
    """A page of the audit, the newest first; ``next`` is the cursor of the following page."""

    items: list[AuditShown]
    next: int | None


class TeaserShown(Shown):
    """A group of flows of at least three companies."""

    cell_km: float = Field(description="Côté de la maille, en km")
    lon: float = Field(description="Milieu de la maille")
    lat: float
    direction: str
    family: str
    family_name: str
    quantity_class: str | None = Field(description="Quantité par an, en classe")
    unit: str
    months: list[int]
    distance_class: str | None


class GlassBroken(Given):
    """Why an operator must see a territory, and for how long."""

    reason: Annotated[str, Field(min_length=1, max_length=80)]
    minutes: Annotated[int, Field(ge=1, le=480)] = 60


class SeatShown(Shown):
    """What somebody is in a territory, and until when."""

    territory_id: str
    role: str
    expires_at: datetime | None
