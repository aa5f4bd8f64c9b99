"""Heat and water cascades from a flow table: temperatures from its column, qualities from its words."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from matching.amounts import Amounts, unit_cost
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.messages import N_, Message
from matching.model import Flow, Kind
from matching.planning.heat_streams import HeatProblem, HeatStream, between_km
from matching.planning.plan import InfeasiblePlanError
from matching.planning.water_model import WaterFlow, WaterProblem

# The resources that are heat at a temperature.
HEAT = frozenset({"heat", "heat-need"})
NUMBER = r"\D{0,20}?(\d+(?:[.,]\d+)?)\s*"
# How diagnostics write a quality, and what turns it into the unit of its name.
WRITTEN = {
    "conductivity_us_cm": (r"\bconductivit[éey]+" + NUMBER + r"(?:[µu]S|(mS))", 1000.0),
    "cod_mg_l": (r"\b(?:DCO|COD)\b" + NUMBER + r"(?:mg|(g)\s*/)", 1000.0),
    "chlorides_mg_l": (r"\bchlor(?:ures?|ides?)\b" + NUMBER + r"(?:mg|(g)\s*/)", 1000.0),
}


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[re.Pattern[str], float]]:
    return {name: (re.compile(text, re.IGNORECASE), factor) for name, (text, factor) in WRITTEN.items()}


def heat_problem_from_flows(columns: FlowColumns, catalogue: Catalogue, amounts: Amounts) -> HeatProblem:
    """Return the sources and needs of heat whose temperature and yearly MWh are known.

    A range is a stream from one end to the other; a single temperature stays where it is.

    Raises
    ------
    InfeasiblePlanError
        If there is no source or no need.
    """
    rows = [i for i in range(len(columns)) if _is_heat(columns, catalogue, amounts, i)]
    return _heat(columns, catalogue, amounts, rows)


def _is_heat(columns: FlowColumns, catalogue: Catalogue, amounts: Amounts, i: int) -> bool:
    flow = columns.flows[i]
    read = columns.readings[i]
    known = flow.temperature_c is not None and amounts.unit[i] >= 0 and amounts.value[i] > 0
    if not known or not read or amounts.names[int(amounts.unit[i])] != "MWh":
        return False
    return flow.kind is Kind.ENERGY and bool(HEAT & set(catalogue.lineage(read[0].resource)))


def _heat(columns: FlowColumns, catalogue: Catalogue, amounts: Amounts, rows: list[int]) -> HeatProblem:
    sides: dict[bool, list[int]] = {True: [], False: []}
    for i in rows:
        sides[columns.flows[i].is_output].append(i)
    if not sides[True] or not sides[False]:
        raise InfeasiblePlanError(
            Message(
                N_("{sources} sources and {needs} needs of heat have MWh and °C: fill these in."),
                {"sources": len(sides[True]), "needs": len(sides[False])},
            )
        )
    streams = {
        side: tuple(_stream(columns, catalogue, amounts, i) for i in found) for side, found in sides.items()
    }
    away = between_km(columns.position_km[sides[True]], columns.position_km[sides[False]])
    return HeatProblem(streams[True], streams[False], away)


def _stream(columns: FlowColumns, catalogue: Catalogue, amounts: Amounts, i: int) -> HeatStream:
    flow = columns.flows[i]
    low, high = (float(value) for value in columns.temperature_c[i])
    properties = catalogue.resources[columns.readings[i][0].resource].properties
    medium = "gas" if "gas" in properties else "liquid" if "liquid" in properties else "default"
    cost = unit_cost(columns, amounts, i)
    price = cost if cost is not None and cost > 0 and not flow.is_output else None
    return HeatStream(flow.site.name, flow.label, float(amounts.value[i]), high, low, medium, price)


def water_problem_from_flows(columns: FlowColumns, amounts: Amounts) -> WaterProblem:
    """Return the discharges and needs of water with a yearly volume, qualities read in label and comment.

    Raises
    ------
    InfeasiblePlanError
        If there is no discharge or no need.
    """
    sides: dict[bool, list[int]] = {True: [], False: []}
    for i, flow in enumerate(columns.flows):
        volume = amounts.unit[i] >= 0 and amounts.names[int(amounts.unit[i])] == "m3" and amounts.value[i] > 0
        if flow.kind is Kind.WATER and volume:
            sides[flow.is_output].append(i)
    if not sides[True] or not sides[False]:
        raise InfeasiblePlanError(
            Message(
                N_("{sources} discharges and {needs} needs of water have m3 a year: fill these in."),
                {"sources": len(sides[True]), "needs": len(sides[False])},
            )
        )
    flows = {
        side: tuple(
            WaterFlow(
                columns.flows[i].site.name,
                columns.flows[i].label,
                float(amounts.value[i]),
                qualities_in(columns.flows[i]),
            )
            for i in found
        )
        for side, found in sides.items()
    }
    away = between_km(columns.position_km[sides[True]], columns.position_km[sides[False]])
    return WaterProblem(flows[True], flows[False], np.asarray(away))


def qualities_in(flow: Flow) -> dict[str, float]:
    """Return the qualities that a flow's words give, such as “DCO < 120 mg/L”."""
    text = f"{flow.label} , {flow.comment}"
    found = {}
    for name, (pattern, factor) in _patterns().items():
        said = pattern.search(text)
        if said:
            value = float(said.group(1).replace(",", "."))
            found[name] = value * (factor if said.group(2) else 1.0)
    return found
