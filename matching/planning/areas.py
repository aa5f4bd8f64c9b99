"""Flows that may be pooled under one form, by class and by area."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from matching.catalogue.model import Catalogue
from matching.columns import Floats, FlowColumns
from matching.criteria.distance import road_km
from matching.mutualisation.forms import form_of, pool_keys
from matching.mutualisation.grouping import LEAST_READING


def by_class(
    columns: FlowColumns, catalogue: Catalogue, form_name: str, resource: str | None
) -> dict[str, list[int]]:
    """Return the rows of each pool of a form; a row that suits several goes to the one most ask for."""
    keys: dict[int, tuple[str, ...]] = {}
    for row, flow in enumerate(columns.flows):
        if not columns.readings[row] or np.isnan(columns.position_km[row]).any():
            continue
        best = columns.readings[row][0]
        form = form_of(catalogue.resources[best.resource], flow.direction, flow.kind)
        wanted = resource is None or resource in catalogue.lineage(best.resource)
        if form is not None and form.name == form_name and best.candidate.score >= LEAST_READING and wanted:
            keys[row] = pool_keys(best.resource, flow.direction, catalogue)
    asked: dict[str, int] = defaultdict(int)
    for names in keys.values():
        for name in names:
            asked[name] += 1
    found: dict[str, list[int]] = defaultdict(list)
    for row, names in keys.items():
        if names:
            found[min(names, key=lambda name: (-asked[name], name))].append(row)
    return dict(sorted(found.items()))


def areas(columns: FlowColumns, rows: list[int], limit_km: float, most: int) -> list[list[int]]:
    """Return the rows in areas: no chain within the limit joins two, and none holds more than ``most``."""
    distance = distances(columns, rows)
    if len(rows) < 2:
        return [rows]
    labels = fcluster(linkage(squareform(distance, checks=False), "single"), t=limit_km, criterion="distance")
    found = []
    for label in sorted(set(labels)):
        part = [row for row, own in zip(rows, labels, strict=True) if own == label]
        if len(part) <= most:
            found.append(part)
            continue
        near = linkage(squareform(distances(columns, part), checks=False), "complete")
        inside = fcluster(near, t=limit_km, criterion="distance")
        for inner in sorted(set(inside)):
            close = [row for row, own in zip(part, inside, strict=True) if own == inner]
            found.extend(close[i : i + most] for i in range(0, len(close), most))
    return found


def distances(columns: FlowColumns, rows: list[int]) -> Floats:
    """Return the road km between the sites of each two rows, shape (n, n), zero diagonal."""
    position_km = columns.position_km[rows]
    distance = road_km(position_km[:, None, :], position_km[None, :, :])
    np.fill_diagonal(distance, 0.0)
    return np.asarray(distance)
