"""The best rounds of one period and day: proven where every set of stops can be priced, else searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import floyd_warshall

from matching.planning.collection.exact import SubsetCosts, best_partition
from matching.planning.collection.problem import CollectionParams, CollectionProblem, Floats
from matching.planning.collection.trips import Alone, Trip, driving_eur, trip


@dataclass(frozen=True, slots=True)
class Choice:
    """Rounds of a period and day; ``yearly_eur`` with the own trips of those left out, and its bound."""

    weeks: int
    day: int
    trips: tuple[Trip, ...]
    yearly_eur: float
    bound_eur: float
    proven: bool


def available(problem: CollectionProblem, values: Sequence[Alone], weeks: int, day: int) -> list[int]:
    """Return the stops that a round can serve at this period and day: open, stored and carried till then."""
    room = max(vehicle.capacity for vehicle in problem.vehicles)
    return [
        i
        for i, stop in enumerate(problem.stops)
        if day in stop.weekdays
        and values[i].value_eur > 0
        and weeks <= stop.longest_weeks
        and stop.peak_weekly * weeks <= room * (1 + 1e-12)
    ]


def by_subsets(
    problem: CollectionProblem,
    costs: SubsetCosts,
    values: Sequence[Alone],
    weeks: int,
    day: int,
    params: CollectionParams,
) -> Choice:
    """Return the best rounds of a few stops, proven when no opening hour or shift stands in their way."""
    per_year = problem.weeks_per_year / weeks
    open_now = set(available(problem, values, weeks, day))
    mask = sum(1 << k for k, i in enumerate(costs.stops) if i in open_now)
    cost, vehicle = costs.rounds(weeks, mask)
    least, sets = best_partition(cost, [values[i].value_eur / per_year for i in costs.stops], mask)
    trips = [_either_way(problem, costs.tour(s, int(vehicle[s])), int(vehicle[s]), params) for s in sets]
    kept = tuple(found for found in trips if found is not None)
    if len(kept) == len(trips) and enough_vehicles(problem, kept):
        total = yearly_eur(problem, values, kept, weeks)
        return Choice(weeks, day, kept, total, least * per_year, total <= least * per_year + 1e-6)
    return Choice(weeks, day, (), yearly_eur(problem, values, (), weeks), least * per_year, False)


def _either_way(
    problem: CollectionProblem, order: Sequence[int], vehicle: int, params: CollectionParams
) -> Trip | None:
    ways = [trip(problem, way, vehicle, params) for way in (tuple(order), tuple(reversed(order)))]
    return min((way for way in ways if way), key=lambda way: way.cost_eur, default=None)


def enough_vehicles(problem: CollectionProblem, trips: Sequence[Trip]) -> bool:
    """Tell whether the rounds use no more vehicles of a kind than there are."""
    used = [sum(one.vehicle == v for one in trips) for v in range(len(problem.vehicles))]
    return all(kind.count is None or n <= kind.count for n, kind in zip(used, problem.vehicles, strict=True))


def yearly_eur(
    problem: CollectionProblem, values: Sequence[Alone], trips: Sequence[Trip], weeks: int
) -> float:
    """Return the cost of a year: the rounds, and what is lost by those left out."""
    served = {i for one in trips for i in one.stops}
    rounds = sum(one.cost_eur for one in trips) * problem.weeks_per_year / weeks
    return rounds + sum(value.value_eur for i, value in enumerate(values) if i not in served)


def stop_bounds(problem: CollectionProblem, values: Sequence[Alone], weeks: int, day: int) -> Floats:
    """Return for each stop the least that it costs a year, EUR: their sum is below the cost of any plan.

    A round costs at least its fixed cost, the way to its furthest stop and back, and its service; as its
    loads fill at most the vehicle, that is at least the sum over its stops of load / capacity x (fixed + way
    there and back) + service (after Haimovich and Rinnooy Kan, 1985). Ways are shortest paths, so that the
    bound holds where distances break the triangle rule.
    """
    least = np.full(len(problem.stops), np.inf)
    for number, kind in enumerate(problem.vehicles):
        ways = floyd_warshall(driving_eur(problem, number))
        there_and_back = ways[0, 1:] + ways[1:, 0]
        for i in available(problem, values, weeks, day):
            stop = problem.stops[i]
            filled = stop.peak_weekly * weeks / kind.capacity
            if filled <= 1 + 1e-12:
                round_eur = filled * (kind.fixed_eur + there_and_back[i]) + stop.service_h * kind.eur_per_h
                least[i] = min(least[i], round_eur * problem.weeks_per_year / weeks)
    return np.asarray(np.minimum(least, [value.value_eur for value in values]))
