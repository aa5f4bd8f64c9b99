"""Plans: what is asked of a planner, and the result documents of the contract."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.common import Given, Id, Name, Shown
from app.schemas.flows import FlowDeclared
from app.schemas.synergies import Engine, Warned

PlanStatusName = Literal["queued", "running", "done", "failed", "cancelled"]
CatalogueId = Annotated[str, Field(max_length=120)]


class AddedGiven(Given):
    """A site that is not stored, and the flows it would bring (« what-if », « groups »)."""

    name: Name
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    flows: Annotated[list[FlowDeclared], Field(min_length=1, max_length=200)]


class PlantGiven(Given):
    """A treatment plant to try at a place (« what-if »)."""

    resource: CatalogueId
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    name: Name
    capacity: Annotated[float | None, Field(gt=0)] = None
    yearly_eur: Annotated[float, Field(ge=0)] = 0.0
    treatment_eur_per_unit: Annotated[float, Field(ge=0)] = 0.0


class ApplicationGiven(Given):
    """A person who applies for a post, and how each ranks the other, 1 the best (« masterclass »)."""

    candidate: Name
    site: Name
    label: Annotated[str, Field(max_length=300)] = ""
    wish: Annotated[int | None, Field(ge=1, le=1000)] = None
    company_rank: Annotated[int | None, Field(ge=1, le=1000)] = None


class PlanGiven(Given):
    """What is asked; what is left out has the planner's default."""

    territory_id: Id | None = None
    planner: Annotated[str, Field(min_length=1, max_length=20)]
    max_km: float | None = None
    resource: CatalogueId | None = None
    objective: Annotated[str | None, Field(max_length=20)] = None
    seed: Annotated[int | None, Field(ge=-(2**63), lt=2**63)] = None
    time_limit_s: float | None = None
    start: date | None = None
    park_id: Id | None = None
    site_ids: list[Id] = []
    added: AddedGiven | None = None
    closed_site_ids: Annotated[list[Id], Field(max_length=1000)] = []
    newcomer_site_id: Id | None = None
    plant: PlantGiven | None = None
    applications: Annotated[list[ApplicationGiven], Field(max_length=10_000)] = []


class LeftOut(BaseModel):
    """A flow, need or person that the plan leaves out, and why."""

    name: str
    why: str


class PlanDocument(BaseModel):
    """The contract's result document of one plan."""

    model_config = ConfigDict(extra="allow")

    engine: Engine
    problem: dict[str, Any]
    plan: dict[str, Any]
    objective: float | None
    bound: float | None
    gap: float | None
    unserved: list[LeftOut]
    assumptions: list[str]
    warnings: list[Warned]


class PlanSummary(Shown):
    """A plan as lists show it: how far it is, and one sentence of what came out."""

    id: str
    territory_id: str
    planner: str
    status: PlanStatusName
    version: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    actor: str
    request: dict[str, Any]
    flows_read: int
    count: int
    saving_eur_per_year: float | None
    headline: str
    refused: list[str]
    error: str | None


class PlanDetail(PlanSummary):
    """A plan with its result documents, best first."""

    documents: list[PlanDocument]
