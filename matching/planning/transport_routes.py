"""Shared lorries: each small set of trips with its best route, and the disjoint sets that save most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, permutations, product
from time import monotonic

import numpy as np
from ortools.sat.python import cp_model

from matching.criteria.distance import road_km
from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.exact import solve
from matching.planning.plan import OversizedPlanError
from matching.planning.transport_model import PLANNER, Floats, TransportParams, TransportProblem, Trip

MAX_SETS = 30_000
CENTS = 100
Order = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """Trips in one lorry: the order of pick-ups and drops, and what a shared trip costs and saves.

    ``today_eur`` and ``pays_eur`` are by member, in the order of ``members``.
    """

    members: Order
    pickups: Order
    drops: Order
    days: frozenset[int]
    trips_per_week: float
    route_km: float
    cost_eur: float
    today_eur: tuple[float, ...]

    @property
    def saving_eur(self) -> float:
        """EUR saved each trip by all together."""
        return sum(self.today_eur) - self.cost_eur

    @property
    def yearly_eur(self) -> float:
        """EUR saved a year by all together."""
        return self.saving_eur * self.trips_per_week * constant(PLANNER, "weeks_per_year")

    @property
    def pays_eur(self) -> tuple[float, ...]:
        """What each pays a trip: the cost in proportion to what it pays today, so that each gains."""
        total = sum(self.today_eur)
        return tuple(self.cost_eur * today / total for today in self.today_eur)


class Routes:
    """Road between all ends, and the best route of each set of trips."""

    def __init__(self, problem: TransportProblem, params: TransportParams) -> None:
        self.trips, self.params = problem.trips, params
        starts = np.array([trip.origin_km for trip in self.trips], dtype=np.float64).reshape(-1, 3)
        ends = np.array([trip.destination_km for trip in self.trips], dtype=np.float64).reshape(-1, 3)
        self.between_starts: Floats = road_km(starts[:, None, :], starts[None, :, :])
        self.between_ends: Floats = road_km(ends[:, None, :], ends[None, :, :])
        self.across: Floats = road_km(starts[:, None, :], ends[None, :, :])

    @cached_property
    def direct_km(self) -> Floats:
        """Road of each trip alone."""
        return np.asarray(self.across.diagonal())

    def share(self, i: int) -> float:
        """Return the part of a lorry that a trip pays for today: an empty return the whole."""
        trip = self.trips[i]
        if trip.empty_return:
            return 1.0
        return min(1.0, trip.load / self.params.capacity + constant(PLANNER, "groupage_extra"))

    def today_eur(self, i: int) -> float:
        """Return what a trip costs today: as said, else its part of a lorry's fixed cost and road."""
        said = self.trips[i].today_eur
        if said is not None:
            return said
        whole = self.params.fixed_eur + self.params.eur_per_km * float(self.direct_km[i])
        return self.share(i) * whole

    def suit(self, i: int, j: int) -> bool:
        """Tell whether two trips may share a lorry, their loads apart."""
        a, b = self.trips[i], self.trips[j]
        near = max(self.between_starts[i, j], self.between_ends[i, j]) <= self.params.near_km
        return bool(
            near
            and a.site != b.site
            and a.family & b.family
            and a.weekdays & b.weekdays
            and not (a.empty_return and b.empty_return)
        )

    def shared(self, members: Order) -> Shared | None:
        """Return the cheapest route of a set within each load's detour, None where none saves money."""
        trips = [self.trips[i] for i in members]
        days = frozenset.intersection(*(trip.weekdays for trip in trips))
        family = frozenset.intersection(*(trip.family for trip in trips))
        if not days or not family or not self.fits(trips):
            return None
        today = tuple(self.today_eur(i) for i in members)
        extra = self.params.fixed_eur + self.params.stop_eur * 2 * (len(members) - 1)
        for km, pickups, drops in self._orders(members):
            cost = extra + self.params.eur_per_km * km
            if cost >= sum(today):
                return None
            if self._within_detour(pickups, drops):
                trips_per_week = min(*(trip.trips_per_week for trip in trips), float(len(days)))
                return Shared(members, pickups, drops, days, trips_per_week, km, cost, today)
        return None

    def fits(self, trips: list[Trip]) -> bool:
        """Tell whether the loads stand in one lorry, or in the room that a returning one has."""
        room = min([self.params.capacity, *(trip.load for trip in trips if trip.empty_return)])
        return sum(trip.load for trip in trips if not trip.empty_return) <= room + 1e-9

    def _orders(self, members: Order) -> list[tuple[float, Order, Order]]:
        """Return (road km, pick-ups, drops), shortest first; a returning lorry starts and ends at its own."""
        lorry = next((i for i in members if self.trips[i].empty_return), None)
        found = []
        for pickups, drops in product(permutations(members), permutations(members)):
            if lorry is not None and (pickups[0] != lorry or drops[-1] != lorry):
                continue
            km = sum(self.between_starts[a, b] for a, b in pairwise(pickups))
            km += self.across[pickups[-1], drops[0]]
            km += sum(self.between_ends[a, b] for a, b in pairwise(drops))
            found.append((round(float(km), 1), pickups, drops))
        return sorted(found)

    def _within_detour(self, pickups: Order, drops: Order) -> bool:
        for i in pickups:
            if self.trips[i].empty_return:
                continue
            before = pickups[pickups.index(i) :]
            after = drops[: drops.index(i) + 1]
            km = sum(self.between_starts[a, b] for a, b in pairwise(before))
            km += self.across[pickups[-1], drops[0]]
            km += sum(self.between_ends[a, b] for a, b in pairwise(after))
            if km > (1 + self.params.most_detour) * self.direct_km[i] + 1e-9:
                return False
        return True


