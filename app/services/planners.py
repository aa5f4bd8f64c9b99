"""The planners by name: what each makes of a table of flows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from app.services.planners_request import DEFAULT_TIME_LIMIT_S, PlanRequest, PlantRequest, Problems, Solve
from app.services.planners_territory import growths, heat, water, what_if
from matching.amounts import Amounts
from matching.columns import FlowColumns
from matching.engine import Engine
from matching.mutualisation.pools import find_pools
from matching.planning import (
    allocation,
    collection,
    groups,
    groups_flows,
    jobs,
    jobs_flows,
    masterclass,
    masterclass_flows,
    purchase,
    purchase_flows,
    space,
    space_flows,
    training,
    training_flows,
    transport,
    transport_flows,
    workshop,
    workshop_flows,
)
from matching.substitution import find_substitutions

__all__ = ["DEFAULT_TIME_LIMIT_S", "PLANNERS", "PlanRequest", "PlantRequest", "Problems", "Solve"]


def _allocation(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    problem = allocation.problem_from_flows(
        columns,
        engine.catalogue,
        amounts,
        request.parameters,
        resource=request.resource,
        compatibility=engine.compatibility,
    )
    params = allocation.AllocationParams(objective=request.objective)
    return [partial(allocation.plan, problem, params)]


def _groups(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    if request.newcomer or request.added:
        return growths(request, engine)
    problems = groups_flows.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource, parameters=request.parameters
    )
    return [partial(groups.plan, problem, None) for problem in problems]


def _collection(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    problems = collection.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource, max_km=request.max_km
    )
    return [partial(collection.plan, problem, None) for problem in problems]


def _purchase(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    problems = purchase_flows.problem_from_flows(
        columns,
        engine.catalogue,
        amounts,
        today=request.today,
        resource=request.resource,
        parameters=request.parameters,
        seed=request.seed,
        time_limit_s=request.time_limit_s / 2,
    )
    return [partial(purchase.plan, problem, None) for problem in problems]


def _space(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    problems = space_flows.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource, parameters=request.parameters
    )
    return [partial(space.plan, problem, None) for problem in problems]


def _transport(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    problem = transport_flows.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource
    )
    return [partial(transport.plan, problem, None)]


def _jobs(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    problems = jobs_flows.problem_from_flows(
        columns, engine.catalogue, amounts, request.resource, request.max_km
    )
    return [partial(jobs.plan, problem, None) for problem in problems]


def _training(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    problems = training_flows.problem_from_flows(
        columns, engine.catalogue, amounts, request.today, request.resource, request.max_km
    )
    return [partial(training.plan, problem, None) for problem in problems]


def _master_class(
    request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts
) -> list[Solve]:
    problem = masterclass_flows.problem_from_applications(
        columns, engine.catalogue, amounts, request.applications
    )
    return [partial(masterclass.plan, problem, None)]


def _workshop(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    parameters = request.parameters
    found = find_substitutions(columns, engine.catalogue, engine.compatibility, amounts, parameters).best
    synergies = (*found, *find_pools(columns, engine.catalogue, amounts, parameters))
    matches = [
        (first, second, synergy.score)
        for synergy in synergies
        for sites in [sorted({member.flow.site.name for member in synergy.members})]
        for place, first in enumerate(sites)
        for second in sites[place + 1 :]
    ]
    room = request.room
    problem = workshop_flows.problem_from_flows(
        columns,
        engine.catalogue,
        amounts,
        matches,
        tables=room.tables,
        seats=room.seats,
        turns=room.turns,
        hosts=room.hosts,
        rivals=room.rivals,
    )
    return [partial(workshop.plan, problem, None)]


PLANNERS: Mapping[str, Problems] = {
    "groups": _groups,
    "collection": _collection,
    "purchase": _purchase,
    "jobs": _jobs,
    "training": _training,
    "masterclass": _master_class,
    "space": _space,
    "transport": _transport,
    "allocation": _allocation,
    "what-if": what_if,
    "heat": heat,
    "water": water,
    "workshop": _workshop,
}
