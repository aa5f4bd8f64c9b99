"""What the engine answers: synergies with their reasons, worth, gaps and next step."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from matching.messages import Message
from matching.model import Flow


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
    keys = sorted(f"{flow_key(member.flow)}\x1f{_rounded(member.quantity_per_year)}" for member in members)
    digest = hashlib.sha256("\x1e".join([kind.value, *keys]).encode()).hexdigest()
    return digest[:16]


def _rounded(quantity: float | None) -> str:
    return "" if quantity is None else f"{quantity:.6g}"


def flow_key(flow: Flow) -> str:
    """Return a text that identifies a flow by what it says (never by its row)."""
    site = flow.site
    place = "" if site.lon is None or site.lat is None else f"{site.lon:.5f},{site.lat:.5f}"
    months = ",".join(str(month) for month in sorted(flow.months))
    parts = [
        site.name,
        site.siret,
        place,
        flow.direction,
        flow.kind,
        flow.label,
        flow.waste_code,
        months,
        flow.comment,
    ]
    return "\x1f".join(parts)


@dataclass(frozen=True, slots=True)
class MatchResult:
    """Everything ``match`` found, best first, with what is needed to replay it."""

    synergies: tuple[Synergy, ...]
    sites: int
    flows: int
    rejected: int
    catalogue_digest: str
    parameters: Mapping[str, object]
