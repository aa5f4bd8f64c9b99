"""Candidates for groups from a flow table: one problem a resource and form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts, unit_cost
from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns, bits
from matching.criteria.distance import road_km
from matching.errors import InvalidParametersError
from matching.gates import conflict_masks
from matching.messages import N_, Message
from matching.model import Direction
from matching.mutualisation.forms import PoolForm, pool_minimums
from matching.mutualisation.grouping import pairwise_timing, pool_entries, pool_limit_km
from matching.mutualisation.providers import Entry
from matching.parameters import MatchParameters
from matching.parameters import constant as engine_constant
from matching.planning.groups_model import MAX_CANDIDATES, Candidate, GroupProblem, Obstacle

# States that ride in one lorry and are sorted where it unloads.
SORTED_LATER = frozenset({"broken", "reusable", "torn", "new", "spent"})


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    *,
    resource: str | None = None,
    form: str | None = None,
    parameters: MatchParameters | None = None,
) -> tuple[GroupProblem, ...]:
    """Return a problem for each resource and form that two placed sites or more share.

    Parameters
    ----------
    resource
        A catalogue id or the key of a pool; None for all.
    form
        A form of mutualisation such as ``joint_purchase``; None for all.
    parameters
        Reaches and the largest distance.
    """
    if resource is not None and not _known(resource, catalogue):
        raise InvalidParametersError(Message(N_("Unknown resource “{value}”."), {"value": resource}))
    chosen = parameters or MatchParameters()
    found = []
    for (key, pool), entries in sorted(
        pool_entries(columns, catalogue).items(), key=lambda entry: (entry[0][0], entry[0][1].name)
    ):
        if (form is not None and pool.name != form) or not _about(resource, key, entries, catalogue):
            continue
        placed = [e for e in entries if not np.isnan(columns.position_km[e.row]).any()]
        sites = {int(columns.site[e.row]) for e in placed}
        if len(sites) >= pool.minimum_members:
            found.append(_problem(key, pool, placed, columns, catalogue, amounts, chosen))
    return tuple(found)


def _known(resource: str, catalogue: Catalogue) -> bool:
    keys = {key for r in catalogue.resources.values() for key in (*r.pool_in, *r.pool_out)}
    return resource in catalogue.resources or resource in keys


def _about(resource: str | None, key: str, entries: Sequence[Entry], catalogue: Catalogue) -> bool:
    if resource is None or resource == key.partition("!")[0]:
        return True
    return any(resource in catalogue.lineage(entry.resource) for entry in entries)


def _problem(
    key: str,
    pool: PoolForm,
    entries: Sequence[Entry],
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    parameters: MatchParameters,
) -> GroupProblem:
    entries = entries[: MAX_CANDIDATES + 1]
    rows = np.array([entry.row for entry in entries])
    limit = np.array([pool_limit_km(pool, entry.resource, catalogue, parameters) for entry in entries])
    positions = columns.position_km[rows]
    distance = road_km(positions[:, None, :], positions[None, :, :])
    unit = _commonest_unit(rows, amounts)
    return GroupProblem(
        form=pool.name,
        key=key,
        resource=catalogue.resources[Counter(e.resource for e in entries).most_common(1)[0][0]].name,
        unit=unit,
        minimum_volume=pool_minimums().get((pool.name, unit or "")),
        saving=pool.saving,
        candidates=tuple(candidate(columns, amounts, int(row), unit) for row in rows),
        distance_km=distance,
        obstacle=_obstacles(columns, rows, pool, distance, np.minimum(limit[:, None], limit[None, :])),
        minimum_sites=pool.minimum_members,
    )


def _commonest_unit(rows: NDArray[np.int64], amounts: Amounts) -> str | None:
    units = Counter(int(amounts.unit[row]) for row in rows if not np.isnan(amounts.value[row]))
    if not units:
        return None
    best = min(units, key=lambda unit: (-units[unit], amounts.names[unit]))
    return amounts.names[best]


def candidate(columns: FlowColumns, amounts: Amounts, row: int, unit: str | None) -> Candidate:
    """Return a row of the columns as a candidate; its quantity is known where it is in ``unit``."""
    flow, amount = columns.flows[row], float(amounts.value[row])
    known = not np.isnan(amount)
    same = known and amounts.names[int(amounts.unit[row])] == unit
    return Candidate(
        site=flow.site.name,
        label=flow.label,
        quantity=amount if same else None,
        spend_eur=spending_eur(columns, amounts, row),
        row=flow.row,
        column=row,
    )


def spending_eur(columns: FlowColumns, amounts: Amounts, row: int) -> float | None:
    """Return what a flow costs its site a year in EUR, None where it earns or does not say."""
    amount = float(amounts.value[row])
    if np.isnan(amount):
        return None
    cost = unit_cost(columns, amounts, row)
    if cost is None and amounts.names[int(amounts.unit[row])] == "EUR":
        cost = 1.0
    return cost * amount if cost is not None and cost > 0 else None


def _obstacles(
    columns: FlowColumns, rows: NDArray[np.int64], pool: PoolForm, distance: Floats, limit: Floats
) -> NDArray[np.int8]:
    found = np.zeros(distance.shape, dtype=np.int8)
    has, refuses = columns.has[rows], columns.refuses[rows]
    clash = (conflict_masks(has) | refuses)[:, None] & has[None, :]
    if pool.direction is Direction.OUTPUT:
        clash &= ~bits(SORTED_LATER)
    found[(clash | clash.T) != 0] = Obstacle.QUALITY
    ends = columns.destination_km[rows]
    away = road_km(ends[:, None, :], ends[None, :, :])
    found[away > engine_constant("same_destination_km")] = Obstacle.DESTINATION
    found[pairwise_timing(columns, rows, pool) <= 0] = Obstacle.SEASON
    found[distance > limit] = Obstacle.DISTANCE
    same_site = columns.site[rows][:, None] == columns.site[rows][None, :]
    found[same_site] = Obstacle.NONE
    return found
