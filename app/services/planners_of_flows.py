"""What each planner makes of a table of flows."""

from __future__ import annotations

from functools import partial

from app.services.planners_request import PlanRequest, Solve
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

__all__ = ["growths", "heat", "water", "what_if"]


def allocate(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return who gives what to whom for the most worth."""
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


def group(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return which sites share each need."""
    if request.newcomer or request.added:
        return growths(request, engine)
    problems = groups_flows.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource, parameters=request.parameters
    )
    return [partial(groups.plan, problem, None) for problem in problems]


def collect(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return rounds that pick up what several sites throw away."""
    problems = collection.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource, max_km=request.max_km
    )
    return [partial(collection.plan, problem, None) for problem in problems]


def buy(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return what several sites buy together."""
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


def share_space(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return who uses whose space, and when."""
    problems = space_flows.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource, parameters=request.parameters
    )
    return [partial(space.plan, problem, None) for problem in problems]


def share_transport(
    request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts
) -> list[Solve]:
    """Return journeys that are made together."""
    problem = transport_flows.problem_from_flows(
        columns, engine.catalogue, amounts, resource=request.resource
    )
    return [partial(transport.plan, problem, None)]


def share_jobs(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return posts that several firms fill together."""
    problems = jobs_flows.problem_from_flows(
        columns, engine.catalogue, amounts, request.resource, request.max_km
    )
    return [partial(jobs.plan, problem, None) for problem in problems]


def train(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return sessions that several sites fill."""
    problems = training_flows.problem_from_flows(
        columns, engine.catalogue, amounts, request.today, request.resource, request.max_km
    )
    return [partial(training.plan, problem, None) for problem in problems]


def fill_posts(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return who of those who apply is trained for which post."""
    problem = masterclass_flows.problem_from_applications(
        columns, engine.catalogue, amounts, request.applications
    )
    return [partial(masterclass.plan, problem, None)]


def seat(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
    """Return who sits with whom at a workshop."""
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
