"""Hesitant labels beside sure neighbours: a group that others make sure of settles what a weak label means.

"Passage de la tireuse mobile" alone is read as many things. Where two neighbours plainly ask for bottling
and bottling is among those things, it is the likeliest of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue
from matching.classify import Classifier
from matching.columns import Floats, FlowColumns, certainty
from matching.criteria.distance import road_km
from matching.mutualisation.alike import CERTAIN_FORMS, with_alike
from matching.mutualisation.apartness import apart_key
from matching.mutualisation.carrying import apart, carries, family
from matching.mutualisation.forms import pool_keys
from matching.mutualisation.grouping import (
    NEVER_TOGETHER,
    Group,
    find_groups,
    lopsided,
    pairwise_timing,
    pool_limit_km,
)
from matching.mutualisation.seasons import with_seasons
from matching.mutualisation.subjects import form_of_flow
from matching.parameters import MatchParameters, constant
from matching.readings import Candidate

# How many readings of a hesitant label are looked at; those below the classifier's floor never are.
READINGS_LOOKED_AT = 10


def pool_groups(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    parameters: MatchParameters,
    classifier: Classifier | None = None,
    *,
    second_look: bool = True,
) -> list[Group]:
    """Return the groups worth weighing, as rows of the columns; a part of a territory gets no second look."""
    groups = find_groups(columns, catalogue, parameters)
    if classifier is not None:
        groups = with_hesitant(groups, columns, catalogue, parameters, classifier)
        if second_look:
            groups = with_alike(groups, columns, catalogue, parameters, classifier)
            groups = with_seasons(groups, columns, catalogue, parameters)
    return [group for group in groups if not lopsided(group, columns, amounts)]


def with_hesitant(
    groups: Sequence[Group],
    columns: FlowColumns,
    catalogue: Catalogue,
    parameters: MatchParameters,
    classifier: Classifier,
) -> list[Group]:
    """Return the groups, each joined by the near flows whose weak label may well mean the same thing.

    A flow joins one group at most, the one of its likeliest reading, and never beside its own site.
    """
    if not groups:
        return []
    joined = list(groups)
    crowds = _crowds(joined, columns)
    placed = {(row, group.form.name) for group in groups for row in group.rows}
    for row in _hesitant_rows(columns):
        found = classifier.classify(columns.flows[row], top=READINGS_LOOKED_AT)
        load = carries(columns.flows[row], [(one.resource, one.score) for one in found], catalogue)
        for candidate in found:
            resource = catalogue.resources[candidate.resource]
            if apart(load, family(resource, catalogue)):
                continue
            form = form_of_flow(resource, columns.flows[row])
            # What its likeliest reading brought together needs no other company.
            if form is not None and (row, form.name) in placed:
                break
            place = _place(row, candidate, crowds, joined, columns, catalogue, parameters)
            if place is not None:
                group = joined[place] = _with(joined[place], row, candidate, columns)
                crowds[group.key, group.form.name].rows.add(row)
                break
    return joined


@dataclass(frozen=True, slots=True)
class _Crowd:
    """The groups of one key: their numbers, where the first member of each is, and all their rows."""

    numbers: NDArray[np.int64]
    first_km: Floats
    rows: set[int]

    def within(self, position_km: Floats, limit_km: float) -> list[int]:
        """Return the groups whose first member is near enough: those further away cannot suit."""
        near = road_km(self.first_km, position_km) <= limit_km
        return [int(number) for number in self.numbers[near]]


def _crowds(groups: Sequence[Group], columns: FlowColumns) -> dict[tuple[str, str], _Crowd]:
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        by_key[group.key, group.form.name].append(number)
    return {
        key: _Crowd(
            np.array(numbers, dtype=np.int64),
            columns.position_km[[groups[number].rows[0] for number in numbers]],
            {row for number in numbers for row in groups[number].rows},
        )
        for key, numbers in by_key.items()
    }


def _hesitant_rows(columns: FlowColumns) -> list[int]:
    limit = constant("hesitant_reading")
    return [
        row
        for row, found in enumerate(columns.readings)
        if found and found[0].candidate.score < limit and not np.isnan(columns.position_km[row]).any()
    ]


def _place(
    row: int,
    candidate: Candidate,
    crowds: Mapping[tuple[str, str], _Crowd],
    groups: Sequence[Group],
    columns: FlowColumns,
    catalogue: Catalogue,
    parameters: MatchParameters,
) -> int | None:
    """Return the nearest group this reading of the flow belongs to, None where there is none."""
    flow = columns.flows[row]
    resource = catalogue.resources[candidate.resource]
    form = form_of_flow(resource, flow)
    if (
        form is None
        or form.name in CERTAIN_FORMS
        or "consigned" in resource.properties | columns.facts[row].has
    ):
        return None
    keys = pool_keys(candidate.resource, flow.direction, catalogue)
    met = [
        crowd
        for key in keys
        if (crowd := crowds.get((apart_key(key, columns, row, resource, catalogue), form.name))) is not None
    ]
    if any(row in crowd.rows for crowd in met):
        return None
    fitting: list[tuple[float, int]] = []
    limit = pool_limit_km(form, candidate.resource, catalogue, parameters)
    for number in (n for crowd in met for n in crowd.within(columns.position_km[row], limit)):
        distance = _furthest_km(row, groups[number], columns)
        if distance <= limit and _suits(row, groups[number], columns):
            fitting.append((distance, number))
    return min(fitting)[1] if fitting else None


def _furthest_km(row: int, group: Group, columns: FlowColumns) -> float:
    return float(np.max(_km(columns.position_km, row, group.rows)))


def _suits(row: int, group: Group, columns: FlowColumns) -> bool:
    """Tell whether the calendar and the destination agree with every member, and the site is another one."""
    if columns.flows[row].kind not in {columns.flows[member].kind for member in group.rows}:
        return False
    if int(columns.site[row]) in {int(columns.site[member]) for member in group.rows}:
        return False
    keeps = NEVER_TOGETHER.get(group.form.name)
    if keeps is not None and keeps([columns.flows[one] for one in (row, *group.rows)])[0].any():
        return False
    apart = _km(columns.destination_km, row, group.rows)
    if (apart > constant("same_destination_km")).any():
        return False
    timing = pairwise_timing(columns, np.array([row, *group.rows]), group.form)[0, 1:]
    return bool((timing > 0).all())


def _km(points: Floats, row: int, members: tuple[int, ...]) -> Floats:
    return np.asarray(road_km(points[[row] * len(members)], points[list(members)]))


def _with(group: Group, row: int, candidate: Candidate, columns: FlowColumns) -> Group:
    rows = (*group.rows, row)
    best = columns.readings[row][0].candidate.score
    timing = pairwise_timing(columns, np.array(rows), group.form)[~np.eye(len(rows), dtype=bool)]
    sure = certainty(candidate.score) * (candidate.score / best) ** 0.5
    return replace(
        group,
        rows=rows,
        resources=(*group.resources, candidate.resource),
        certainty=(*group.certainty, sure),
        distance_km=round(max(group.distance_km, _furthest_km(row, group, columns)), 1),
        timing=float(timing.min()),
    )
