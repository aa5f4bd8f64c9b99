"""What the catalogue knows: resources, codes, units, rules, and what a text could be."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class Classified(BaseModel):
    """A reading of a text: a code of the List of Waste, or a resource of the catalogue."""

    rank: int
    scheme: Literal["low", "resource"]
    code: str
    label: str
    score: float
    probability: float
    why: str
    question: str


class NearSiteShown(BaseModel):
    """A real site of an activity, from the directory that the server was given."""

    name: str
    siret: str
    nace: str
    distance_km: float


class OutletShown(BaseModel):
    """An activity that could take an output, and the sites of that activity nearby."""

    rank: int
    nace: str
    use: str
    treatment: str
    score: float
    rule: str
    source: str
    sites: list[NearSiteShown]


class TypicalFlowShown(BaseModel):
    """What firms of an activity often give or need: a question, not a fact."""

    rank: int
    direction: Literal["input", "output"]
    kind: str
    resource: str
    label: str
    question: str


class ResourceShown(BaseModel):
    """A resource of the catalogue."""

    id: str
    parent: str | None
    kind: str
    name: str
    unit: str


class WasteCodeShown(BaseModel):
    """A code of the List of Waste."""

    code: str
    label: str
    hazardous: bool


class UnitShown(BaseModel):
    """A unit, and the canonical unit its quantities are compared in."""

    symbol: str
    canonical: str
    factor: float
    dimension: str


class RuleShown(BaseModel):
    """A rule: what an output may replace, and on what grounds."""

    id: str
    from_resource: str
    to_resource: str
    form: str
    strength: float
    conditions: str
    treatment: str
    source: str


class ObstacleShown(BaseModel):
    """An obstacle that stops a synergy."""

    code: str
    label: str
