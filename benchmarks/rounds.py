"""``python -m benchmarks.rounds``: cost of collection rounds, ours, PyVRP and OR-Tools at equal time."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pyvrp
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from pyvrp.stop import MaxRuntime
from rich.console import Console
from rich.table import Table

from matching.planning.collection.routing import Call, Fleet, route

SMALLEST, LARGEST = 50, 200
SIDE = 1000
STOPS_A_ROUND = (5, 15)
Routes = list[list[int]]
Matrix = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Instance:
    """A capacitated routing problem: whole distances, the depot first; ``load`` of each stop."""

    name: str
    points: Matrix
    distance: Matrix
    load: tuple[int, ...]
    capacity: int


def distances(points: Matrix) -> Matrix:
    """Return Euclidean distances to the nearest whole, as in CVRPLIB."""
    gaps = points[:, None, :] - points[None, :, :]
    rounded: Matrix = np.rint(np.sqrt((gaps**2).sum(axis=2))).astype(np.int64)
    return rounded


def generated(number: int, seed: int) -> Instance:
    """Return one instance: stops scattered or in parks, the depot anywhere, rounds of 5 to 15 stops."""
    dice = np.random.default_rng([seed, number])
    count = int(dice.integers(SMALLEST, LARGEST + 1))
    points = dice.integers(0, SIDE + 1, size=(count + 1, 2)).astype(float)
    if number % 2:
        parks = dice.integers(0, SIDE + 1, size=(int(dice.integers(3, 9)), 2))
        around = parks[dice.integers(0, len(parks), size=count)] + dice.normal(0, SIDE / 20, size=(count, 2))
        points[1:] = np.clip(np.rint(around), 0, SIDE)
    load = dice.integers(1, 101, size=count)
    capacity = max(int(load.max()), int(load.mean() * dice.uniform(*STOPS_A_ROUND)))
    name = f"{count} {'in parks' if number % 2 else 'scattered'}"
    return Instance(name, points, distances(points), tuple(load.tolist()), capacity)


def ours(instance: Instance, seconds: float, seed: int) -> Routes:
    """Return the routes of the planner's own routing."""
    calls = [Call((load,)) for load in instance.load]
    nothing = np.zeros_like(instance.distance)
    found = route(calls, [Fleet((instance.capacity,))], instance.distance, nothing, seed, seconds=seconds)
    return [[stop + 1 for stop in order] for _, order in found]


def plain_pyvrp(instance: Instance, seconds: float, seed: int) -> Routes:
    """Return the routes of PyVRP as its documentation shows it."""
    model = pyvrp.Model()
    places = [model.add_location(int(x), int(y)) for x, y in instance.points]
    depot = model.add_depot(places[0])
    for place, load in zip(places[1:], instance.load, strict=True):
        model.add_client(place, delivery=load)
    model.add_vehicle_type(len(instance.load), instance.capacity, depot, depot)
    for a, start in enumerate(places):
        for b, end in enumerate(places):
            model.add_edge(start, end, distance=int(instance.distance[a, b]))
    result = model.solve(MaxRuntime(seconds), seed=seed, display=False)
    return [[visit.idx + 1 for visit in r.schedule() if visit.is_client()] for r in result.best.routes()]


def or_tools(instance: Instance, seconds: float, seed: int) -> Routes:
    """Return the routes of OR-Tools: savings, then guided local search, which has no seed."""
    load = [0, *instance.load]
    manager = pywrapcp.RoutingIndexManager(len(load), len(instance.load), 0)
    model = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode
    # Tables, not Python callbacks, which would slow it down.
    legs = model.RegisterTransitMatrix(instance.distance.tolist())
    model.SetArcCostEvaluatorOfAllVehicles(legs)
    loads = model.RegisterUnaryTransitVector(load)
    model.AddDimension(loads, 0, instance.capacity, True, "load")
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(seconds * 1000))
    solution = model.SolveWithParameters(search)
    if solution is None:
        return []
    routes = []
    for vehicle in range(manager.GetNumberOfVehicles()):
        at, order = solution.Value(model.NextVar(model.Start(vehicle))), []
        while not model.IsEnd(at):
            order.append(node(at))
            at = solution.Value(model.NextVar(at))
        if order:
            routes.append(order)
    return routes


SOLVERS: dict[str, Callable[[Instance, float, int], Routes]] = {
    "ours": ours,
    "PyVRP": plain_pyvrp,
    "OR-Tools": or_tools,
}


def cost(instance: Instance, routes: Routes) -> float:
    """Return the length of the routes; infinite when a stop is missing or a vehicle is too full."""
    visited = sorted(stop for order in routes for stop in order)
    full = any(sum(instance.load[stop - 1] for stop in order) > instance.capacity for order in routes)
    if full or visited != list(range(1, len(instance.load) + 1)):
        return float("inf")
    nodes = [[0, *order, 0] for order in routes]
    return float(sum(instance.distance[a, b] for tour in nodes for a, b in pairwise(tour)))


def main() -> None:
    """Measure each instance with each solver in turn and print the costs and the median ratios."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.rounds", description=__doc__)
    arguments.add_argument("--seconds", type=float, default=10.0, help="time of each solver on each instance")
    arguments.add_argument("--instances", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    table = Table("stops", *SOLVERS, "ours / PyVRP", "ours / OR-Tools")
    ratios: dict[str, list[float]] = {"PyVRP": [], "OR-Tools": []}
    taken: dict[str, list[float]] = {name: [] for name in SOLVERS}
    for number in range(chosen.instances):
        instance = generated(number, chosen.seed)
        costs = {}
        for name, solve in SOLVERS.items():
            started = perf_counter()
            routes = solve(instance, chosen.seconds, chosen.seed)
            taken[name].append(perf_counter() - started)
            costs[name] = cost(instance, routes)
        for name, found in ratios.items():
            found.append(costs["ours"] / costs[name])
        cells = [f"{value:,.0f}" for value in costs.values()]
        table.add_row(instance.name, *cells, *(f"{found[-1]:.4f}" for found in ratios.values()))
    table.add_section()
    table.add_row("median, s", *(f"{median(seconds):.2f}" for seconds in taken.values()), "", "")
    table.add_row("longest, s", *(f"{max(seconds):.2f}" for seconds in taken.values()), "", "")
    table.add_row("median", "", "", "", *(f"{median(found):.4f}" for found in ratios.values()))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
