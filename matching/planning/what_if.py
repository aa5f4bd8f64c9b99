"""What if: a newcomer, a closure, a shared treatment plant; the territory's allocation before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from matching.engine import Engine
from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.model import Flow
from matching.parameters import MatchParameters
from matching.planning.allocation import (
    AllocationParams,
    AllocationProblem,
    FlowEnd,
    plan,
    problem_from_flows,
)
from matching.planning.allocation.problem import OBJECTIVES, Floats
from matching.planning.plan import InfeasiblePlanError, Plan
from matching.planning.what_if_change import Change, Plant
from matching.planning.what_if_report import differences
from matching.results import Warning_

PLANNER = "what_if"
# Plans made before and after, and what a plant's products settle in.
ROUNDS = 4
SETTLED = 1e-3


def what_if(
    engine: Engine,
    flows: Sequence[Flow],
    positions_km: Floats,
    change: Change,
    params: AllocationParams | None = None,
    parameters: MatchParameters | None = None,
    seed: int = 0,
    time_limit_s: float = 20.0,
) -> Plan:
    """Return what a change does to the best allocation of a territory: totals, sites, flows and links.

    Parameters
    ----------
    positions_km
        Earth-centred coordinates of each flow's site in km, shape (n, 3), NaN where unplaced.

    Raises
    ------
    InvalidParametersError
        If a site to close is not in the territory.
    """
    chosen = params or AllocationParams()
    _check_sites(flows, change)
    limit_s = time_limit_s / (ROUNDS + 1)
    before = plan(_problem(engine, flows, positions_km, parameters), chosen, seed, limit_s)
    kept = [i for i, flow in enumerate(flows) if flow.site.name not in change.closed]
    later = [*(flows[i] for i in kept), *change.added]
    places = np.vstack([positions_km[kept], np.asarray(change.added_km)])
    problem = _problem(engine, later, places, parameters)
    after, running = _settled(problem, change, chosen, seed, limit_s)
    return _report(before, after, change, chosen, running)


def _check_sites(flows: Sequence[Flow], change: Change) -> None:
    unknown = sorted(change.closed - {flow.site.name for flow in flows})
    if unknown:
        raise InvalidParametersError(
            Message(N_("“{site}” is not a site of the territory: it cannot close."), {"site": unknown[0]})
        )


def _problem(
    engine: Engine, flows: Sequence[Flow], positions_km: Floats, parameters: MatchParameters | None
) -> AllocationProblem:
    columns, amounts = engine.columns(flows, positions_km)
    try:
        return problem_from_flows(
            columns, engine.catalogue, amounts, parameters, compatibility=engine.compatibility
        )
    except InfeasiblePlanError:
        none = np.zeros(0, dtype=np.int64)
        return AllocationProblem((), (), none, none)


def _settled(
    problem: AllocationProblem, change: Change, params: AllocationParams, seed: int, limit_s: float
) -> tuple[Plan, float | None]:
    """Return the plan after the change and the share of its capacity that the plant uses."""
    plant = change.plant
    if plant is None:
        return plan(problem, params, seed, limit_s), None
    built = with_plant(problem, plant)
    capacity = sum(end.quantity for end in built.inputs if end.site == plant.site)
    share = 1.0
    found = plan(scaled(built, plant.site, share), params, seed, limit_s)
    for _ in range(ROUNDS - 1):
        used = _used(found, plant) / capacity if capacity else 0.0
        if used >= share - SETTLED:
            return found, used
        # Products fall with what is treated: less and less, so that it settles.
        share = used
        found = plan(scaled(built, plant.site, share), params, seed, limit_s)
    return found, share


def with_plant(problem: AllocationProblem, plant: Plant) -> AllocationProblem:
    """Return the problem with the plant's costs: treatment on its links, the rest to open its inputs.

    A plant of several inputs spreads its yearly cost over them in proportion to their quantities.
    """
    total = sum(end.quantity for end in problem.inputs if end.site == plant.site)
    inputs = tuple(
        replace(
            end,
            opening_eur=plant.yearly_eur * end.quantity / total,
            at_least=max(end.at_least, plant.least_share * end.quantity),
        )
        if end.site == plant.site and total > 0
        else end
        for end in problem.inputs
    )
    at_plant = np.array([end.site == plant.site for end in problem.inputs], dtype=bool)[problem.input]
    paid = np.where(at_plant, plant.treatment_eur_per_unit, 0.0) * problem.column("replaced_per_unit")
    ranges = None if problem.eur_range is None else problem.eur_range - paid[:, None]
    return replace(
        problem, inputs=inputs, eur_per_unit=problem.column("eur_per_unit") - paid, eur_range=ranges
    )


def scaled(problem: AllocationProblem, site: str, share: float) -> AllocationProblem:
    """Return the problem with what a site gives brought down to a share of it."""

    def less(end: FlowEnd) -> FlowEnd:
        return replace(end, quantity=share * end.quantity) if end.site == site else end

    return problem if share >= 1 else replace(problem, outputs=tuple(less(end) for end in problem.outputs))


def _used(found: Plan, plant: Plant) -> float:
    links = found.plan["links"]
    if not isinstance(links, list):
        return 0.0
    return float(sum(link["replaces_per_year"] for link in links if link["receiver"] == plant.site))


def _report(
    before: Plan, after: Plan, change: Change, params: AllocationParams, running: float | None
) -> Plan:
    start, end = before.objective or 0.0, after.objective or 0.0
    content: dict[str, object] = differences(before.plan, after.plan)
    if change.plant is not None:
        content["plant"] = {"site": change.plant.site, "share_used": running, "built": bool(running)}
    return Plan(
        planner=PLANNER,
        problem={
            "objective": params.objective,
            "arriving": _count(change.added),
            "closing": sorted(change.closed),
            "before": before.problem,
            "after": after.problem,
        },
        plan=content,
        objective=end - start,
        bound=None if after.bound is None else max(after.bound, end) - start,
        unit=OBJECTIVES[params.objective],
        minimised=False,
        unserved=after.unserved,
        assumptions=(
            Message(N_("Before and after are both the best allocation, not what runs today.")),
            *_plant_notes(change),
            *after.assumptions,
        ),
        warnings=(*_warnings(change, running), *after.warnings),
    )


def _count(added: Sequence[Flow]) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    for flow in added:
        found[flow.site.name] += 1
    return dict(sorted(found.items()))


def _plant_notes(change: Change) -> tuple[Message, ...]:
    if change.plant is None:
        return ()
    return (
        Message(
            N_("The plant costs {yearly} EUR a year and {treatment} EUR a unit; its intake pays."),
            {"yearly": change.plant.yearly_eur, "treatment": change.plant.treatment_eur_per_unit},
        ),
        Message(N_("What the plant makes grows in proportion to what it takes.")),
    )


def _warnings(change: Change, running: float | None) -> tuple[Warning_, ...]:
    if change.plant is None or running:
        return ()
    why = Message(
        N_("“{site}” is not worth building: what it would take does not pay for it."),
        {"site": change.plant.site},
    )
    return (Warning_("plant_not_built", why),)
