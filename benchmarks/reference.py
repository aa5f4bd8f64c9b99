"""The peer: every output against every input, in plain Python, by the written definition of the score."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue, Reach
from matching.columns import FlowColumns
from matching.compatibility import Compatibility, Link
from matching.parameters import CRITERIA, MatchParameters, constant
from matching.scoring import resource_reach

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG 1980
Pair = tuple[float, int, int]


def reference_pairs(
    columns: FlowColumns,
    catalogue: Catalogue,
    compatibility: Compatibility,
    amounts: Amounts,
    parameters: MatchParameters,
) -> list[Pair]:
    """Return (score, output row, input row), the best ``parameters.top`` of each output.

    What it leaves out: gates, receivers' activities, pairs by words alone, and every sentence.
    """
    outputs = [row for row, flow in enumerate(columns.flows) if flow.is_output]
    inputs = [row for row, flow in enumerate(columns.flows) if not flow.is_output]
    kept: list[Pair] = []
    for row in outputs:
        found = _scored(row, inputs, columns, catalogue, compatibility, amounts, parameters)
        kept.extend(heapq.nlargest(parameters.top, found))
    return kept


def _scored(
    row: int,
    inputs: list[int],
    columns: FlowColumns,
    catalogue: Catalogue,
    compatibility: Compatibility,
    amounts: Amounts,
    parameters: MatchParameters,
) -> Iterator[Pair]:
    links = [
        (
            reading.certainty,
            compatibility.links_from(reading.resource),
            resource_reach(reading.resource, catalogue),
        )
        for reading in columns.readings[row]
    ]
    for other in inputs:
        material, reach = _material(links, columns, other)
        if reach is None or columns.site[row] == columns.site[other]:
            continue
        km = _road_km(columns, row, other)
        if km > min(reach.cut_km, parameters.max_km or math.inf):
            continue
        criteria = {
            "material": material,
            "quantity": _quantity(amounts, row, other),
            "timing": _timing(columns, amounts, row, other),
            "distance": 2.0 ** -(max(km - reach.full_km, 0) / reach.half_km),
            "quality": constant("nothing_to_check"),
        }
        score = _score(criteria, parameters)
        if score >= constant("minimum_score"):
            yield score, row, other


def _material(
    links: list[tuple[float, Mapping[str, Link], Reach]], columns: FlowColumns, other: int
) -> tuple[float, Reach | None]:
    best, reach = 0.0, None
    for reading in columns.readings[other]:
        for certainty, targets, own_reach in links:
            link = targets.get(reading.resource)
            if link is None:
                continue
            strength = link.strength * math.sqrt(certainty * reading.certainty)
            if strength > best:
                best, reach = strength, own_reach
    return best, reach


def _road_km(columns: FlowColumns, first: int, second: int) -> float:
    chord = math.dist(columns.position_km[first], columns.position_km[second])
    return 2 * EARTH_RADIUS_KM * math.asin(chord / (2 * EARTH_RADIUS_KM)) * constant("road_factor")


def _pair(amounts: Amounts, first: int, second: int) -> tuple[float, float]:
    if amounts.unit[first] != amounts.unit[second]:
        return math.nan, math.nan
    return float(amounts.value[first]), float(amounts.value[second])


def _quantity(amounts: Amounts, first: int, second: int) -> float:
    offered, needed = _pair(amounts, first, second)
    if math.isnan(offered) or math.isnan(needed):
        return constant("unknown_quantity")
    larger = max(offered, needed)
    return 0.5 + 0.5 * (min(offered, needed) / larger if larger > 0 else 0.0)


def _timing(columns: FlowColumns, amounts: Amounts, first: int, second: int) -> float:
    offered, needed = _pair(amounts, first, second)
    if not (offered > 0 and needed > 0):
        offered = needed = 1.0
    months = columns.flows[first].active_months, columns.flows[second].active_months
    shared = len(months[0] & months[1]) * min(offered / len(months[0]), needed / len(months[1]))
    return min(shared / min(offered, needed), 1.0)


def _score(criteria: Mapping[str, float], parameters: MatchParameters) -> float:
    if min(criteria.values()) <= 0:
        return 0.0
    shares = parameters.shares
    return round(100 * math.exp(sum(shares[name] * math.log(criteria[name]) for name in CRITERIA)), 1)
