"""Who pays what of a round: in proportion to going alone, unless a subgroup would then leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from matching.planning.collection.exact import EXACT_STOPS, SubsetCosts
from matching.planning.collection.problem import CollectionParams, CollectionProblem, Floats
from matching.planning.collection.trips import Alone, Trip, trip

Coalition = tuple[tuple[int, ...], float]


@dataclass(frozen=True, slots=True)
class Sharing:
    """EUR a year that each stop of a round pays; ``unrest_eur``: what a subgroup might still save by leaving.

    ``complete`` tells whether every subgroup of the round was checked.
    """

    eur: tuple[float, ...]
    unrest_eur: float
    complete: bool


def share(
    problem: CollectionProblem,
    values: Sequence[Alone],
    one: Trip,
    weeks: int,
    params: CollectionParams,
) -> Sharing:
    """Return a round's yearly cost shared among its stops: nobody above its value, subgroups content.

    Shares are as near as can be to proportional to the values, among those that no checked subgroup would
    rather leave; where there are none (the core is empty), the most that a subgroup could save is made as
    small as can be (the least core).
    """
    total = one.cost_eur * problem.weeks_per_year / weeks
    value = np.array([values[i].value_eur for i in one.stops])
    even = total * value / value.sum()
    coalitions, complete = _coalitions(problem, one, params)
    if all(even[list(members)].sum() <= cost + 1e-9 for members, cost in coalitions):
        return Sharing(tuple(even.tolist()), 0.0, complete)
    shares, unrest = _nearest(even, value, total, coalitions)
    return Sharing(tuple(shares.tolist()), unrest, complete)


def _coalitions(
    problem: CollectionProblem, one: Trip, params: CollectionParams
) -> tuple[list[Coalition], bool]:
    """Return subgroups (places in the round) with what a round of their own would cost a year."""
    if len(one.stops) <= EXACT_STOPS:
        return _every_subset(problem, one.stops, params), True
    n = len(one.stops)
    groups: set[tuple[int, ...]] = {(a, b) for a, b in combinations(range(n), 2)}
    groups |= {tuple(j for j in range(n) if j != k) for k in range(n)}
    groups |= {tuple(range(a, b)) for a in range(n) for b in range(a + 2, n + 1) if b - a < n}
    found: list[Coalition] = []
    for group in sorted(groups):
        cost = _own_round(problem, [one.stops[k] for k in group], params)
        if cost is not None:
            found.append((group, cost))
    return found, False


def _every_subset(
    problem: CollectionProblem, stops: Sequence[int], params: CollectionParams
) -> list[Coalition]:
    costs = SubsetCosts(problem, stops)
    yearly = np.full(1 << len(stops), np.inf)
    for weeks in params.periods(problem):
        stored = _mask(problem, stops, weeks)
        yearly = np.minimum(yearly, costs.rounds(weeks, stored)[0] * problem.weeks_per_year / weeks)
    everyone = (1 << len(stops)) - 1
    return [
        (tuple(k for k in range(len(stops)) if mask >> k & 1), float(yearly[mask]))
        for mask in range(1, everyone)
        if np.isfinite(yearly[mask])
    ]


def _mask(problem: CollectionProblem, stops: Sequence[int], weeks: int) -> int:
    return sum(1 << k for k, i in enumerate(stops) if weeks <= problem.stops[i].longest_weeks)


def _own_round(problem: CollectionProblem, order: Sequence[int], params: CollectionParams) -> float | None:
    """Return what stops in this order cost a year with their best vehicle and period, None if none fits."""
    weekly = sum(problem.stops[i].peak_weekly for i in order)
    periods = params.periods(problem)
    kept = min(problem.stops[i].longest_weeks for i in order)
    found = []
    for number, vehicle in enumerate(problem.vehicles):
        weeks = int(min(periods[-1], kept, vehicle.capacity / weekly) + 1e-9)
        made = trip(problem, order, number, params) if weeks >= periods[0] else None
        if made is not None:
            found.append(made.cost_eur * problem.weeks_per_year / weeks)
    return min(found, default=None)


def _nearest(
    even: Floats, value: Floats, total: float, coalitions: Sequence[Coalition]
) -> tuple[Floats, float]:
    """Return the shares and the unrest of two linear programmes: first the unrest, then the distance."""
    n = len(even)
    inside = np.zeros((len(coalitions), n))
    for row, (members, _) in enumerate(coalitions):
        inside[row, list(members)] = 1
    costs = np.array([cost for _, cost in coalitions])
    whole = np.concatenate([np.ones(n), [0.0]])[None, :]
    # Nobody is paid by the others: what pays a member is its own resale.
    bounds = [(0.0, float(high)) for high in value]
    calm = linprog(
        c=[0.0] * n + [1.0],
        A_ub=np.hstack([inside, -np.ones((len(coalitions), 1))]),
        b_ub=costs,
        A_eq=whole,
        b_eq=[total],
        bounds=[*bounds, (0.0, None)],
    )
    if calm.x is None:
        return even, float(max(even[list(members)].sum() - cost for members, cost in coalitions))
    unrest = float(calm.x[n])
    scale = np.maximum(value, 1e-9)[:, None]
    near = linprog(
        c=[0.0] * n + [1.0],
        A_ub=np.vstack(
            [
                np.hstack([inside, np.zeros((len(coalitions), 1))]),
                np.hstack([np.eye(n), -scale]),
                np.hstack([-np.eye(n), -scale]),
            ]
        ),
        b_ub=np.concatenate([costs + unrest + 1e-7, even, -even]),
        A_eq=whole,
        b_eq=[total],
        bounds=[*bounds, (0.0, None)],
    )
    chosen = calm.x[:n] if near.x is None else near.x[:n]
    return np.asarray(chosen), 0.0 if unrest < 1e-6 else unrest
