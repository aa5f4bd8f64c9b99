"""Build groups: for a resource and a form, who together, the best alternatives, what a newcomer changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from matching.messages import Message
from matching.planning.groups_model import (
    PLANNER,
    Candidate,
    Group,
    GroupParams,
    GroupProblem,
    Obstacle,
    assess,
)
from matching.planning.groups_search import Found, Search, value
from matching.planning.groups_words import (
    apart_words,
    assumptions,
    changes_of,
    left_out,
    shown,
    unit_of,
    warnings,
    why_none,
)
from matching.planning.plan import InfeasiblePlanError, Plan

__all__ = [
    "Candidate",
    "Group",
    "GroupParams",
    "GroupProblem",
    "Growth",
    "Obstacle",
    "assess",
    "best_groups",
    "grown_by",
    "plan",
    "plan_all",
]


# Share of the time limit left to the search, the rest being for words.
WITHIN = 0.9


@dataclass(frozen=True, slots=True)
class Growth:
    """What changes when a newcomer joins: the group before and after, whether it fits, and in words."""

    before: Group
    after: Group
    fits: bool
    changes: tuple[Message, ...]


def best_groups(
    problem: GroupProblem, params: GroupParams | None = None, seed: int = 0, time_limit_s: float = 10.0
) -> tuple[Found, ...]:
    """Return the best group and a few alternatives, best first, each with the bound of its own search."""
    chosen = params or GroupParams()
    search = Search(problem, chosen, seed, monotonic() + WITHIN * time_limit_s)
    kept: list[Found] = []
    while len(kept) < chosen.alternatives:
        found = search.best([entry.group for entry in kept])
        if found is None:
            break
        kept.append(found)
    return tuple(kept)


def plan(
    problem: GroupProblem, params: GroupParams | None = None, seed: int = 0, time_limit_s: float = 10.0
) -> Plan:
    """Return the groups to propose for one resource and form, best first.

    Raises
    ------
    InfeasiblePlanError
        If no two sites suit each other: the message says what keeps them apart.
    """
    chosen = params or GroupParams()
    found = best_groups(problem, chosen, seed, time_limit_s)
    if not found:
        raise InfeasiblePlanError(why_none(problem))
    return _plan(problem, found, chosen)


def _plan(problem: GroupProblem, found: Sequence[Found], chosen: GroupParams) -> Plan:
    best = found[0]
    return Plan(
        planner=PLANNER,
        problem={
            "form": problem.form,
            "key": problem.key,
            "resource": problem.resource,
            "candidates": len(problem.candidates),
            "unit": problem.unit,
            "minimum_volume": problem.minimum_volume,
        },
        plan={"groups": [shown(problem, entry.group, chosen, rank) for rank, entry in enumerate(found, 1)]},
        objective=round(value(problem, best.group), 2),
        bound=None if best.bound is None else round(best.bound, 2),
        unit=unit_of(problem, best.group),
        minimised=False,
        unserved=left_out(problem, best.group, chosen),
        assumptions=assumptions(problem, best.group, chosen),
        warnings=warnings(best.group),
    )


def plan_all(
    problems: Sequence[GroupProblem],
    params: GroupParams | None = None,
    seed: int = 0,
    time_limit_s: float = 30.0,
    top: int = 20,
) -> tuple[Plan, ...]:
    """Return a plan for each problem that has one, at most ``top``: viable first, then by EUR and members.

    A plan whose first group stands within another's of the same form is left out.
    """
    deadline = monotonic() + time_limit_s
    chosen = params or GroupParams()
    plans: list[tuple[GroupProblem, Group, Plan]] = []
    for number, problem in enumerate(problems):
        share_s = max(0.2, (deadline - monotonic()) / (len(problems) - number))
        found = best_groups(problem, chosen, seed, share_s)
        if found:
            plans.append((problem, found[0].group, _plan(problem, found, chosen)))
    plans.sort(
        key=lambda e: (not e[1].viable, -(e[1].total_eur or 0), -len(e[1].members), e[0].key, e[0].form)
    )
    kept: list[Plan] = []
    seen: list[tuple[str, frozenset[tuple[str, str]]]] = []
    for problem, group, found_plan in plans:
        names = frozenset((problem.candidates[i].site, problem.candidates[i].label) for i in group.members)
        if not any(form == problem.form and names <= other for form, other in seen):
            seen.append((problem.form, names))
            kept.append(found_plan)
    return tuple(kept[:top])


def grown_by(
    problem: GroupProblem, members: Sequence[int], newcomer: int, params: GroupParams | None = None
) -> Growth:
    """Return what one newcomer changes for a group, both as indexes of the problem's candidates."""
    chosen = params or GroupParams()
    before = assess(problem, members, chosen)
    after = assess(problem, [*members, newcomer], chosen)
    apart = [i for i in before.members if problem.obstacle[i, newcomer]]
    changes = [apart_words(problem, newcomer, i) for i in apart]
    changes += changes_of(problem, before, after)
    return Growth(before, after, not apart and not after.losers, tuple(changes))
