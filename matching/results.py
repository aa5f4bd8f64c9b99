"""What the engine answers: synergies with their reasons, worth, gaps and next step."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from matching.messages import Message
from matching.model import Flow
from matching.units import canonical_per_year, unit_cost_per_canonical

# What tells two flows of the same label apart, beside their place, calendar, quantity and cost.
DETAILS = (
    "resource",
    "temperature_c",
    "concentration_pct",
    "moisture_pct",
    "pressure_bar",
    "hazardous",
    "legal_status",
    "state",
    "destination",
)


class SynergyKind(StrEnum):
    """The three kinds of synergy."""

    SUBSTITUTION = "substitution"
    MUTUALISATION = "mutualisation"
    LOOP = "loop"


class Role(StrEnum):
    """What a member does in a synergy."""

    PROVIDER = "provider"
    RECEIVER = "receiver"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Member:
    """One flow of a synergy, with its quantity in canonical units a year (None when unknown)."""

    flow: Flow
    role: Role
    quantity_per_year: float | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the five criteria: ``value`` and ``weight`` in [0, 1], and the reason in a sentence."""

    value: float
    weight: float
    why: Message


@dataclass(frozen=True, slots=True)
class Estimate:
    """A yearly worth: low, middle and high, in the unit its name says."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Warning_:
    """Something to check before acting; ``code`` is stable, the message is for people."""

    code: str
    message: Message


@dataclass(frozen=True, slots=True)
class Synergy:
    """A ranked proposal. ``score`` in [0, 100], ``confidence`` in [0, 1], ``distance_km`` by road."""

    kind: SynergyKind
    form: str | None
    score: float
    confidence: float
    resource: str | None
    rule: str | None
    members: tuple[Member, ...]
    quantity_per_year: float | None
    unit: str | None
    distance_km: float | None
    criteria: Mapping[str, Criterion]
    saving_eur: Estimate | None
    saving_tco2e: Estimate | None
    assumptions: tuple[Message, ...]
    warnings: tuple[Warning_, ...]
    missing: tuple[Message, ...]
    next_step: Message
    explanation: Message
    synergy_id: str = field(default="")

    def __post_init__(self) -> None:
        if not self.synergy_id:
            object.__setattr__(self, "synergy_id", content_id(self.kind, self.members))


def content_id(kind: SynergyKind, members: tuple[Member, ...]) -> str:
    """Return an id that depends on the members' content alone, not on rows, their order or their units."""
    return id_of(kind, [flow_key(member.flow) for member in members])


def id_of(kind: SynergyKind, keys: Sequence[str]) -> str:
    """Return the id of a synergy whose members have these ``flow_key``, in any order."""
    digest = hashlib.sha256("\x1e".join([kind.value, *sorted(keys)]).encode()).hexdigest()
    return digest[:16]


@lru_cache(maxsize=100_000)
def flow_key(flow: Flow) -> str:
    """Return a text that identifies a flow by what it says (never by its row or its units)."""
    site = flow.site
    place = "" if site.lon is None or site.lat is None else f"{site.lon:.5f},{site.lat:.5f}"
    months = ",".join(str(month) for month in sorted(flow.months))
    said = [flow.direction, flow.kind, flow.label, flow.waste_code, months, flow.comment]
    details = [str(value) if (value := getattr(flow, name)) is not None else "" for name in DETAILS]
    return "\x1f".join([site.name, site.siret, place, *said, *details, _quantity(flow)])


def _quantity(flow: Flow) -> str:
    found = canonical_per_year(flow)
    if found is None:
        return ""
    cost = unit_cost_per_canonical(flow)
    figures = ["" if value is None else f"{value:.6g}" for value in (found.per_year, found.amount, cost)]
    return " ".join([*figures, found.unit])


@dataclass(frozen=True, slots=True)
class MatchResult:
    """Everything ``match`` found, best first, with what is needed to replay it.

    ``synergies`` may be drawn up only as they are read (see ``matching.ranking``).
    """

    synergies: Sequence[Synergy]
    sites: int
    flows: int
    rejected: int
    catalogue_digest: str
    parameters: Mapping[str, object]
