"""Seat a workshop so that those who have something to tell each other meet at least once."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
from matching.planning.plan import Plan, Unserved
from matching.planning.workshop_annealing import anneal, meetings, worth
from matching.planning.workshop_seating import (
    Floats,
    Integers,
    WorkshopProblem,
    first_seating,
    score_bound,
    with_empty_seats,
)
from matching.results import Warning_

__all__ = ["WorkshopParams", "WorkshopProblem", "plan", "random_score"]
PLANNER = "workshop"
# Pairs named in a plan: the best that do not meet, and each person's best talks (own estimates).
NAMED_MISSES = 20
NAMED_TALKS = 5


def _repeat_share() -> float:
    return constant(PLANNER, "repeat_share")


@dataclass(frozen=True, slots=True)
class WorkshopParams:
    """How hard to look: ``iterations`` swaps, about 1.2 s a million for 40 people.

    ``repeat_share`` is what a meeting after the first costs, as a share of the mean score of a wanted pair.
    """

    iterations: int = 4_000_000
    repeat_share: float = field(default_factory=_repeat_share)

    def __post_init__(self) -> None:
        if self.iterations < 0 or not 0 <= self.repeat_share <= 1:
            raise InvalidParametersError(
                Message(N_("Swaps are counted from zero, and a repeat costs 0 to 1 of a mean score."))
            )


def plan(
    problem: WorkshopProblem,
    params: WorkshopParams | None = None,
    seed: int = 0,
    time_limit_s: float = 10.0,
) -> Plan:
    """Return a table for each person at each turn, hosts at theirs, colleagues and rivals apart.

    Deterministic for a seed and ``params.iterations`` unless time runs out, which a warning tells.

    Raises
    ------
    InfeasiblePlanError
        If no seating keeps the rules: the message says what to relax.
    """
    chosen = params or WorkshopParams()
    started = monotonic()
    score, apart = with_empty_seats(problem)
    start = np.tile(first_seating(problem, seed, time_limit_s / 4), (problem.turns, 1))
    fixed = np.zeros(len(score), dtype=bool)
    fixed[[host for host in problem.hosts if host is not None]] = True
    wanted = score[score > 0]
    penalty = chosen.repeat_share * float(wanted.mean()) if len(wanted) else chosen.repeat_share
    bound = score_bound(problem)
    left_s = 0.9 * time_limit_s - (monotonic() - started)
    seating, cut = anneal(score, apart, start, fixed, chosen.iterations, penalty, seed, left_s, bound)
    return _plan(problem, seating[:, : len(problem.people)], bound, cut, seed)


def random_score(problem: WorkshopProblem, draws: int, seed: int = 0) -> float:
    """Return the mean score met by seatings drawn at random, hosts at their tables, no other rule kept."""
    score, _ = with_empty_seats(problem)
    hosts = {host: table for table, host in enumerate(problem.hosts) if host is not None}
    chairs = np.repeat(np.arange(problem.tables), problem.largest).tolist()
    for table in hosts.values():
        chairs.remove(table)
    others = np.array([i for i in range(len(score)) if i not in hosts])
    dice = np.random.default_rng(seed)
    seating = np.zeros((problem.turns, len(score)), dtype=np.int64)
    for host, table in hosts.items():
        seating[:, host] = table
    total = 0.0
    for _ in range(draws):
        for turn in seating:
            turn[others] = dice.permutation(chairs)
        total += worth(score, seating)
    return total / draws


def _plan(problem: WorkshopProblem, seating: Integers, bound: float, cut: bool, seed: int) -> Plan:
    score = problem.worth
    met = meetings(seating)
    total = float(score.sum() / 2)
    reached = worth(score, seating)
    random = random_score(problem, int(constant(PLANNER, "random_draws")), seed)
    repeats = int(np.maximum(met - 1, 0).sum() // 2)
    return Plan(
        planner=PLANNER,
        problem={
            "people": len(problem.people),
            "tables": problem.tables,
            "seats": problem.seats,
            "turns": problem.turns,
            "hosts": [None if host is None else problem.people[host] for host in problem.hosts],
            "pairs_wanted": int((score > 0).sum() // 2),
            "pairs_apart": int(problem.apart.sum() // 2),
            "total_score": round(total, 6),
        },
        plan={
            "turns": [_turn(problem, seating[turn], turn) for turn in range(problem.turns)],
            "people": [_person(problem, seating, i) for i in range(len(problem.people))],
            "share_met": _share(reached, total),
            "share_met_at_random": _share(random, total),
            "times_random": round(reached / random, 3) if random > 0 else None,
            "pairs_met": int(((score > 0) & (met > 0)).sum() // 2),
            "repeated_meetings": repeats,
            "best_pairs_not_met": _missed(problem, score, met),
            "minutes": problem.turns * constant(PLANNER, "turn_minutes"),
        },
        objective=reached,
        bound=max(bound, reached),
        unit="score",
        minimised=False,
        unserved=_lonely(problem, score, met),
        assumptions=(
            Message(
                N_("Each turn lasts {minutes} minutes ({source})."),
                {
                    "minutes": constant(PLANNER, "turn_minutes"),
                    "source": sourced(PLANNER)["turn_minutes"].source,
                },
            ),
            Message(N_("Two people who share a table once have met; tables are as even as can be.")),
            Message(
                N_("Random: the mean of {draws} seatings drawn without the rules."),
                {"draws": int(constant(PLANNER, "random_draws"))},
            ),
        ),
        warnings=_warnings(problem, score, cut),
    )


def _share(part: float, total: float) -> float | None:
    return round(part / total, 4) if total > 0 else None


def _turn(problem: WorkshopProblem, table_of: Integers, turn: int) -> dict[str, object]:
    hosts = dict(enumerate(problem.hosts))
    tables = []
    for table in range(problem.tables):
        host = hosts.get(table)
        seated = [problem.people[i] for i in np.flatnonzero(table_of == table)]
        tables.append(
            {"table": table + 1, "host": None if host is None else problem.people[host], "people": seated}
        )
    return {"turn": turn + 1, "tables": tables}


def _person(problem: WorkshopProblem, seating: Integers, i: int) -> dict[str, object]:
    talks = []
    seen: set[int] = set()
    for turn in range(problem.turns):
        for j in np.flatnonzero((seating[turn] == seating[turn, i]) & (problem.worth[i] > 0)).tolist():
            if j not in seen:
                seen.add(j)
                told = {"with": problem.people[j], "turn": turn + 1, "score": float(problem.worth[i, j])}
                talks.append((-float(problem.worth[i, j]), turn, told))
    talks.sort(key=lambda talk: talk[:2])
    return {
        "name": problem.people[i],
        "company": problem.companies[i],
        "tables": [int(table) + 1 for table in seating[:, i]],
        "talks": [told for _, _, told in talks[:NAMED_TALKS]],
        "wanted": int((problem.worth[i] > 0).sum()),
        "met": len(seen),
    }


def _missed(problem: WorkshopProblem, score: Floats, met: Integers) -> list[dict[str, object]]:
    first, second = np.nonzero(np.triu((score > 0) & (met == 0), 1))
    order = np.lexsort((second, first, -score[first, second]))[:NAMED_MISSES]
    return [
        {
            "people": [problem.people[first[k]], problem.people[second[k]]],
            "score": float(score[first[k], second[k]]),
        }
        for k in order
    ]


def _lonely(problem: WorkshopProblem, score: Floats, met: Integers) -> tuple[Unserved, ...]:
    wants, meets = score > 0, (score > 0) & (met > 0)
    found = []
    for i, name in enumerate(problem.people):
        if not wants[i].any():
            found.append(Unserved(name, Message(N_("Nobody at the workshop has a match with this person."))))
        elif not meets[i].any():
            found.append(Unserved(name, Message(N_("No turn was left to seat this person with a match."))))
    return tuple(found)


def _warnings(problem: WorkshopProblem, score: NDArray[np.float64], cut: bool) -> tuple[Warning_, ...]:
    found = []
    if cut:
        found.append(
            Warning_(
                "time_out", Message(N_("Time ran out before the search ended: allow more for a better one."))
            )
        )
    if problem.tables == 1:
        found.append(Warning_("one_table", Message(N_("One table: everyone meets everyone at each turn."))))
    if not (score > 0).any():
        found.append(
            Warning_("no_match", Message(N_("No two people have a match: the seating only mixes them.")))
        )
    return tuple(found)
