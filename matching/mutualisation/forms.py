"""Which form of mutualisation a flow belongs to, and under which key it is grouped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from matching.catalogue.model import Catalogue, Resource
from matching.catalogue.tables import read_rows, split
from matching.model import Direction, Kind

NEVER = "-"
TRAINING_REACH = TRAINING = "training"
ROUND, DANGEROUS_ROUND = "pickup_round", "dangerous_round"
# What a pool key ends with where what is collected is dangerous.
DANGEROUS_KEY = "!dangerous"
WORK_KINDS = frozenset({Kind.SERVICE, Kind.SKILL, Kind.EQUIPMENT})


@dataclass(frozen=True, slots=True)
class PoolForm:
    """A form of mutualisation: its reach key, and the share of today's spending it may save."""

    name: str
    direction: Direction
    kinds: frozenset[str]
    reach: str
    saving: tuple[float, float, float]
    minimum_members: int


@lru_cache(maxsize=1)
def pool_forms() -> tuple[PoolForm, ...]:
    """Return the forms of ``pool_forms.csv``."""
    return tuple(
        PoolForm(
            name=row["form"],
            direction=Direction(row["direction"]),
            kinds=frozenset(split(row["kinds"])),
            reach=row["reach"],
            saving=(float(row["saving_low"]), float(row["saving_middle"]), float(row["saving_high"])),
            minimum_members=int(row["minimum_members"]),
        )
        for row in read_rows("pool_forms.csv")
    )


@lru_cache(maxsize=1)
def pool_minimums() -> dict[tuple[str, str], float]:
    """Return the viable yearly volume of a pool by (form, unit)."""
    return {(row["form"], row["unit"]): float(row["value"]) for row in read_rows("pool_minimums.csv")}


def form_reach(form: PoolForm, key: str) -> str:
    """Return the reach of a form's members: carriers of dangerous waste are few and go further round."""
    return DANGEROUS_ROUND if key.endswith(DANGEROUS_KEY) and form.reach == ROUND else form.reach


def form_of(
    resource: Resource, direction: Direction, declared: Kind, *, trained: bool = False
) -> PoolForm | None:
    """Return the form under which a flow of this resource is pooled, or None when it is not.

    Work is pooled as it was declared: a gardener asked for as a service is bought, not hired. A trade in
    which people are to be ``trained`` is a session, not a post.
    """
    kind = resource.kind.value
    session = resource.kind is Kind.SERVICE and resource.reach == TRAINING_REACH
    if session or (resource.kind is Kind.SKILL and trained):
        kind = TRAINING
    elif resource.kind in WORK_KINDS and declared in WORK_KINDS:
        kind = declared.value
    return next((f for f in pool_forms() if f.direction is direction and kind in f.kinds), None)


def pool_keys(resource_id: str, direction: Direction, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the keys of the groups a resource is pooled in: its own, its nearest ancestor's, or its id."""
    for ancestor in catalogue.lineage(resource_id):
        resource = catalogue.resources[ancestor]
        keys = resource.pool_out if direction is Direction.OUTPUT else resource.pool_in
        if keys:
            return () if NEVER in keys else keys
    return (resource_id,)


def pooled_with(resource_ids: Iterable[str], direction: Direction, catalogue: Catalogue) -> frozenset[str]:
    """Return every resource that could stand in a pool with one of these."""
    keys = {key for resource in resource_ids for key in pool_keys(resource, direction, catalogue)}
    return frozenset(
        resource for resource in catalogue.resources if keys & set(pool_keys(resource, direction, catalogue))
    )
