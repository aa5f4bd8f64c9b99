"""The assignment of requests to offers that is worth most: each month's capacity kept, exactly (CP-SAT)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from ortools.sat.python import cp_model

from matching.planning.exact import solve
from matching.planning.space_filters import Pairs, used
from matching.planning.space_model import Offer, Request, SpaceParams, SpaceProblem

STEPS = 100  # hundredths of a unit
SCALE = 1_000_000  # of an EUR, in whole numbers
WITHIN = 0.9  # of the time limit, the rest being for words


@dataclass(frozen=True, slots=True)
class Served:
    """A request served by an offer: how much in each month (a level has its amount in each)."""

    request: int
    offer: int
    amount: float
    by_month: dict[int, float]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is served where, the value reached in EUR, its proven bound."""

    served: tuple[Served, ...]
    value_eur: float
    bound_eur: float | None


class _Model:
    """Variables: whether a pair is chosen, what it takes in each month, in hundredths of a unit."""

    def __init__(self, problem: SpaceProblem, pairs: Pairs, params: SpaceParams) -> None:
        self.model = cp_model.CpModel()
        self.chosen: dict[tuple[int, int], cp_model.IntVar] = {}
        self.taken: dict[tuple[int, int], dict[int, cp_model.LinearExprT]] = {}
        self.shares: dict[tuple[int, int], cp_model.LinearExprT] = {}
        self.problem, self.params = problem, params
        for r, o in np.argwhere(pairs.why == 0).tolist():
            self.chosen[r, o] = self.model.new_bool_var(f"x{r},{o}")
            self._take(r, o, problem.requests[r], problem.offers[o])
        self._serve_whole()
        self._keep_capacities()
        self.model.maximize(sum(self._value(r, o, float(pairs.surplus_eur[r, o])) for r, o in self.chosen))

    def _take(self, r: int, o: int, request: Request, offer: Offer) -> None:
        x = self.chosen[r, o]
        need = _up(request.amount)
        if request.spread:
            months = sorted(request.place.months & offer.place.months)
            each = [self.model.new_int_var(0, _down(offer.capacity), f"y{r},{o},{m}") for m in months]
            self.model.add(sum(each) == need * x)
            self.taken[r, o] = dict(zip(months, each, strict=True))
            self.shares[r, o] = need * x
            return
        share: cp_model.LinearExprT = need * x
        if self.params.parts > 1:
            part = self.model.new_int_var(0, min(need, _down(offer.capacity)), f"q{r},{o}")
            self.model.add(part >= 1).only_enforce_if(x)
            self.model.add(part == 0).only_enforce_if(x.negated())
            share = part
        self.shares[r, o] = share
        self.taken[r, o] = dict.fromkeys(request.place.months, share)

    def _serve_whole(self) -> None:
        for r, request in enumerate(self.problem.requests):
            mine = [(q, o) for q, o in self.chosen if q == r]
            if not mine:
                continue
            if request.spread or self.params.parts == 1:
                self.model.add_at_most_one(self.chosen[pair] for pair in mine)
                continue
            served = self.model.new_bool_var(f"s{r}")
            self.model.add(sum(self.shares[pair] for pair in mine) == _up(request.amount) * served)
            self.model.add(sum(self.chosen[pair] for pair in mine) <= self.params.parts)

    def _keep_capacities(self) -> None:
        by_month: dict[tuple[int, int], list[cp_model.LinearExprT]] = defaultdict(list)
        for (_, o), months in self.taken.items():
            for month, amount in months.items():
                by_month[o, month].append(amount)
        for (o, month), mine in sorted(by_month.items()):
            self.model.add(sum(mine) <= _down(self.problem.offers[o].in_month(month)))

    def start_from(self, served: Sequence[Served]) -> None:
        """Give the solver an assignment to improve."""
        chosen = {(one.request, one.offer) for one in served}
        for pair, x in self.chosen.items():
            self.model.add_hint(x, pair in chosen)

    def _value(self, r: int, o: int, surplus_eur: float) -> cp_model.LinearExprT:
        request = self.problem.requests[r]
        if request.spread or self.params.parts == 1:
            return int(np.floor(SCALE * surplus_eur)) * self.chosen[r, o]
        return int(np.floor(SCALE * surplus_eur / _up(request.amount))) * self.shares[r, o]


