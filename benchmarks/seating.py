"""``python -m benchmarks.seating``: our seating beside a CP-SAT model of the pairs, and beside chance."""

from __future__ import annotations

import argparse
from itertools import combinations
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from ortools.sat.python import cp_model
from rich.console import Console
from rich.table import Table

from matching.planning.workshop import WorkshopParams, WorkshopProblem, plan, random_score

PEOPLE, TABLES, SEATS, TURNS = 40, 5, 8, 3
# Share of the pairs that have a match: in a territory few do, but words alone match many.
DENSITIES = {"sparse": 0.25, "dense": 1.0}
SCALE = 1000


def main() -> None:
    """Measure and print a table of the share of the total pair score that is met."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.seating", description=__doc__)
    arguments.add_argument("--instances", type=int, default=10)
    arguments.add_argument("--ours-s", type=float, default=10.0, help="time limit of our planner")
    arguments.add_argument("--peer-s", type=float, default=30.0, help="time limit of CP-SAT")
    chosen = arguments.parse_args()
    table = Table("instance", "random", "CP-SAT", "ours", "bound", "ours, s", "times random", "times CP-SAT")
    ratios: dict[str, list[tuple[float, float]]] = {}
    for number in range(chosen.instances):
        kind = ("sparse", "dense")[number % 2]
        problem = seeded_problem(number, DENSITIES[kind])
        total = float(problem.scores.sum() / 2)
        started = perf_counter()
        found = plan(problem, WorkshopParams(), seed=number, time_limit_s=chosen.ours_s)
        seconds = perf_counter() - started
        ours, chance = found.objective or 0.0, random_score(problem, 200, number)
        peer = pair_model_score(problem, number, chosen.peer_s)
        ratios.setdefault(kind, []).append((ours / chance, ours / peer if peer else float("inf")))
        shares = (chance / total, peer / total, ours / total, (found.bound or total) / total)
        cells = [f"{share:.3f}" for share in shares]
        last = [f"{ratio:.3f}" for ratio in ratios[kind][-1]]
        table.add_row(f"{number} {kind}", *cells, f"{seconds:.1f}", *last)
    console = Console(width=120)
    console.print(table)
    for kind, pairs in ratios.items():
        over_chance, over_peer = zip(*pairs, strict=True)
        console.print(
            f"{kind}: median {median(over_chance):.3f} times random (least {min(over_chance):.3f}), "
            f"{median(over_peer):.3f} times CP-SAT (least {min(over_peer):.3f})"
        )


def seeded_problem(seed: int, density: float) -> WorkshopProblem:
    """Return 40 people at 5 tables of 8 for 3 turns, of whom a share of the pairs has a score."""
    dice = np.random.default_rng(seed)
    half = np.triu(dice.random((PEOPLE, PEOPLE)) * (dice.random((PEOPLE, PEOPLE)) < density), 1)
    people = tuple(f"Firm {i + 1}" for i in range(PEOPLE))
    return WorkshopProblem(people, people, half + half.T, TABLES, SEATS, TURNS)


def pair_model_score(problem: WorkshopProblem, seed: int, time_limit_s: float) -> float:
    """Return the score of CP-SAT's best seating, a variable for each pair, table and turn; 0 for none."""
    model: Any = cp_model.CpModel()
    n, tables, turns = len(problem.people), range(problem.tables), range(problem.turns)
    at = {(i, t, r): model.new_bool_var("") for i in range(n) for t in tables for r in turns}
    for r in turns:
        for i in range(n):
            model.add_exactly_one(at[i, t, r] for t in tables)
        for t in tables:
            model.add(sum(at[i, t, r] for i in range(n)) <= problem.seats)
    gained = []
    for i, j in combinations(range(n), 2):
        if problem.scores[i, j] <= 0:
            continue
        together = []
        for r in turns:
            for t in tables:
                both = model.new_bool_var("")
                model.add_implication(both, at[i, t, r])
                model.add_implication(both, at[j, t, r])
                together.append(both)
        met = model.new_bool_var("")
        model.add_bool_or([*together, met.negated()])
        gained.append(round(SCALE * float(problem.scores[i, j])) * met)
    model.maximize(sum(gained))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = time_limit_s
    solver.parameters.random_seed = seed
    found = solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    if not found:
        return 0.0
    seating = np.array(
        [[next(t for t in tables if solver.value(at[i, t, r])) for i in range(n)] for r in turns]
    )
    together_once = (seating[:, :, None] == seating[:, None, :]).any(axis=0)
    return float((problem.scores * together_once).sum() / 2)


if __name__ == "__main__":
    main()
