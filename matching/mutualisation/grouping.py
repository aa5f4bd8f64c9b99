"""Groups of flows near enough in place, season and destination to be pooled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns, bits
from matching.criteria.distance import road_km
from matching.criteria.timing import calendars_met
from matching.model import Direction, Kind
from matching.mutualisation.apartness import apart_key
from matching.mutualisation.carrying import colds_apart
from matching.mutualisation.forms import PoolForm, form_of, form_reach, pool_keys
from matching.mutualisation.neighbourhoods import MANY, members_of, neighbourhoods
from matching.mutualisation.posts import job_fit
from matching.mutualisation.providers import Entry, with_one_provider
from matching.mutualisation.spreading import spread
from matching.mutualisation.subjects import asks_for_training, objects_apart, subjects_apart
from matching.parameters import MatchParameters, constant

NEAR_BEST = 0.85
# A label read more weakly than this joins no pool (own estimate, set on the calibration cases).
LEAST_READING = 0.3
FAR = 1e6
# By form: what tells for each two flows that they are never put together.
NEVER_TOGETHER = {
    "shared_transport": colds_apart,
    "shared_space": lambda flows: colds_apart(flows) | objects_apart(flows),
    "shared_equipment": objects_apart,
    "shared_job": objects_apart,
    "joint_training": subjects_apart,
    "joint_purchase": objects_apart,
}
EXCLUDED = frozenset({"consigned"})


@dataclass(frozen=True, slots=True)
class Group:
    """Flows of one pool: rows of the columns, the resource each was read as, and how sure.

    ``guessed`` tells that only a second look at what its members may be brings them together.
    """

    key: str
    form: PoolForm
    rows: tuple[int, ...]
    resources: tuple[str, ...]
    certainty: tuple[float, ...]
    distance_km: float
    timing: float
    guessed: bool = False


def find_groups(columns: FlowColumns, catalogue: Catalogue, parameters: MatchParameters) -> list[Group]:
    """Return the groups of two sites or more, in a stable order."""
    found: list[Group] = []
    for (key, form), entries in sorted(
        pool_entries(columns, catalogue).items(), key=lambda kv: (kv[0][0], kv[0][1].name)
    ):
        if len({int(columns.site[e.row]) for e in entries}) < form.minimum_members:
            continue
        found.extend(_clusters(key, form, entries, columns, catalogue, parameters))
    return _without_repeats(found)


def pool_entries(columns: FlowColumns, catalogue: Catalogue) -> dict[tuple[str, PoolForm], list[Entry]]:
    """Return the flows that could be pooled, by pool key and form."""
    groups: dict[tuple[str, PoolForm], dict[int, Entry]] = defaultdict(dict)
    excluded = (columns.has & bits(EXCLUDED) != 0).tolist()

    @cache
    def pooled(
        resource: str, direction: Direction, kind: Kind, trained: bool
    ) -> tuple[PoolForm | None, tuple[str, ...]]:
        form = form_of(catalogue.resources[resource], direction, kind, trained=trained)
        return form, () if form is None else pool_keys(resource, direction, catalogue)

    for i, flow in enumerate(columns.flows):
        if excluded[i]:
            continue
        best = columns.readings[i][0].certainty if columns.readings[i] else 0.0
        for reading in columns.readings[i]:
            resource = catalogue.resources[reading.resource]
            if reading.candidate.score < LEAST_READING:
                continue
            form, keys = pooled(reading.resource, flow.direction, flow.kind, asks_for_training(flow))
            if form is None or reading.certainty < NEAR_BEST * best or "consigned" in resource.properties:
                continue
            for key in keys:
                groups[apart_key(key, columns, i, resource, catalogue), form].setdefault(
                    i, Entry(i, reading.resource, reading.certainty)
                )
    with_one_provider(groups, columns.flows, catalogue)
    return {group: list(entries.values()) for group, entries in groups.items()}


def _clusters(
    key: str,
    form: PoolForm,
    entries: Sequence[Entry],
    columns: FlowColumns,
    catalogue: Catalogue,
    parameters: MatchParameters,
) -> list[Group]:
    placed = [e for e in entries if not np.isnan(columns.position_km[e.row]).any()]
    limit = np.array([pool_limit_km(form, e.resource, catalogue, parameters, key) for e in placed])
    if len(placed) < MANY:
        return _near_clusters(key, form, placed, limit, columns) if len(placed) > 1 else []
    sets = neighbourhoods(columns.position_km[[e.row for e in placed]], float(limit.max()))
    return [
        group
        for places in sets
        for group in _near_clusters(key, form, [placed[i] for i in places.tolist()], limit[places], columns)
    ]


def _near_clusters(
    key: str, form: PoolForm, placed: Sequence[Entry], limit: Floats, columns: FlowColumns
) -> list[Group]:
    rows = np.array([e.row for e in placed])
    first, second = np.triu_indices(len(rows), 1)
    apart = _km_between(columns.position_km[rows], first, second)
    apart /= np.minimum(limit[first], limit[second])
    destinations = columns.destination_km[rows]
    if not np.isnan(destinations).all():
        apart[_km_between(destinations, first, second) > constant("same_destination_km")] = FAR
    keeps = NEVER_TOGETHER.get(form.name)
    if keeps is not None:
        apart[keeps([columns.flows[e.row] for e in placed])[first, second]] = FAR
    distance = apart.copy()
    apart[pairwise_timing(columns, rows, form)[first, second] <= 0] = FAR
    labels = spread(fcluster(linkage(apart, "complete"), t=1.0, criterion="distance"), apart, distance)
    groups = []
    for inside in members_of(labels):
        if len(set(columns.site[rows[inside]].tolist())) >= form.minimum_members:
            groups.append(_group(key, form, [placed[j] for j in inside.tolist()], columns))
    return groups


def _group(key: str, form: PoolForm, entries: Sequence[Entry], columns: FlowColumns) -> Group:
    rows = np.array([e.row for e in entries])
    first, second = np.triu_indices(len(rows), 1)
    return Group(
        key=key,
        form=form,
        rows=tuple(e.row for e in entries),
        resources=tuple(e.resource for e in entries),
        certainty=tuple(e.certainty for e in entries),
        distance_km=round(float(_km_between(columns.position_km[rows], first, second).max()), 1),
        timing=_least_timing(pairwise_timing(columns, rows, form)),
    )


def _least_timing(fit: Floats) -> float:
    """Return the least fit of two calendars that must meet: of all, or of one that meets every other one."""
    np.fill_diagonal(fit, 1.0)
    least = fit.min(axis=1)
    return float(least.min() or least.max())


def pool_limit_km(
    form: PoolForm, resource: str, catalogue: Catalogue, parameters: MatchParameters, key: str = ""
) -> float:
    """Return the widest road distance between two members of a pool, in km."""
    reach = form_reach(form, key)
    own = catalogue.reaches[catalogue.resources[resource].reach].cut_km
    limit = min(catalogue.reaches[reach].cut_km, own)
    limit = parameters.reaches_km.get(reach, limit)
    return limit if parameters.max_km is None else min(limit, parameters.max_km)


def _km_between(position_km: Floats, first: NDArray[np.int64], second: NDArray[np.int64]) -> Floats:
    """Return the road km of each pair of places in ``position_km``, 0 where one is unknown."""
    distance = road_km(position_km[first], position_km[second])
    distance[np.isnan(distance)] = 0.0
    return distance


def pairwise_timing(columns: FlowColumns, rows: NDArray[np.int64], form: PoolForm) -> Floats:
    """Return how well each two members' calendars suit this form of sharing, in [0, 1], shape (n, n).

    A collection, a purchase or a journey wants the same months; a shared job wants hours that fit in one
    full-time post, or cover; a shared machine or place suits any months.
    """
    if form.name == "shared_job":
        return job_fit(columns, rows)
    if form.name in ("shared_equipment", "shared_space"):
        return np.ones((len(rows), len(rows)))
    # Calendars are few: each two of them are compared once, whatever the number of members.
    months, calendar = np.unique(columns.months[rows], return_inverse=True)
    return calendars_met(months)[calendar[:, None], calendar[None, :]]


def _without_repeats(groups: list[Group]) -> list[Group]:
    """Drop a group whose members all stand in another group of the same form."""
    kept: list[Group] = []
    # A group that holds all members of another holds its first one.
    holding: dict[tuple[str, int], list[set[int]]] = defaultdict(list)
    for group in sorted(groups, key=lambda g: (-len(g.rows), g.key)):
        rows = set(group.rows)
        if any(rows <= other for other in holding[group.form.name, group.rows[0]]):
            continue
        kept.append(group)
        for row in rows:
            holding[group.form.name, row].append(rows)
    return kept


def lopsided(group: Group, columns: FlowColumns, amounts: Amounts) -> bool:
    """Tell whether one site holds nearly everything, so that the others bring nothing to it.

    Those who buy together may be small beside one: its price is what they come for.
    """
    if group.form.name == "joint_purchase":
        return False
    rows = list(group.rows)
    values, units = amounts.value[rows], amounts.unit[rows]
    if np.isnan(values).any() or len(set(units.tolist())) != 1:
        return False
    by_site: Counter[int] = Counter()
    for site, value in zip(columns.site[rows].tolist(), values.tolist(), strict=True):
        by_site[site] += value
    largest, second = (value for _, value in by_site.most_common(2))
    return second < constant("tiny_share") * largest
