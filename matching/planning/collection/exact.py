"""Few stops: every set of stops is priced, so the best rounds are proven (Held and Karp, 1962)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from matching.planning.collection.problem import CollectionProblem, Floats
from matching.planning.collection.trips import driving_eur

EXACT_STOPS = 10


class SubsetCosts:
    """The cheapest round through each set of a few stops, for each vehicle, whatever the opening hours.

    A set is a mask over ``stops``: bit k is the k-th of them.
    """

    def __init__(self, problem: CollectionProblem, stops: Sequence[int]) -> None:
        self.problem = problem
        self.stops = tuple(stops)
        self._tours = [self._held_karp(vehicle) for vehicle in range(len(problem.vehicles))]

    def _held_karp(self, vehicle: int) -> tuple[Floats, Floats]:
        nodes = [0, *(i + 1 for i in self.stops)]
        legs = driving_eur(self.problem, vehicle)[np.ix_(nodes, nodes)]
        n = len(self.stops)
        reached = np.full((1 << n, n), np.inf)
        for k in range(n):
            reached[1 << k, k] = legs[0, k + 1]
        for mask in range(1, 1 << n):
            for k in range(n):
                if not mask >> k & 1:
                    reached[mask | 1 << k, k] = (reached[mask] + legs[1:, k + 1]).min()
        closed = (reached + legs[1:, 0]).min(axis=1)
        closed[0] = 0.0
        return reached, closed

    def _sum(self, values: Sequence[float]) -> Floats:
        total = np.zeros(1)
        for value in values:
            total = np.concatenate([total, total + value])
        return total

    @cached_property
    def eur(self) -> Floats:
        """Cost in EUR of one round by vehicle and set, shape (vehicles, 2^n); inf for classes kept apart."""
        stops = [self.problem.stops[i] for i in self.stops]
        hours = self._sum([stop.service_h for stop in stops])
        factor = np.ones(1)
        allowed = np.ones(1, dtype=bool)
        for k, stop in enumerate(stops):
            fits = np.array(
                [
                    all(
                        self.problem.may_share(stop.hazard_class, stops[j].hazard_class)
                        for j in range(k)
                        if mask >> j & 1
                    )
                    for mask in range(1 << k)
                ]
            )
            allowed = np.concatenate([allowed, allowed & fits])
            own = self.problem.cost_factor(stop.hazard_class)
            factor = np.concatenate([factor, np.maximum(factor, own)])
        costs = [
            factor * (kind.fixed_eur + self._tours[v][1] + hours * kind.eur_per_h)
            for v, kind in enumerate(self.problem.vehicles)
        ]
        return np.where(allowed, np.array(costs), np.inf)

    @cached_property
    def weekly(self) -> Floats:
        """Units that each set gives a week at its peak, shape (2^n)."""
        return self._sum([self.problem.stops[i].peak_weekly for i in self.stops])

    def tour(self, mask: int, vehicle: int) -> tuple[int, ...]:
        """Return the stops of a set in the order of its cheapest round."""
        reached = self._tours[vehicle][0]
        nodes = [0, *(i + 1 for i in self.stops)]
        legs = driving_eur(self.problem, vehicle)[np.ix_(nodes, nodes)]
        last = int((reached[mask] + legs[1:, 0]).argmin())
        order = [last]
        while mask := mask & ~(1 << last):
            last = int((reached[mask] + legs[1:, last + 1]).argmin())
            order.append(last)
        return tuple(self.stops[k] for k in reversed(order))

    def rounds(self, weeks: int, available: int) -> tuple[Floats, Floats]:
        """Return the cost in EUR and the vehicle of each set's cheapest round at a period, inf where none.

        A set of one stop is no shared round.
        """
        room = np.array([kind.capacity for kind in self.problem.vehicles])
        costs = np.where(self.weekly * weeks <= room[:, None] * (1 + 1e-12), self.eur, np.inf)
        masks = np.arange(costs.shape[1])
        shared = (masks & (masks - 1)) != 0
        costs[:, ~shared | ((masks & ~available) != 0)] = np.inf
        return costs.min(axis=0), costs.argmin(axis=0).astype(float)


def best_partition(cost: Floats, value: Sequence[float], available: int) -> tuple[float, list[int]]:
    """Return the least cost of a round trip plan and its sets: each stop in one set, or left at its value.

    Parameters
    ----------
    cost
        EUR of each set's round, shape (2^n), inf where there is none.
    value
        EUR that leaving out each stop costs.
    available
        Mask of the stops that may be served; the others cost their value.
    """
    fixed = sum(value[k] for k in range(len(value)) if not available >> k & 1)
    sets = [int(mask) for mask in np.flatnonzero(np.isfinite(cost))]
    by_lowest: dict[int, list[int]] = {}
    for mask in sets:
        by_lowest.setdefault(mask & -mask, []).append(mask)
    price = cost.tolist()
    best = [0.0] * (1 << len(value))
    choice = [0] * (1 << len(value))
    for mask in range(1, len(best)):
        if mask & ~available:
            continue
        low = mask & -mask
        best[mask] = best[mask ^ low] + value[low.bit_length() - 1]
        for chosen in by_lowest.get(low, ()):
            if not chosen & ~mask and price[chosen] + best[mask ^ chosen] < best[mask] - 1e-12:
                best[mask], choice[mask] = price[chosen] + best[mask ^ chosen], chosen
    found, mask = [], available
    while mask:
        if choice[mask]:
            found.append(choice[mask])
        mask ^= choice[mask] or mask & -mask
    return best[available] + fixed, found
