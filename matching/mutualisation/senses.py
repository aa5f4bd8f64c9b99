"""What a need may be pooled as, by all its readings however weak: what a second look compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.catalogue.model import Catalogue, Resource
from matching.classify import Classifier
from matching.columns import FlowColumns, bits
from matching.model import Kind
from matching.mutualisation.carrying import carries, coldness
from matching.mutualisation.forms import PoolForm, pool_keys
from matching.mutualisation.grouping import EXCLUDED
from matching.mutualisation.subjects import form_of_flow
from matching.parameters import constant

WORK = (Kind.SERVICE, Kind.SKILL, Kind.EQUIPMENT, Kind.SPACE, Kind.TRANSPORT)
# What firms may buy together, asked for by each in its own words.
BOUGHT = (Kind.MATERIAL, Kind.PACKAGING)
# How many readings of a flow are looked at, however weak: it is their agreement that counts.
READINGS_LOOKED_AT = 40
# A reading half as strong is this power of two less likely (own estimate, set on territories c and d).
SHARPNESS = 4
Named = tuple[str, PoolForm]


@dataclass(frozen=True, slots=True)
class Sense:
    """What a flow may be pooled as: weight in [0, 1] and likeliest resource of each (key, form); its load."""

    row: int
    best: float
    weights: Mapping[Named, float]
    resources: Mapping[Named, str]
    load: tuple[str, str] = ("", "")


def sense_of(columns: FlowColumns, row: int, catalogue: Catalogue, classifier: Classifier) -> Sense | None:
    """Return what a need may be pooled as, None where it gets no second look."""
    flow = columns.flows[row]
    placed = not np.isnan(columns.position_km[row]).any()
    if flow.is_output or flow.kind not in WORK + BOUGHT or not placed or columns.has[row] & bits(EXCLUDED):
        return None
    found = classifier.weighed(flow, READINGS_LOOKED_AT)
    total = sum(score**SHARPNESS for _, score in found)
    weights: dict[Named, float] = defaultdict(float)
    resources: dict[Named, str] = {}
    for resource_id, score in found:
        resource = catalogue.resources[resource_id]
        form = form_of_flow(resource, flow)
        if form is None or not _telling(resource, catalogue, BOUGHT if flow.kind in BOUGHT else WORK):
            continue
        for key in pool_keys(resource_id, flow.direction, catalogue):
            weights[key, form] += score**SHARPNESS / total
            resources.setdefault((key, form), resource_id)
    load = carries(flow, found, catalogue), coldness(flow)
    return Sense(row, found[0][1], weights, resources, load) if weights else None


def _telling(resource: Resource, catalogue: Catalogue, kinds: Sequence[Kind]) -> bool:
    """Tell whether it is of such kinds, and narrow enough that two needs of it may be one."""
    if resource.kind not in kinds or "consigned" in resource.properties:
        return False
    return len(catalogue.descendants(resource.resource_id)) <= constant("wide_family")


def crowds(columns: FlowColumns, catalogue: Catalogue, classifier: Classifier) -> list[list[Sense]]:
    """Return the senses of the flows that get a second look, those of one kind together."""
    found: dict[str, list[Sense]] = defaultdict(list)
    for row, flow in enumerate(columns.flows):
        sense = sense_of(columns, row, catalogue, classifier)
        if sense is not None:
            found[flow.kind.value].append(sense)
    return [found[kind] for kind in sorted(found) if len(found[kind]) > 1]
