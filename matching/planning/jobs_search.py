"""The exact search for contracts: every set of needs that makes one, then the best that do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching.planning.constants import constant
from matching.planning.exact import solve
from matching.planning.jobs_contract import EPSILON, Contract, best_contract
from matching.planning.jobs_model import PLANNER, JobsParams, JobsProblem

PER_HOUR = 100
# Of answers that cover as much: a contract weighs most, then an employer, a km as ten hours (own estimates).
CONTRACT_WEIGHT, EMPLOYER_WEIGHT = 10_000, 1_000
LISTING_SHARE, FIRST_SHARE = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """Contracts, the most hours that any contracts cover (proven), and whether time ran out."""

    contracts: tuple[Contract, ...]
    bound_hours: float
    cut: bool


def pays_less(problem: JobsProblem, params: JobsParams, i: int) -> bool:
    """Tell whether an hour of a shared contract costs the member no more than today."""
    today = problem.needs[i].today_eur_per_h
    return today is None or today >= params.shared_hour_eur


def sharing(problem: JobsProblem, params: JobsParams) -> NDArray[np.bool_]:
    """Return who can share a person, shape (n, n): near enough, and the same side of the night's rest."""
    night = np.array([need.at_night for need in problem.needs])
    return np.asarray((problem.distance_km <= params.travel_km) & (night[:, None] == night[None, :]))


def search(problem: JobsProblem, params: JobsParams, seed: int, time_limit_s: float) -> Found:
    """Return the contracts that cover the most hours; among these the fewest, with the nearest members."""
    started = monotonic()
    joining = [
        i for i, need in enumerate(problem.needs) if pays_less(problem, params, i) and not need.fills_a_post
    ]
    total = sum(problem.needs[i].hours_per_year for i in joining)
    listed: list[Contract] = []
    late = False
    for needs in _sets(problem, params, joining):
        if monotonic() - started > LISTING_SHARE * time_limit_s:
            late = True
            break
        contract = best_contract(problem, needs)
        if viable(problem, params, contract):
            listed.append(contract)
    if not listed:
        return Found((), total if late else 0.0, late)
    left_s = time_limit_s - (monotonic() - started)
    chosen, bound, proven = _best_together(problem, params, listed, seed, left_s)
    reached = sum(contract.hours_per_year for contract in chosen)
    return Found(chosen, total if late else max(reached, min(total, bound)), late or not proven)


def _sets(problem: JobsProblem, params: JobsParams, joining: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield the sets of needs of two members or more that one person could serve, small sets first."""
    least = params.least_hours * constant(PLANNER, "least_months") / 12 - EPSILON
    together = sharing(problem, params)
    hours = [need.hours_per_year for need in problem.needs]
    grown: list[tuple[int, ...]] = [()]
    for _ in range(params.employers_most):
        grown = [
            (*needs, i)
            for needs in grown
            for i in joining
            if (not needs or i > needs[-1]) and all(together[i, j] for j in needs)
        ]
        for needs in grown:
            asked = {(problem.needs[i].member, problem.needs[i].label) for i in needs}
            # Parts of one need are wanted at once: they take different people.
            shared = len(asked) == len(needs) and len({member for member, _ in asked}) > 1
            if shared and sum(hours[i] for i in needs) >= least:
                yield needs


def viable(problem: JobsProblem, params: JobsParams, contract: Contract) -> bool:
    """Tell whether a contract is long enough for its months and serves each of its needs enough."""
    months = max(len(contract.months), int(constant(PLANNER, "least_months")))
    if contract.hours_per_year < params.least_hours * months / 12 - EPSILON:
        return False
    return all(
        hours > EPSILON and hours >= params.least_share * problem.needs[i].hours_per_year - EPSILON
        for i, hours in zip(contract.needs, contract.hours, strict=True)
    )


def _best_together(
    problem: JobsProblem, params: JobsParams, listed: list[Contract], seed: int, time_limit_s: float
) -> tuple[tuple[Contract, ...], float, bool]:
    model: Any = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in listed]
    for i in range(len(problem.needs)):
        model.add_at_most_one(t for t, contract in zip(taken, listed, strict=True) if i in contract.needs)
    covered = sum(
        floor(PER_HOUR * contract.hours_per_year + 0.5) * t for t, contract in zip(taken, listed, strict=True)
    )
    model.maximize(covered)
    solver, status = solve(model, seed, FIRST_SHARE * time_limit_s, params.work_limit)
    if status not in ("optimal", "feasible"):
        return (), sum(need.hours_per_year for need in problem.needs), False
    bound = solver.best_objective_bound / PER_HOUR
    for t in taken:
        model.add_hint(t, solver.value(t))
    model.add(covered >= round(solver.objective_value))
    model.minimize(sum(_burden(problem, c) * t for t, c in zip(taken, listed, strict=True)))
    second, again = solve(model, seed, (1 - FIRST_SHARE) * time_limit_s, params.work_limit)
    last = second if again in ("optimal", "feasible") else solver
    chosen = tuple(c for t, c in zip(taken, listed, strict=True) if last.value(t))
    proven = status == "optimal"
    return chosen, sum(c.hours_per_year for c in chosen) if proven else bound, proven


def _burden(problem: JobsProblem, contract: Contract) -> int:
    members = np.array(contract.needs)
    widest_km = float(problem.distance_km[np.ix_(members, members)].max())
    half_days = sum(sum(season.half_days) for season in contract.seasons)
    missing_h = sum(problem.needs[i].hours_per_year for i in contract.needs) - contract.hours_per_year
    return CONTRACT_WEIGHT + EMPLOYER_WEIGHT * len(members) + round(10 * widest_km + missing_h) + half_days
