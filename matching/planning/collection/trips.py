"""One vehicle's round: when it is where, what it costs; and what a member's own trips would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.planning.collection.problem import CollectionParams, CollectionProblem, Floats

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Trip:
    """A round: stops in order, with the hour of arrival and of departure at each."""

    stops: tuple[int, ...]
    vehicle: int
    start_h: float
    end_h: float
    arrive_h: tuple[float, ...]
    leave_h: tuple[float, ...]
    distance_km: float
    cost_eur: float

    @property
    def duration_h(self) -> float:
        """Hours from leaving the depot to being back."""
        return self.end_h - self.start_h


@dataclass(frozen=True, slots=True)
class Alone:
    """A member's own trips: EUR and km a year, and what joining is worth to it at most."""

    trips_eur: float
    trips_km: float
    trips_kgco2e: float
    resale_eur: float
    value_eur: float


def driving_eur(problem: CollectionProblem, vehicle: int) -> Floats:
    """Return what each leg costs in EUR, shape (n + 1, n + 1)."""
    kind = problem.vehicles[vehicle]
    return problem.distance_km * kind.eur_per_km + problem.duration_h * kind.eur_per_h


def trip(
    problem: CollectionProblem, order: Sequence[int], vehicle: int, params: CollectionParams
) -> Trip | None:
    """Return the shortest schedule of a round in this order, or None where hours or the shift forbid it.

    The start is put off as long as the end stays the same (forward time slack of Savelsbergh, 1992).
    """
    at, now, waited, slack, driven = 0, 0.0, 0.0, np.inf, 0.0
    for i in order:
        stop = problem.stops[i]
        now += float(problem.duration_h[at, i + 1])
        driven += float(problem.distance_km[at, i + 1])
        begin = max(now, stop.open_h)
        waited += begin - now
        if begin + stop.service_h > stop.close_h + TOLERANCE:
            return None
        slack = min(slack, waited + stop.close_h - stop.service_h - begin)
        now = begin + stop.service_h
        at = i + 1
    end = now + float(problem.duration_h[at, 0])
    driven += float(problem.distance_km[at, 0])
    start = max(0.0, min(waited, slack))
    if end - start > params.shift_h + TOLERANCE:
        return None
    return _timed(problem, tuple(order), vehicle, start, end, driven)


def _timed(
    problem: CollectionProblem, order: tuple[int, ...], vehicle: int, start: float, end: float, driven: float
) -> Trip:
    arrive, leave, now, at = [], [], start, 0
    for i in order:
        stop = problem.stops[i]
        now += float(problem.duration_h[at, i + 1])
        arrive.append(now)
        now = max(now, stop.open_h) + stop.service_h
        leave.append(now)
        at = i + 1
    kind = problem.vehicles[vehicle]
    factor = max(problem.cost_factor(problem.stops[i].hazard_class) for i in order)
    cost = factor * (kind.fixed_eur + driven * kind.eur_per_km + (end - start) * kind.eur_per_h)
    return Trip(order, vehicle, start, end, tuple(arrive), tuple(leave), driven, cost)


def direct_eur(problem: CollectionProblem, i: int, vehicle: int) -> float:
    """Return what a trip to one stop and back costs, EUR, whatever the hour."""
    stop, kind = problem.stops[i], problem.vehicles[vehicle]
    legs = driving_eur(problem, vehicle)
    cost = kind.fixed_eur + float(legs[0, i + 1] + legs[i + 1, 0]) + stop.service_h * kind.eur_per_h
    return cost * problem.cost_factor(stop.hazard_class)


def alone(problem: CollectionProblem, i: int, params: CollectionParams) -> Alone:
    """Return what a member's own collections cost a year.

    Trips = max(weeks / longest period, yearly / min(storage, capacity)), of the cheapest vehicle: not rounded
    up, so that going alone is never made to look dearer than it is. What the round saves is at most that,
    and at most what the member pays today plus what its good units are resold for; nothing for a seller.
    """
    stop = problem.stops[i]
    resale = stop.yearly * (stop.good_share or 0.0) * problem.resale_eur
    options = []
    longest = params.periods(problem)[-1]
    for number, vehicle in enumerate(problem.vehicles):
        limit = min(vehicle.capacity, stop.storage_max or np.inf)
        trips = max(problem.weeks_per_year / min(longest, stop.keep_weeks or longest), stop.yearly / limit)
        km = trips * float(problem.distance_km[0, i + 1] + problem.distance_km[i + 1, 0])
        options.append((trips * direct_eur(problem, i, number), km, km * vehicle.kgco2e_per_km))
    eur, km, carbon = min(options)
    value = eur if stop.declared_eur is None else min(eur, stop.declared_eur + resale)
    return Alone(eur, km, carbon, resale, max(0.0, value))
