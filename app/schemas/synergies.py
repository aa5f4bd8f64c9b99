"""Synergies: the fields of the contract, with the life of those that are stored."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.common import Given, Text, left_out
from app.schemas.desk import Aside, AsideShown, PersonShown
from app.services.statuses import Status

SynergyKindName = Literal["substitution", "mutualisation", "loop"]


class Member(BaseModel):
    """A flow that takes part."""

    site: str
    label: str
    direction: Literal["input", "output"]
    role: Literal["provider", "receiver", "member"]
    quantity_per_year: float | None
    unit: str | None
    row: int | None
    sheet: str | None
    flow_id: str | None


class Criterion(BaseModel):
    """One of the five criteria, with its reason."""

    value: float = Field(ge=0, le=1)
    weight: float
    why: str


class Warned(BaseModel):
    """Something to check before acting."""

    code: str
    message: str


class Proposal(BaseModel):
    """What the engine proposes."""

    model_config = ConfigDict(extra="allow")

    id: str
    kind: SynergyKindName
    form: str | None
    score: float = Field(ge=0, le=100)
    confidence: float = Field(ge=0, le=1)
    resource: str | None
    rule: str | None
    members: list[Member]
    quantity_per_year: float | None
    unit: str | None
    distance_km: float | None
    criteria: dict[str, Criterion]
    saving_eur_per_year: float | None
    saving_eur_low: float | None
    saving_eur_high: float | None
    saving_tco2e_per_year: float | None
    saving_tco2e_low: float | None
    saving_tco2e_high: float | None
    assumptions: list[str]
    warnings: list[Warned]
    missing: list[str]
    next_step: str
    explanation: str


class SynergyShown(Proposal):
    """A stored match; ``stale``: the engine no longer proposes it."""

    territory_id: str
    status: Status
    stale: bool
    version: int


class Engine(BaseModel):
    """What is needed to replay a score."""

    version: str
    catalogue_digest: str
    parameters: dict[str, Any]


class Move(BaseModel):
    """A move of the status: who, when, from, to, why."""

    model_config = ConfigDict(populate_by_name=True)

    at: datetime
    actor: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    obstacle: str | None
    obstacle_label: str | None
    comment: str


class SynergyDetail(SynergyShown):
    """A stored match with its history, who sees to it and whether it is set aside."""

    engine: Engine
    history: list[Move]
    assignee: PersonShown | None
    shelved: AsideShown | None


class StatusChange(Given):
    """A move of the status (paused and abandoned need an obstacle), who sees to it, whether it is set aside.

    What is left out stays as it is. ``assignee``: an identifier of the list of people, ``me``, or null for
    nobody. ``shelved``: true, or until when and why; false puts it back.
    """

    status: Annotated[Status, left_out()]
    obstacle: Annotated[str, Field(max_length=40)] = ""
    comment: Text = ""
    assignee: Annotated[str, Field(max_length=80)] | None = None
    shelved: Annotated[bool | Aside, left_out()]


class Ranked(BaseModel):
    """Matches ranked now."""

    items: list[Proposal]
