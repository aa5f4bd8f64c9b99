"""The exact search for sessions: who goes where, with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor
from time import monotonic
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from matching.planning.exact import solve
from matching.planning.training_greedy import Session, gain_eur, greedy, possible, reaches, same_time
from matching.planning.training_model import TrainingParams, TrainingProblem, left_out_eur_per_head

CENTS = 100
FIRST_SHARE = 0.6
MOST_VENUES = 8
MOST_EUR = 1e6  # beyond what a member pays for a session


@dataclass(frozen=True, slots=True)
class Found:
    """Sessions, the most trainees that sessions can take (proven), and whether time ran out."""

    sessions: tuple[Session, ...]
    bound: float
    cut: bool


def search(problem: TrainingProblem, params: TrainingParams, seed: int, time_limit_s: float) -> Found:
    """Return the sessions that take the most trainees; among these the ones that save the most."""
    started, time_limit_s = monotonic(), 0.95 * time_limit_s
    can = possible(problem, params)
    total = sum(r.trainees for r, possible_ in zip(problem.requests, can, strict=True) if possible_)
    first = greedy(problem, params)
    venues = _venues(problem, params, first)
    best, bound, cut = sum(sum(session.trainees.values()) for session in first), total, False
    chosen = first
    building = _Building(problem, params, venues, Counter(session.venue for session in first))
    if best < total:
        building.hint(first)
        building.model.add(building.trained <= total)
        building.model.maximize(building.trained)
        solver, status = solve(building.model, seed, FIRST_SHARE * time_limit_s, params.work_limit)
        cut = status != "optimal"
        if status in ("optimal", "feasible"):
            whole = len(venues) == len(_places(problem))
            bound = min(total, floor(solver.best_objective_bound + 1e-6)) if whole else total
            if round(solver.objective_value) > best:
                best, chosen = round(solver.objective_value), building.sessions(solver)
    if best == 0:
        return Found((), bound, cut)
    building.hint(chosen)
    building.model.add(building.trained == best)
    building.model.maximize(building.saved)
    left_s = time_limit_s - (monotonic() - started)
    second, again = solve(building.model, seed, left_s, params.work_limit)
    better = again in ("optimal", "feasible")
    return Found(tuple(building.sessions(second) if better else chosen), bound, cut and best < bound)


def _places(problem: TrainingProblem) -> list[int]:
    """Return the first request of each site."""
    count = len(problem.requests)
    return [i for i in range(count) if not any(problem.distance_km[i, j] == 0 for j in range(i))]


def _venues(problem: TrainingProblem, params: TrainingParams, first: list[Session]) -> list[int]:
    """Return the sites to look at: all where they are few, else the first answer's and the most central."""
    places = _places(problem)
    heads = np.array([request.trainees for request in problem.requests])
    near = [float(heads[problem.distance_km[i] <= params.travel_km].sum()) for i in range(len(heads))]
    far = problem.distance_km @ heads
    used = {session.venue for session in first}
    order = sorted(places, key=lambda i: (i not in used, -near[i], float(far[i]), i))
    return sorted(order[: max(MOST_VENUES, len(used))])


