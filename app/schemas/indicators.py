"""Indicators: a figure, what it means, how it is reckoned."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field


class IndicatorShown(BaseModel):
    """A figure with its definition; impacts are given once for each stage, with their range."""

    code: str
    family: Literal["activity", "funnel", "impact_env", "impact_eco"]
    name: str
    stage: Literal["achieved", "under_way", "potential"] | None = Field(
        description="achieved : mise en place ; under_way : contactée ; potential : identifiée"
    )
    value: float
    low: float | None
    high: float | None
    unit: str
    definition: str
    method: str
    reference: str = Field(description="Qui le demande")
    date: date


class IndicatorsShown(BaseModel):
    """The indicators of a territory on a day."""

    territory_id: str
    items: list[IndicatorShown]
