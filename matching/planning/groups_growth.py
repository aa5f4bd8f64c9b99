"""What groups become when a newcomer joins: before, after, whether it fits, and in words."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

import numpy as np

from matching.messages import N_, Message
from matching.planning.groups import Growth, best_groups, grown_by
from matching.planning.groups import plan as plan_groups
from matching.planning.groups_model import PLANNER, Group, GroupParams, GroupProblem
from matching.planning.groups_words import assumptions, shown, unit_of, warnings
from matching.planning.plan import InfeasiblePlanError, Plan, Unserved

# Of the time, the share for groups as they are; the rest for groups that the newcomer makes possible.
WITHOUT = 0.5


@dataclass(frozen=True, slots=True)
class _Case:
    """One flow of a newcomer beside one group."""

    newcomer: int
    growth: Growth

    @property
    def gain_eur(self) -> float:
        """What the members gain more together, 0 where unknown."""
        return (self.growth.after.total_eur or 0.0) - (self.growth.before.total_eur or 0.0)

    @property
    def suits(self) -> bool:
        """Whether nobody loses and the members together do not gain less than before."""
        return self.growth.fits and self.gain_eur >= 0


def plan(
    problem: GroupProblem,
    newcomers: Set[str],
    params: GroupParams | None = None,
    seed: int = 0,
    time_limit_s: float = 10.0,
) -> Plan:
    """Return what each flow of the newcomers changes for the groups there would be without them.

    Raises
    ------
    InfeasiblePlanError
        If no group exists, with the newcomers or without.
    """
    chosen = params or GroupParams()
    own = [i for i, candidate in enumerate(problem.candidates) if candidate.site in newcomers]
    share_s = WITHOUT * time_limit_s / max(1, len(own))
    cases = [case for i in own for case in _beside(problem, newcomers, i, chosen, seed, share_s)]
    if not cases:
        return _made_possible(problem, newcomers, chosen, seed, (1 - WITHOUT) * time_limit_s)
    cases.sort(key=lambda case: (not case.suits, -case.gain_eur, case.newcomer))
    return _answer(problem, newcomers, cases, chosen)


def _beside(
    problem: GroupProblem, newcomers: Set[str], i: int, params: GroupParams, seed: int, time_limit_s: float
) -> list[_Case]:
    """Return flow ``i`` of a newcomer beside the best groups of those it suits, who can do without it."""
    near = [
        j
        for j, candidate in enumerate(problem.candidates)
        if candidate.site not in newcomers and not problem.obstacle[i, j]
    ]
    found = best_groups(_part(problem, near), params, seed, time_limit_s) if near else ()
    groups = [[near[j] for j in entry.group.members] for entry in found]
    return [_Case(i, grown_by(problem, members, i, params)) for members in groups]


def _part(problem: GroupProblem, rows: list[int]) -> GroupProblem:
    square = np.ix_(rows, rows)
    return replace(
        problem,
        candidates=tuple(problem.candidates[i] for i in rows),
        distance_km=problem.distance_km[square],
        obstacle=problem.obstacle[square],
    )


def _asked(problem: GroupProblem, newcomers: Set[str]) -> dict[str, object]:
    return {
        "form": problem.form,
        "key": problem.key,
        "resource": problem.resource,
        "candidates": len(problem.candidates),
        "unit": problem.unit,
        "minimum_volume": problem.minimum_volume,
        "newcomers": sorted(newcomers),
    }


def _answer(problem: GroupProblem, newcomers: Set[str], cases: list[_Case], params: GroupParams) -> Plan:
    best = cases[0].growth
    unfit = {case.newcomer for case in cases} - {case.newcomer for case in cases if case.suits}
    return Plan(
        planner=PLANNER,
        problem=_asked(problem, newcomers),
        plan={"growths": [_shown(problem, case, params) for case in cases], "groups": []},
        objective=round(_worth(problem, best.after) - _worth(problem, best.before), 2)
        if cases[0].suits
        else 0.0,
        bound=None,
        unit=unit_of(problem, best.after),
        minimised=False,
        unserved=tuple(
            Unserved(
                f"{problem.candidates[i].site} – {problem.candidates[i].label}",
                Message(N_("The group would save less with it: the road costs more than it brings.")),
            )
            for i in sorted(unfit)
        ),
        assumptions=assumptions(problem, best.after, params),
        warnings=warnings(best.after),
    )


def _worth(problem: GroupProblem, group: Group) -> float:
    if problem.priced:
        return group.total_eur or 0.0
    return len(group.members) if group.volume is None else group.volume


def _shown(problem: GroupProblem, case: _Case, params: GroupParams) -> dict[str, object]:
    """Return one growth as plain data for people to act on."""
    growth, joining = case.growth, problem.candidates[case.newcomer]
    own = growth.after.gain_eur[growth.after.members.index(case.newcomer)]
    return {
        "site": joining.site,
        "label": joining.label,
        "fits": case.suits,
        "gain_eur_per_year": None if own is None else round(case.gain_eur),
        "changes": list(growth.changes),
        "before": shown(problem, growth.before, params, 1),
        "after": shown(problem, growth.after, params, 1),
    }


def _made_possible(
    problem: GroupProblem, newcomers: Set[str], params: GroupParams, seed: int, time_limit_s: float
) -> Plan:
    """Return the groups that exist only with the newcomers."""
    found = plan_groups(problem, params, seed, time_limit_s)
    groups = found.plan["groups"]
    kept = [
        group
        for group in (groups if isinstance(groups, list) else [])
        if any(member["site"] in newcomers for member in group["members"])
    ]
    if not kept:
        text = N_("The newcomer suits no group of “{resource}”.")
        raise InfeasiblePlanError(Message(text, {"resource": problem.resource}))
    return replace(
        found,
        problem=_asked(problem, newcomers),
        plan={"growths": [], "groups": kept},
        assumptions=(
            *found.assumptions,
            Message(N_("Without the newcomer there is no group: it makes this one possible.")),
        ),
    )
