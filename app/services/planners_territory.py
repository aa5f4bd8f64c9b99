"""What changes for a territory, and its cascades of heat and water."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import partial

from app.services.matching import destinations_km, positions_km
from app.services.planners_request import PlanRequest, PlantRequest, Solve
from matching.amounts import Amounts
from matching.columns import FlowColumns
from matching.engine import Engine
from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.model import Direction, Flow, Quantity, Range, Site
from matching.planning import cascade_flows, groups_flows, groups_growth, heat_cascade, water_cascade
from matching.planning import what_if as change_of
from matching.planning.allocation import AllocationParams
from matching.planning.plan import Plan
from matching.planning.water_model import WaterParams
from matching.planning.what_if_change import Change, Plant


def heat(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return which source of heat warms which need, with a heat pump or without."""
    problem = cascade_flows.heat_problem_from_flows(columns, engine.catalogue, amounts)
    params = heat_cascade.HeatParams()
    if request.max_km is not None:
        params = replace(params, reach_km=min(params.reach_km, request.max_km))
    return [partial(heat_cascade.plan, problem, params)]


def water(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return which discharge serves which need of water within its limits of quality."""
    problem = cascade_flows.water_problem_from_flows(columns, amounts)
    params = WaterParams()
    if request.max_km is not None:
        params = replace(params, reach_km=min(params.reach_km, request.max_km))
    return [partial(water_cascade.plan, problem, params)]


def growths(request: PlanRequest, engine: Engine) -> list[Solve]:
    """Return what a group of each resource and form becomes when the newcomer joins it.

    Raises
    ------
    InvalidParametersError
        If the newcomer is not among the flows.
    """
    flows = [*request.flows, *request.added]
    names = {flow.site.name for flow in request.added} | ({request.newcomer} if request.newcomer else set())
    unknown = sorted(names - {flow.site.name for flow in flows})
    if unknown:
        text = N_("“{site}” is not a site of the table: name it as the table does.")
        raise InvalidParametersError(Message(text, {"site": unknown[0]}))
    columns, amounts = engine.columns(flows, positions_km(flows), destinations_km(flows))
    problems = groups_flows.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource, parameters=request.parameters
    )
    concerned = (p for p in problems if any(candidate.site in names for candidate in p.candidates))
    return [partial(groups_growth.plan, problem, frozenset(names), None) for problem in concerned]


def what_if(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return what a newcomer, a closure or a plant changes for the territory's substitutions.

    Raises
    ------
    InvalidParametersError
        If nothing changes, a site to close is unknown, or nobody gives what a plant of no size would take.
    """
    if not (request.added or request.closed or request.plant):
        text = N_("Say what changes: a newcomer's flows, a site that closes, or a plant and its place.")
        raise InvalidParametersError(Message(text))
    added, plant = list(request.added), None
    if request.plant is not None:
        asked = request.plant
        plant = Plant(asked.name, asked.yearly_eur, asked.treatment_eur_per_unit)
        added.append(_intake(asked, engine, columns, amounts))
    change = Change(tuple(added), positions_km(added), closed=frozenset(request.closed), plant=plant)

    def solve(seed: int, time_limit_s: float) -> Plan:
        return change_of.what_if(
            engine,
            request.flows,
            positions_km(request.flows),
            change,
            AllocationParams(objective=request.objective),
            request.parameters,
            seed,
            time_limit_s,
        )

    return [solve]


def _intake(plant: PlantRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> Flow:
    """Return what the plant takes as a flow of its own."""
    known = engine.catalogue.resources.get(plant.resource)
    if known is None:
        raise InvalidParametersError(Message(N_("Unknown resource “{value}”."), {"value": plant.resource}))
    unit, total = _given(plant.resource, engine, columns, amounts)
    if not unit and plant.capacity is None:
        text = N_("Nobody gives “{resource}” in a known quantity: say how much the plant takes.")
        raise InvalidParametersError(Message(text, {"resource": known.name}))
    takes = total if plant.capacity is None else plant.capacity
    return Flow(
        site=Site(plant.name, lon=plant.lon, lat=plant.lat),
        direction=Direction.INPUT,
        kind=known.kind,
        label=known.name.fr,
        quantity=Quantity(Range.of(takes), unit or known.unit),
        resource=plant.resource,
    )


def _given(resource: str, engine: Engine, columns: FlowColumns, amounts: Amounts) -> tuple[str, float]:
    """Return the unit in which most give a resource and how much of it a year; no unit where nobody does."""
    family = {resource, *engine.catalogue.descendants(resource)}
    counts: Counter[str] = Counter()
    totals: dict[str, float] = defaultdict(float)
    for i, flow in enumerate(columns.flows):
        found, value = columns.readings[i], float(amounts.value[i])
        if flow.is_output and found and found[0].resource in family and value > 0:
            unit = amounts.names[int(amounts.unit[i])]
            counts[unit] += 1
            totals[unit] += value
    if not counts:
        return "", 0.0
    most = max(counts, key=lambda name: (counts[name], name))
    return most, totals[most]
