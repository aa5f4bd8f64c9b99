"""A workshop's seating problem: its checks, a first seating that keeps the rules, and a bound."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.exact import solve
from matching.planning.plan import InfeasiblePlanError, OversizedPlanError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class WorkshopProblem:
    """Who comes, what it is worth that they meet, and the room.

    Attributes
    ----------
    people, companies
        Names, and the company of each person (empty: of none).
    scores
        What it is worth that two people meet at least once, shape (n, n), symmetric, zero or more.
    tables, seats, turns
        How many tables, people at most at each, and rounds of talk.
    hosts
        For each table the position of the person who stays there, or None; empty for none at all.
    rivals
        Pairs of companies that never share a table.
    """

    people: tuple[str, ...]
    companies: tuple[str, ...]
    scores: Floats
    tables: int
    seats: int
    turns: int
    hosts: tuple[int | None, ...] = ()
    rivals: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        n = len(self.people)
        if len(self.companies) != n or self.scores.shape != (n, n):
            raise InvalidParametersError(
                Message(N_("Each of the {count} people needs a company and a row of scores."), {"count": n})
            )
        if not (np.isfinite(self.scores).all() and (self.scores >= 0).all()) or not np.allclose(
            self.scores, self.scores.T
        ):
            raise InvalidParametersError(
                Message(N_("Scores of pairs are finite, zero or more, and the same both ways."))
            )
        if min(self.tables, self.seats, self.turns) < 1 or n < 2:
            raise InvalidParametersError(
                Message(N_("A workshop takes two people, a table, a seat and a turn at least."))
            )
        self._check_hosts()
        self._check_room()

    def _check_hosts(self) -> None:
        named = [host for host in self.hosts if host is not None]
        wrong = len(self.hosts) > self.tables or len(set(named)) != len(named)
        if wrong or any(not 0 <= host < len(self.people) for host in named):
            raise InvalidParametersError(
                Message(N_("Hosts are different people who take part, one a table at most."))
            )

    def _check_room(self) -> None:
        most = int(constant("workshop", "most_people"))
        if len(self.people) > most:
            raise OversizedPlanError(
                Message(
                    N_("{count} people are more than the {most} one workshop is planned for: hold two."),
                    {"count": len(self.people), "most": most},
                )
            )
        if len(self.people) > self.tables * self.seats:
            raise InfeasiblePlanError(
                Message(
                    N_("{count} people, {tables} tables of {seats} seats: add tables or seats."),
                    {"count": len(self.people), "tables": self.tables, "seats": self.seats},
                )
            )

    @property
    def largest(self) -> int:
        """People at the fullest table: tables are filled as evenly as can be."""
        return -(-len(self.people) // self.tables)

    @property
    def apart(self) -> NDArray[np.bool_]:
        """Who may never share a table: colleagues, rivals and hosts, shape (n, n)."""
        company = np.array(self.companies)
        found = (company[:, None] == company[None, :]) & (company != "")[:, None]
        for first, second in self.rivals:
            both = (company == first)[:, None] & (company == second)[None, :]
            found |= both | both.T
        for a, b in combinations([host for host in self.hosts if host is not None], 2):
            found[a, b] = found[b, a] = True
        np.fill_diagonal(found, False)
        return np.asarray(found)

    @property
    def worth(self) -> Floats:
        """The scores of the pairs that may meet; no other can be asked for."""
        kept = np.where(self.apart, 0.0, self.scores)
        np.fill_diagonal(kept, 0.0)
        return np.asarray(kept)


def with_empty_seats(problem: WorkshopProblem) -> tuple[Floats, NDArray[np.bool_]]:
    """Return worth and ``apart`` with an empty seat as one more person at each table one short.

    Two empty seats never share a table, so that tables stay as even as they can be.
    """
    n = len(problem.people)
    full = problem.largest * problem.tables
    score, apart = np.zeros((full, full)), np.zeros((full, full), dtype=bool)
    score[:n, :n], apart[:n, :n] = problem.worth, problem.apart
    apart[n:, n:] = ~np.eye(full - n, dtype=bool)
    return score, apart


def first_seating(problem: WorkshopProblem, seed: int, time_limit_s: float) -> Integers:
    """Return a table for each person and empty seat that keeps every rule, shape (tables × largest,).

    Raises
    ------
    InfeasiblePlanError
        If no seating keeps colleagues and rivals apart.
    OversizedPlanError
        If none was found in time.
    """
    _check_companies(problem)
    _, apart = with_empty_seats(problem)
    count, tables = len(apart), range(problem.tables)
    model: Any = cp_model.CpModel()
    at = [[model.new_bool_var("") for _ in tables] for _ in range(count)]
    for row in at:
        model.add_exactly_one(row)
    for table in tables:
        model.add(sum(row[table] for row in at) == problem.largest)
        for a, b in zip(*np.nonzero(np.triu(apart)), strict=True):
            model.add_at_most_one(at[a][table], at[b][table])
        for group in _cliques(problem, count):
            model.add_at_most_one(at[i][table] for i in group)
    for table, host in enumerate(problem.hosts):
        if host is not None:
            model.add(at[host][table] == 1)
    solver, status = solve(model, seed, time_limit_s)
    if status == "unknown":
        raise OversizedPlanError(
            Message(
                N_(
                    "No seating of {people} people was found in {seconds} s: allow more time or invite fewer."
                ),
                {"people": len(problem.companies), "seconds": time_limit_s},
            )
        )
    if status not in ("optimal", "feasible"):
        raise InfeasiblePlanError(
            Message(
                N_(
                    "No seating at {tables} tables of {seats} keeps every colleague and rival apart: "
                    "drop a rivalry, add a table or move a host."
                ),
                {"tables": problem.tables, "seats": problem.seats},
            )
        )
    return np.array([next(t for t in tables if solver.value(row[t])) for row in at], dtype=np.int64)


def _check_companies(problem: WorkshopProblem) -> None:
    for company, count in sorted(Counter(problem.companies).items()):
        if company and count > problem.tables:
            raise InfeasiblePlanError(
                Message(
                    N_(
                        "{company} sends {count} people to {tables} tables, so two would sit together: "
                        "invite fewer of them or add tables."
                    ),
                    {"company": company, "count": count, "tables": problem.tables},
                )
            )


def _cliques(problem: WorkshopProblem, count: int) -> list[list[int]]:
    by_company: dict[str, list[int]] = {}
    for i, company in enumerate(problem.companies):
        if company:
            by_company.setdefault(company, []).append(i)
    empty = list(range(len(problem.people), count))
    return [group for group in (*by_company.values(), empty) if len(group) > 1]


def score_bound(problem: WorkshopProblem) -> float:
    """Return a total score that no seating beats.

    Each person meets at most turns × (largest table - 1) others, so at most half the sum of everyone's best
    that many is met; and no more pairs than the tables hold, so at most the sum of the best of these.
    """
    worth = problem.worth
    most = min(len(worth) - 1, problem.turns * (problem.largest - 1))
    each = np.sort(worth, axis=1)[:, len(worth) - most :].sum(axis=1)
    short = problem.largest * problem.tables - len(worth)
    full = problem.tables - short
    pairs = problem.turns * sum(
        count * size * (size - 1) // 2
        for count, size in ((full, problem.largest), (short, problem.largest - 1))
    )
    best = np.sort(worth[np.triu_indices(len(worth), 1)])[::-1][:pairs]
    return float(min(each.sum() / 2, best.sum()))
