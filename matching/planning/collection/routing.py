"""Rounds through many stops by PyVRP's iterated local search (Wouda, Lan and Kool, 2024)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    Depot,
    Location,
    PenaltyParams,
    ProblemData,
    Route,
    Solution,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria, StoppingCriterion

Integers = NDArray[np.int64]
# Of a unit of load or a second too much, in units of cost: PyVRP warns when it would want more.
MOST_PENALTY = 1e9
# PyVRP reads the largest integer as no limit.
Routes = list[tuple[int, list[int]]]
NEVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, slots=True)
class Call:
    """A stop of the routing problem: load by dimension, and its prize where it may be left out."""

    load: tuple[int, ...]
    service: int = 0
    opens: int = 0
    closes: int | None = None
    prize: int | None = None


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles of a kind, in the routing problem's whole units of cost, distance and time."""

    capacity: tuple[int, ...]
    fixed: int = 0
    per_distance: int = 1
    per_time: int = 0
    shift: int | None = None
    count: int | None = None


def route(
    calls: Sequence[Call],
    fleets: Sequence[Fleet],
    distance: Integers,
    time: Integers,
    seed: int,
    iterations: int | None = None,
    seconds: float | None = None,
    start: Routes | None = None,
) -> Routes:
    """Return routes as (fleet, calls in order), the cheapest found; empty when no plan was found.

    Parameters
    ----------
    calls
        A call without ``prize`` must be served; another costs its prize when it is left out.
    distance, time
        Whole numbers, shape (n + 1, n + 1), the depot first.
    iterations, seconds
        The first to be reached stops the search; with iterations alone the answer depends on the seed only.
    start
        Routes to start from; None to build some.
    """
    limits: list[StoppingCriterion] = []
    if iterations is not None:
        limits.append(MaxIterations(iterations))
    if seconds is not None:
        limits.append(MaxRuntime(seconds))
    data = _data(calls, fleets, distance, time)
    begun = Solution(data, [_route(data, kind, order) for kind, order in start]) if start else None
    params = SolveParams(penalty=PenaltyParams(max_penalty=MOST_PENALTY))
    result = solve(
        data,
        MultipleCriteria(limits),
        seed=seed,
        collect_stats=False,
        params=params,
        initial_solution=begun,
    )
    if not result.is_feasible():
        return []
    return [
        (found.vehicle_type(), [visit.idx for visit in found.schedule() if visit.is_client()])
        for found in result.best.routes()
    ]


def _route(data: ProblemData, kind: int, order: Sequence[int]) -> Route:
    return Route(data, [Activity(ActivityType.CLIENT, k) for k in order], kind)


def _data(calls: Sequence[Call], fleets: Sequence[Fleet], distance: Any, time: Any) -> ProblemData:
    clients = [
        Client(
            location=number,
            pickup=list(call.load),
            service_duration=call.service,
            tw_early=call.opens,
            tw_late=NEVER if call.closes is None else call.closes,
            prize=call.prize or 0,
            required=call.prize is None,
        )
        for number, call in enumerate(calls, start=1)
    ]
    kinds = [
        VehicleType(
            num_available=min(fleet.count or len(calls), len(calls)),
            capacity=list(fleet.capacity),
            fixed_cost=fleet.fixed,
            unit_distance_cost=fleet.per_distance,
            unit_duration_cost=fleet.per_time,
            shift_duration=NEVER if fleet.shift is None else fleet.shift,
        )
        for fleet in fleets
    ]
    places = [Location(0, 0) for _ in range(len(calls) + 1)]
    return ProblemData(places, clients, [Depot(location=0)], kinds, [distance], [time])