def _up(amount: float) -> int:
    return int(np.ceil(STEPS * amount - 1e-6))


def _down(amount: float) -> int:
    return int(np.floor(STEPS * amount + 1e-6))


def assign(
    problem: SpaceProblem, pairs: Pairs, params: SpaceParams, seed: int, time_limit_s: float
) -> Assignment:
    """Return the best assignment found and its proven bound."""
    if not (pairs.why == 0).any():
        return Assignment((), 0.0, 0.0)
    deadline = monotonic() + WITHIN * time_limit_s
    first = greedy(problem, pairs)
    built = _Model(problem, pairs, params)
    built.start_from(first)
    solver, status = solve(built.model, seed, deadline - monotonic(), params.work_limit)
    if status not in ("optimal", "feasible"):
        return Assignment(first, sum(_worth(problem, pairs, one) for one in first), None)
    served = tuple(
        _read(solver, built, r, o) for (r, o), x in sorted(built.chosen.items()) if solver.value(x)
    )
    value = sum(_worth(problem, pairs, one) for one in served)
    before = sum(_worth(problem, pairs, one) for one in first)
    if before > value:
        served, value = first, before
    if status == "optimal":
        return Assignment(served, value, value)
    # What rounding down may have hidden.
    slack = sum(1 + _up(request.amount) for request in problem.requests) / SCALE
    return Assignment(served, value, max(value, solver.best_objective_bound / SCALE + slack))


def _worth(problem: SpaceProblem, pairs: Pairs, served: Served) -> float:
    whole = _up(problem.requests[served.request].amount) / STEPS
    return float(pairs.surplus_eur[served.request, served.offer]) * served.amount / whole


def _read(solver: cp_model.CpSolver, built: _Model, r: int, o: int) -> Served:
    months = {month: solver.value(y) / STEPS for month, y in built.taken[r, o].items()}
    by_month = {month: amount for month, amount in sorted(months.items()) if amount > 0}
    return Served(r, o, solver.value(built.shares[r, o]) / STEPS, by_month)


def greedy(problem: SpaceProblem, pairs: Pairs) -> tuple[Served, ...]:
    """Return whole requests served one by one, those worth most for the room they take first."""
    free = [{month: offer.in_month(month) for month in range(1, 13)} for offer in problem.offers]
    order = sorted(
        np.argwhere(pairs.why == 0).tolist(),
        key=lambda pair: (-pairs.surplus_eur[pair[0], pair[1]] / used(problem.requests[pair[0]]), pair),
    )
    served: dict[int, Served] = {}
    for r, o in order:
        taken = None if r in served else _fill(problem.requests[r], free[o])
        if taken:
            for month, amount in taken.items():
                free[o][month] -= amount
            served[r] = Served(r, o, _up(problem.requests[r].amount) / STEPS, taken)
    return tuple(served[r] for r in sorted(served))


def _fill(request: Request, free: dict[int, float]) -> dict[int, float]:
    """Return what a request takes in each month of what is free, nothing where it does not fit."""
    need = _up(request.amount) / STEPS
    months = sorted(request.place.months)
    if not request.spread:
        return {m: need for m in months} if all(_down(free[m]) / STEPS >= need for m in months) else {}
    taken: dict[int, float] = {}
    for month in months:
        amount = min(need - sum(taken.values()), _down(free[month]) / STEPS)
        if amount > 0:
            taken[month] = round(amount, 2)
    return taken if round(sum(taken.values()), 2) >= need else {}
