"""Rounds of many stops: searched by PyVRP, first as if each stop were worth more than it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from time import monotonic

import networkx as nx
import numpy as np

from matching.planning.collection.problem import CollectionParams, CollectionProblem
from matching.planning.collection.routing import Call, Fleet, Routes, route
from matching.planning.collection.search import (
    Choice,
    available,
    enough_vehicles,
    stop_bounds,
    yearly_eur,
)
from matching.planning.collection.trips import Alone, Trip, trip

# Whole units of the routing problem: 0.0001 EUR, 0.1 km, 1 s, 0.01 unit of goods.
EUR, KM, HOUR, GOODS = 10_000, 10, 3600, 100
# Room taken in the dimension of a hazard class: large, so that mixing is never worth its penalty.
MIXED = 1000
NEGLIGIBLE_EUR = 1e-6
# No single stop pays for a new vehicle: dear prizes open rounds, true ones then empty those not worth it.
PRIZE_FACTORS = (4, 2, 1)


def by_search(
    problem: CollectionProblem,
    values: Sequence[Alone],
    weeks: int,
    day: int,
    params: CollectionParams,
    seed: int,
    iterations: int,
    seconds: float,
) -> Choice:
    """Return good rounds of many stops; its bound is the sum of ``stop_bounds``."""
    deadline = monotonic() + seconds
    stops = available(problem, values, weeks, day)
    bound = float(sum(stop_bounds(problem, values, weeks, day)))
    kept: list[Trip] = []
    parts = _parts(problem, stops)
    for number, part in enumerate(parts):
        left = (deadline - monotonic()) / (len(parts) - number)
        if len(part) > 1 and left > 0:
            kept += _best_routes(problem, part, values, weeks, params, seed, iterations, left)
    trips = _with_vehicles(problem, values, kept, weeks)
    return Choice(weeks, day, trips, yearly_eur(problem, values, trips, weeks), bound, False)


def _parts(problem: CollectionProblem, stops: Sequence[int]) -> list[list[int]]:
    """Return the stops by groups of hazard classes that never share a vehicle with another group."""
    classes = sorted({problem.stops[i].hazard_class for i in stops})
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(classes)
    graph.add_edges_from((a, b) for a, b in combinations(classes, 2) if problem.may_share(a, b))
    groups = sorted(sorted(group) for group in nx.connected_components(graph))
    return [[i for i in stops if problem.stops[i].hazard_class in group] for group in groups]


def _best_routes(
    problem: CollectionProblem,
    stops: Sequence[int],
    values: Sequence[Alone],
    weeks: int,
    params: CollectionParams,
    seed: int,
    iterations: int,
    seconds: float,
) -> list[Trip]:
    """Search with prizes that fall to the true ones, each time from the rounds before; the best is kept."""
    deadline = monotonic() + seconds
    classes = sorted({problem.stops[i].hazard_class for i in stops})
    kinds = [(v, group) for group in cliques(problem, classes) for v in range(len(problem.vehicles))]
    fleets = [_fleet(problem, v, group, classes, params) for v, group in kinds]
    nodes = np.ix_([0, *(i + 1 for i in stops)], [0, *(i + 1 for i in stops)])
    distance = np.rint(problem.distance_km[nodes] * KM).astype(np.int64)
    time = np.ceil(problem.duration_h[nodes] * HOUR).astype(np.int64)
    start: Routes = []
    best: list[Trip] = []
    for number, factor in enumerate(PRIZE_FACTORS):
        left = (deadline - monotonic()) / (len(PRIZE_FACTORS) - number)
        if left <= 0:
            break
        calls = [_call(problem, values, i, weeks, classes, factor) for i in stops]
        work = max(1, iterations // len(PRIZE_FACTORS))
        start = route(calls, fleets, distance, time, seed, work, left, start)
        orders = [([stops[k] for k in order], kinds[kind][0]) for kind, order in start]
        found = [one for order, v in orders if (one := trip(problem, order, v, params)) is not None]
        found = [one for one in found if _saved(problem, values, one, weeks) >= -NEGLIGIBLE_EUR]
        best = max(best, found, key=lambda some: sum(_saved(problem, values, t, weeks) for t in some))
    return best


def _saved(problem: CollectionProblem, values: Sequence[Alone], one: Trip, weeks: int) -> float:
    """Return what a round saves its members, EUR; a loss for a round of one stop, which is not shared."""
    if len(one.stops) < 2:
        return -np.inf
    return sum(values[i].value_eur for i in one.stops) * weeks / problem.weeks_per_year - one.cost_eur


def _with_vehicles(
    problem: CollectionProblem, values: Sequence[Alone], trips: Sequence[Trip], weeks: int
) -> tuple[Trip, ...]:
    """Keep the rounds that save most where classes kept apart need more vehicles than there are."""
    kept: list[Trip] = []
    for one in sorted(trips, key=lambda one: (-_saved(problem, values, one, weeks), one.stops)):
        if enough_vehicles(problem, [*kept, one]):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.stops))


def _call(
    problem: CollectionProblem,
    values: Sequence[Alone],
    i: int,
    weeks: int,
    classes: Sequence[str],
    factor: int,
) -> Call:
    stop = problem.stops[i]
    return Call(
        load=_loads(stop.peak_weekly * weeks, stop.hazard_class, classes),
        service=round(stop.service_h * HOUR),
        opens=round(stop.open_h * HOUR),
        closes=int((stop.close_h - stop.service_h) * HOUR + 1e-6),
        prize=int(factor * values[i].value_eur * weeks / problem.weeks_per_year * EUR),
    )


def cliques(problem: CollectionProblem, classes: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the largest sets of hazard classes that may share a vehicle, two by two."""
    fitting = [
        group
        for size in range(len(classes), 0, -1)
        for group in combinations(classes, size)
        if all(problem.may_share(a, b) for a, b in combinations(group, 2))
    ]
    return [group for group in fitting if not any(set(group) < set(other) for other in fitting)]


def _loads(goods: float, hazard_class: str, classes: Sequence[str]) -> tuple[int, ...]:
    """Return the load, then 1 in the dimension of its class: a vehicle has room there or none."""
    return (int(np.ceil(goods * GOODS - 1e-6)), *(MIXED * (hazard_class == name) for name in classes))


def _fleet(
    problem: CollectionProblem,
    vehicle: int,
    group: Sequence[str],
    classes: Sequence[str],
    params: CollectionParams,
) -> Fleet:
    kind = problem.vehicles[vehicle]
    factor = max(problem.cost_factor(name) for name in group)
    return Fleet(
        capacity=(
            int(kind.capacity * GOODS + 1e-6),
            *(MIXED * len(problem.stops) * (name in group) for name in classes),
        ),
        fixed=round(factor * kind.fixed_eur * EUR),
        per_distance=round(factor * kind.eur_per_km * EUR / KM),
        per_time=round(factor * kind.eur_per_h * EUR / HOUR),
        shift=int(params.shift_h * HOUR),
        count=kind.count,
    )
