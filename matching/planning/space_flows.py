"""Requests and offers of space, equipment and parking from a flow table: one problem a kind and unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from matching.amounts import Amounts, unit_cost
from matching.candidates import candidate_pairs
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns, property_bits
from matching.compatibility import Compatibility
from matching.criteria.distance import road_km
from matching.criteria.quality import FAIL
from matching.errors import InvalidParametersError
from matching.gates import property_verdict
from matching.messages import N_, Message
from matching.model import Flow, Kind
from matching.parameters import MatchParameters
from matching.planning.constants import constant
from matching.planning.space_model import (
    KINDS,
    PLANNER,
    Floats,
    Offer,
    Place,
    Request,
    SpaceProblem,
    Why,
)
from matching.planning.weekdays import EVERY_DAY, weekdays_of

PARKING = "space-parking"
PARKING_NEEDS = frozenset({"need-parking-overflow", "need-lorry-night"})
SHARED = frozenset({Kind.SPACE, Kind.EQUIPMENT})
LEVELS = frozenset({"m2", "m3", "unité", "palette"})
LOAD = re.compile(r"(\d+(?:[.,]\d+)?)\s?(?:t|tonnes?)\b(?:\s?/\s?m[2²])?", re.IGNORECASE)
LENGTHS = re.compile(r"\d+(?:[.,]\d+)?")
Verdicts = dict[tuple[int, int], Why]


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    *,
    kind: str | None = None,
    resource: str | None = None,
    parameters: MatchParameters | None = None,
) -> tuple[SpaceProblem, ...]:
    """Return a problem for each kind (``space``, ``equipment``, ``parking``) and unit with a request.

    Parameters
    ----------
    kind
        One of the three, None for all.
    resource
        A catalogue id: only requests read as it or as one of its descendants.
    parameters
        Reaches and the largest distance.
    """
    if kind is not None and kind not in KINDS:
        raise InvalidParametersError(
            Message(N_("Unknown kind “{value}”: use {known}."), {"value": kind, "known": ", ".join(KINDS)})
        )
    if resource is not None and resource not in catalogue.resources:
        raise InvalidParametersError(Message(N_("Unknown resource “{value}”."), {"value": resource}))
    verdicts = _verdicts(columns, catalogue, parameters or MatchParameters())
    groups: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for row, flow in enumerate(columns.flows):
        if flow.kind in SHARED and amounts.value[row] > 0:
            key = (kind_of(columns, catalogue, row), amounts.names[int(amounts.unit[row])])
            groups.setdefault(key, ([], []))[flow.is_output].append(row)
    found = []
    for (name, unit), (requests, offers) in sorted(groups.items()):
        asked = [row for row in requests if _about(columns, catalogue, row, resource)]
        if asked and (kind is None or kind == name):
            found.append(_problem(name, unit, asked, offers, verdicts, columns, amounts))
    return tuple(found)


def kind_of(columns: FlowColumns, catalogue: Catalogue, row: int) -> str:
    """Return ``equipment``, ``parking`` or ``space`` for a row."""
    if columns.flows[row].kind is Kind.EQUIPMENT:
        return "equipment"
    readings = columns.readings[row]
    line = set(catalogue.lineage(readings[0].resource)) if readings else set()
    return "parking" if PARKING in line or line & PARKING_NEEDS else "space"


def _about(columns: FlowColumns, catalogue: Catalogue, row: int, resource: str | None) -> bool:
    return resource is None or any(resource in catalogue.lineage(r.resource) for r in columns.readings[row])


def _verdicts(columns: FlowColumns, catalogue: Catalogue, parameters: MatchParameters) -> Verdicts:
    """Return what the words, the catalogue and the reach say of each (request, offer) that may fit."""
    pairs = candidate_pairs(columns, Compatibility(catalogue))
    shared = np.array([flow.kind in SHARED for flow in columns.flows], dtype=bool)
    if not len(pairs):
        return {}
    pairs = pairs.take(
        shared[pairs.output] & shared[pairs.input] & (pairs.material >= constant(PLANNER, "least_fit"))
    )
    verdict, _, bad = property_verdict(pairs, columns, catalogue)
    distance = road_km(columns.position_km[pairs.output], columns.position_km[pairs.input])
    found: Verdicts = {}
    for i, (offer, request) in enumerate(zip(pairs.output.tolist(), pairs.input.tolist(), strict=True)):
        needed = pairs.bases[int(pairs.basis[i])].input_resource
        why = Why.NONE
        if verdict[i] == FAIL:
            why = Why.RISK if bad[i] & property_bits()["risk_zone"] else Why.QUALITY
        elif distance[i] > _limit_km(needed, catalogue, parameters):
            why = Why.DISTANCE
        found[request, offer] = why
    return found


def _limit_km(resource: str, catalogue: Catalogue, parameters: MatchParameters) -> float:
    reach = catalogue.resources[resource].reach if resource else "space"
    limit = parameters.reaches_km.get(reach, catalogue.reaches[reach].cut_km)
    return limit if parameters.max_km is None else min(limit, parameters.max_km)


def _problem(
    name: str,
    unit: str,
    requests: Sequence[int],
    offers: Sequence[int],
    verdicts: Verdicts,
    columns: FlowColumns,
    amounts: Amounts,
) -> SpaceProblem:
    refused = np.array(
        [[verdicts.get((r, o), Why.OTHER) for o in offers] for r in requests], dtype=np.int8
    ).reshape(len(requests), len(offers))
    asked, offered = np.array(requests), np.array(offers, dtype=np.int64)
    km: Floats = road_km(columns.position_km[asked][:, None, :], columns.position_km[offered][None, :, :])
    spread = unit not in LEVELS
    return SpaceProblem(
        kind=name,
        unit=unit,
        requests=tuple(
            Request(_place(columns, row), float(amounts.value[row]), spread, _budget(columns, amounts, row))
            for row in requests
        ),
        offers=tuple(
            Offer(
                _place(columns, row),
                float(amounts.value[row]) / (len(columns.flows[row].active_months) if spread else 1),
                _price(columns, amounts, row),
            )
            for row in offers
        ),
        distance_km=km,
        refused=refused,
    )


def _budget(columns: FlowColumns, amounts: Amounts, row: int) -> float | None:
    cost = unit_cost(columns, amounts, row)
    return cost if cost is not None and cost > 0 else None


def _price(columns: FlowColumns, amounts: Amounts, row: int) -> float | None:
    """Return the price an offer asks; people write a rent with or without the sign of what is sold."""
    cost = unit_cost(columns, amounts, row)
    return None if cost is None else abs(cost)


def _place(columns: FlowColumns, row: int) -> Place:
    flow = columns.flows[row]
    temperature = None if flow.temperature_c is None else (flow.temperature_c.low, flow.temperature_c.high)
    facts = columns.facts[row]
    risk = True if "risk_zone" in facts.has else False if "risk_zone" in facts.refuses else None
    return Place(
        site=flow.site.name,
        label=flow.label,
        months=frozenset(flow.active_months),
        weekdays=weekdays_of(flow.weekdays) or EVERY_DAY,
        temperature_c=temperature,
        load=load_of(flow),
        dimensions_m=lengths_of(flow.dimensions),
        risk_zone=risk,
        row=flow.row,
    )


def load_of(flow: Flow) -> float | None:
    """Return the tonnes (or t/m2) that a label or a comment names, such as “60 t” or “5 t/m2”."""
    match = LOAD.search(flow.label) or LOAD.search(flow.comment)
    return float(match[1].replace(",", ".")) if match else None


def lengths_of(text: str) -> tuple[float, ...]:
    """Return the lengths in m of a cell such as “12 x 3 x 4 m”, “1200 x 800 mm” or “3,5”."""
    lengths = [float(number.replace(",", ".")) for number in LENGTHS.findall(text.replace("²", ""))]
    factor = 0.001 if "mm" in text else 0.01 if "cm" in text else 1.0
    return tuple(round(length * factor, 4) for length in lengths[:3])
