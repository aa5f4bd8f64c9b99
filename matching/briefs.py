"""What a table prints of a synergy: what it says but for the reasons of its criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from matching.messages import Message
from matching.results import Estimate, Member, Synergy, SynergyKind, Warning_


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


def briefs_of(synergies: Iterable[Synergy]) -> Iterator[Brief]:
    """Yield what a table prints of each synergy."""
    for synergy in synergies:
        criteria = synergy.criteria
        yield Brief(
            synergy_id=synergy.synergy_id,
            kind=synergy.kind,
            form=synergy.form,
            score=synergy.score,
            confidence=synergy.confidence,
            resource=synergy.resource,
            rule=synergy.rule,
            members=synergy.members,
            quantity_per_year=synergy.quantity_per_year,
            unit=synergy.unit,
            distance_km=synergy.distance_km,
            criteria=tuple(criteria),
            values=tuple([criterion.value for criterion in criteria.values()]),
            saving_eur=synergy.saving_eur,
            saving_tco2e=synergy.saving_tco2e,
            assumptions=synergy.assumptions,
            warnings=synergy.warnings,
            missing=synergy.missing,
            next_step=synergy.next_step,
            explanation=synergy.explanation,
        )