class _Building:
    """The model: sessions numbered at each venue, the seats each request has in them."""

    def __init__(
        self, problem: TrainingProblem, params: TrainingParams, venues: list[int], used: Counter[int]
    ) -> None:
        self.problem, self.params = problem, params
        self.model: Any = cp_model.CpModel()
        self.opened: dict[tuple[int, int], Any] = {}
        self.seats: dict[tuple[int, int, int], Any] = {}
        self.goes: dict[tuple[int, int, int], Any] = {}
        self.extra: dict[tuple[int, int, int], Any] = {}
        self.saved: Any = 0
        for venue in venues:
            self._venue(venue, used[venue])
        for i in range(len(problem.requests)):
            self._request(i)
        self.trained = sum(self.seats.values())

    def _request(self, i: int) -> None:
        """Those of a member that are left out cost it more than before, which its sessions make good."""
        trainees = self.problem.requests[i].trainees
        mine = [key for key in self.seats if key[0] == i]
        left = trainees - sum(self.seats[key] for key in mine)
        self.model.add(left >= 0)
        each = ceil(CENTS * left_out_eur_per_head(self.problem.requests[i], self.params))
        served = self.model.new_bool_var("")
        for key in mine:
            self.model.add_implication(self.goes[key], served)
        extras = sum(self.extra[key] for key in mine)
        self.model.add(extras >= each * left - each * trainees * (1 - served))

    def _venue(self, venue: int, least: int) -> None:
        guests = [
            i for i in range(len(self.problem.requests)) if reaches(self.problem, self.params, i, venue)
        ]
        heads = sum(self.problem.requests[i].trainees for i in guests)
        if heads < self.params.least:
            return
        before: Any = None
        number_most = min(heads // self.params.least, ceil(heads / self.params.most) + 1)
        for number in range(max(least, number_most)):
            size = self._session(venue, number, guests)
            if before is not None:
                self.model.add(before >= size)
            before = size

    def _session(self, venue: int, number: int, guests: list[int]) -> Any:
        model, params = self.model, self.params
        self.opened[venue, number] = opened = model.new_bool_var("")
        gained: Any = 0
        here: dict[int, Any] = {}
        for i in guests:
            most = min(params.most, self.problem.requests[i].trainees)
            self.seats[i, venue, number] = seats = model.new_int_var(0, most, "")
            self.goes[i, venue, number] = goes = model.new_bool_var("")
            model.add(seats <= most * goes)
            model.add(seats >= goes)
            here[i] = goes
            mine = floor(CENTS * gain_eur(self.problem, params, i, venue)) * seats
            self.extra[i, venue, number] = extra = model.new_int_var(0, round(CENTS * MOST_EUR), "")
            model.add(extra <= mine)
            gained += mine - extra
        size = sum(self.seats[i, venue, number] for i in guests)
        model.add(size <= params.most * opened)
        model.add(size >= params.least * opened)
        # Who goes can pay the session between them, each no more than today, and keep something.
        model.add(gained >= ceil(CENTS * params.worthwhile_eur) * opened)
        self.saved += gained - ceil(CENTS * params.session_eur) * opened
        for i, j in combinations(guests, 2):
            if not same_time(self.problem, i, j):
                model.add_at_most_one(here[i], here[j])
        return size

    def hint(self, sessions: Iterable[Session]) -> None:
        """Start from these sessions."""
        self.model.clear_hints()
        known: dict[tuple[int, int], Session] = {}
        for session in sorted(sessions, key=lambda s: -sum(s.trainees.values())):
            number = sum(venue == session.venue for venue, _ in known)
            known[session.venue, number] = session
        for (venue, number), opened in self.opened.items():
            self.model.add_hint(opened, (venue, number) in known)
        for (i, venue, number), seats in self.seats.items():
            here = known.get((venue, number))
            heads = here.trainees.get(i, 0) if here else 0
            self.model.add_hint(seats, heads)
            self.model.add_hint(self.goes[i, venue, number], heads > 0)
            extra = here.extra_eur.get(i, 0.0) if here else 0.0
            self.model.add_hint(self.extra[i, venue, number], ceil(CENTS * extra))

    def sessions(self, solver: Any) -> list[Session]:
        """Return the sessions of an answer, in the order of their venues."""
        found = []
        for venue, number in self.opened:
            if solver.value(self.opened[venue, number]):
                heads = {
                    i: int(solver.value(n))
                    for (i, v, k), n in self.seats.items()
                    if (v, k) == (venue, number) and solver.value(n)
                }
                extra = {i: solver.value(self.extra[i, venue, number]) / CENTS for i in heads}
                found.append(Session(venue, heads, extra))
        return found