def shared_sets(routes: Routes) -> list[Shared]:
    """Return every set of two to ``most_members`` trips that saves money in one lorry.

    Raises
    ------
    OversizedPlanError
        If there are too many sets to try.
    """
    size = len(routes.trips)
    suits = np.array([[i != j and routes.suit(i, j) for j in range(size)] for i in range(size)], dtype=bool)
    found: list[Shared] = []
    tried = 0
    layer: list[Order] = [(i,) for i in range(size)]
    for _ in range(1, routes.params.most_members):
        following: list[Order] = []
        for members in layer:
            for j in range(members[-1] + 1, size):
                grown = (*members, j)
                if not suits[list(members), j].all() or not routes.fits([routes.trips[i] for i in grown]):
                    continue
                tried += 1
                if tried > MAX_SETS:
                    raise OversizedPlanError(
                        Message(
                            N_(
                                "More than {most} ways to share a lorry: take fewer loads or a shorter reach."
                            ),
                            {"most": MAX_SETS},
                        )
                    )
                following.append(grown)
                shared = routes.shared(grown)
                if shared is not None:
                    found.append(shared)
        layer = following
    return found


def best_sets(
    sets: list[Shared], trips: int, params: TransportParams, seed: int, deadline: float
) -> tuple[tuple[Shared, ...], float | None]:
    """Return the disjoint sets that save most a year, and the proven bound in EUR a year."""
    if not sets:
        return (), 0.0
    model = cp_model.CpModel()
    chosen = [model.new_bool_var(f"s{number}") for number in range(len(sets))]
    for i in range(trips):
        model.add_at_most_one(x for x, one in zip(chosen, sets, strict=True) if i in one.members)
    weights = [int(np.floor(CENTS * one.yearly_eur)) for one in sets]
    model.maximize(sum(w * x for w, x in zip(weights, chosen, strict=True)))
    solver, status = solve(model, seed, deadline - monotonic(), params.work_limit)
    if status not in ("optimal", "feasible"):
        return _one_by_one(sets), None
    kept = tuple(one for x, one in zip(chosen, sets, strict=True) if solver.value(x))
    value = sum(one.yearly_eur for one in kept)
    if status == "optimal":
        return kept, value
    return kept, max(value, (solver.best_objective_bound + trips) / CENTS)


def _one_by_one(sets: list[Shared]) -> tuple[Shared, ...]:
    """Return the sets that save most first, each of trips not yet taken."""
    kept: list[Shared] = []
    for one in sorted(sets, key=lambda shared: (-shared.yearly_eur, shared.members)):
        if not any(set(one.members) & set(other.members) for other in kept):
            kept.append(one)
    return tuple(kept)
