"""What a table prints of a synergy: what it says but for the reasons of its criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import NamedTuple

from matching.messages import Message
from matching.results import Criterion, Estimate, Member, Synergy, SynergyKind, Warning_


class Brief(NamedTuple):
    """A synergy without the reasons of its criteria: ``values`` are theirs, in the order of ``criteria``.

    The rest is what ``matching.results.Synergy`` has by the same name.
    """

    synergy_id: str
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
    criteria: tuple[str, ...]
    values: tuple[float, ...]
    saving_eur: Estimate | None
    saving_tco2e: Estimate | None
    assumptions: tuple[Message, ...]
    warnings: tuple[Warning_, ...]
    missing: tuple[Message, ...]
    next_step: Message
    explanation: Message


# What a synergy and its brief have alike.
ALIKE = tuple(name for name in Brief._fields if name not in ("criteria", "values"))
_alike = attrgetter(*ALIKE)


def briefs_of(synergies: Iterable[Synergy]) -> Iterator[Brief]:
    """Yield what a table prints of each synergy."""
    for synergy in synergies:
        values = tuple([criterion.value for criterion in synergy.criteria.values()])
        alike = dict(zip(ALIKE, _alike(synergy), strict=True))
        yield Brief(criteria=tuple(synergy.criteria), values=values, **alike)


def whole(brief: Brief, criteria: Mapping[str, Criterion]) -> Synergy:
    """Return the synergy of a brief, with the reasons of its criteria."""
    return Synergy(criteria=criteria, **dict(zip(ALIKE, _alike(brief), strict=True)))
