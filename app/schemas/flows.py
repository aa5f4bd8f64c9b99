"""Flows, named as the columns of the flow table, and diagnostics."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.common import Given, Id, Kept, Shown, Text, left_out
from matching.model import Direction, Kind, LegalStatus, Period

Number = Annotated[
    float | Annotated[str, Field(max_length=60)],
    Field(union_mode="left_to_right", examples=[12.5, "150-200"]),
]
Method = Literal["flash", "interview", "workshop", "questionnaire", "import"]


class FlowChange(Given):
    """What to change of a flow; the fields left out stay as they were."""

    direction: Direction = left_out()
    kind: Kind = left_out()
    label: Annotated[str, Field(min_length=1, max_length=4000)] = left_out()
    waste_code: Annotated[str, Field(max_length=20)] | None = None
    quantity: Number | None = None
    unit: Annotated[str, Field(max_length=40)] | None = None
    period: Period | None = None
    days_per_week: Annotated[float, Field(gt=0, le=7)] | None = None
    months: Annotated[str, Field(max_length=60, examples=["1-3;9-12"])] | None = None
    temperature_c: Number | None = None
    concentration_pct: Number | None = None
    moisture_pct: Number | None = None
    pressure_bar: Number | None = None
    unit_cost_eur: Number | None = None
    good_share_pct: Number | None = None
    comment: Text | None = None
    resource: Annotated[str, Field(max_length=120)] | None = None
    legal_status: LegalStatus | None = None
    hazardous: bool | None = None
    state: Text | None = None
    dimensions: Text | None = None
    available_from: date | None = None
    available_until: date | None = None
    min_lot: Number | None = None
    capacity: Number | None = None
    storage_max: Number | None = None
    destination: Text | None = None
    weekdays: Text | None = None
    contract_end: date | None = None
    due_date: date | None = None
    contact: Text | None = None
    visibility: Annotated[str, Field(max_length=40)] | None = None
    collected_on: date | None = None
    source: Text | None = None
    reliability: Annotated[int, Field(ge=1, le=5)] | None = None


class FlowDeclared(FlowChange):
    """A flow of a diagnostic, whose site is known."""

    direction: Direction
    kind: Kind
    label: Annotated[str, Field(min_length=1, max_length=4000)]


class FlowGiven(FlowDeclared):
    """A flow to declare at a site."""

    site_id: Id


class FlowPreview(FlowDeclared):
    """A flow not yet saved, at a site of the territory."""

    site_id: Id


class FlowShown(FlowDeclared):
    """A stored flow, as it was declared."""

    model_config = {**Shown.model_config, "extra": "ignore"}

    id: str
    version: int
    territory_id: str
    site_id: str
    site: str
    level: str
    diagnostic_id: str | None
    row: int | None
    sheet: str | None


class DiagnosticGiven(Given):
    """A diagnostic with its flows: all are stored, or none."""

    made_on: date | None = Field(None, description="Date du diagnostic ; aujourd’hui si elle manque")
    author: Annotated[str, Field(max_length=300)] | None = None
    method: Method = "flash"
    note: Text = ""
    flows: Annotated[list[FlowDeclared], Field(min_length=1, max_length=2000)]


class DiagnosticShown(Kept):
    """A diagnostic."""

    territory_id: str
    site_id: str
    made_on: date
    author: str
    method: str
    note: str


class DiagnosticStored(DiagnosticShown):
    """A diagnostic just stored, with its flows."""

    flows: list[FlowShown]
