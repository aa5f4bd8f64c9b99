"""The best group, exactly: the heaviest set in which each two suit each other and nobody loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from ortools.sat.python import cp_model

from matching.planning.exact import solve
from matching.planning.groups_model import Floats, Group, GroupParams, GroupProblem, assess, gains

CENTS = 100
VOLUME_STEPS = 1_000_000
QUANTITY_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """A group and the largest value any group could have; None where time ran out too early to tell."""

    group: Group
    bound: float | None


@dataclass(frozen=True, slots=True)
class _Answer:
    members: tuple[int, ...]
    weight: int
    bound: float


class Search:
    """The groups of one problem, best first, each sharing little enough with the better ones."""

    def __init__(self, problem: GroupProblem, params: GroupParams, seed: int, deadline: float) -> None:
        self.problem, self.params, self.seed, self.deadline = problem, params, seed, deadline
        self.gains = gains(problem, params)

    def best(self, better: Sequence[Group] = ()) -> Found | None:
        """Return the best group that shares little with ``better``; a viable one where there is any."""
        for viable in (True, False):
            found = self._best(better, viable)
            if found is not None:
                return found
            if self.problem.minimum_volume is None:
                return None
        return None

    def _best(self, better: Sequence[Group], viable: bool) -> Found | None:
        best: _Answer | None = None
        bound = 0.0
        for hub, eligible, weights in self._hubs():
            ceiling = sum(weights[i] for i in eligible)
            if best is not None and ceiling <= best.weight:
                continue
            if best is not None and monotonic() > self.deadline:
                bound = max(bound, ceiling)
                continue
            answer = self._heaviest(eligible, weights, hub, better, viable)
            if answer is None:
                continue
            bound = max(bound, answer.bound)
            if answer.members and (best is None or answer.weight > best.weight):
                best = answer
        if best is None or not best.members:
            return None
        group = assess(self.problem, best.members, self.params)
        return Found(group, self._in_unit(max(bound, best.weight), group))

    def _in_unit(self, weight: float, group: Group) -> float:
        """Return a bound on the weights as a bound on the value."""
        reached = value(self.problem, group)
        if weight <= sum(self._weights(group.hub)[i] for i in group.members):
            return reached
        if self.problem.priced:
            return max(reached, (weight + len(self.problem.candidates)) / CENTS)
        total = self.problem.volume(range(len(self.problem.candidates)))
        return max(reached, weight if total is None else weight * total / VOLUME_STEPS)

    def _hubs(self) -> list[tuple[int | None, list[int], list[int]]]:
        """Return (hub, those it may gather, weights), the most promising first; one hub when road is free."""
        size = len(self.problem.candidates)
        if not self.problem.priced:
            return [(None, list(range(size)), self._weights(0))]
        found: list[tuple[int | None, list[int], list[int]]] = []
        for hub in range(size):
            weights = self._weights(hub)
            near = self.problem.obstacle[hub] == 0
            eligible = [i for i in range(size) if (near[i] or i == hub) and weights[i] > 0]
            if hub in eligible:
                found.append((hub, eligible, weights))
        return sorted(found, key=lambda entry: (-sum(entry[2][i] for i in entry[1]), entry[0]))

    def _weights(self, hub: int) -> list[int]:
        """Return whole weights: cents gained round this hub, else volume, else one a member; 0 for losers."""
        if self.problem.priced:
            return _cents(self.gains[:, hub])
        total = self.problem.volume(range(len(self.problem.candidates)))
        if not total:
            return [1] * len(self.problem.candidates)
        return [
            max(1, round(VOLUME_STEPS * (candidate.quantity or 0) / total))
            for candidate in self.problem.candidates
        ]

    def _heaviest(
        self,
        eligible: Sequence[int],
        weights: Sequence[int],
        hub: int | None,
        better: Sequence[Group],
        viable: bool,
    ) -> _Answer | None:
        problem = self.problem
        if len(problem.sites(eligible)) < problem.minimum_sites:
            return None
        if viable and not problem.viable(eligible):
            return None
        everyone = problem.obstacle[np.ix_(eligible, eligible)]
        if not everyone.any() and not better:
            whole = sum(weights[i] for i in eligible)
            return _Answer(tuple(eligible), whole, whole)
        model, chosen = self._model(eligible, hub, better, viable)
        model.maximize(sum(weights[i] * chosen[i] for i in eligible))
        left_s = max(0.05, self.deadline - monotonic())
        solver, status = solve(model, self.seed, left_s, self.params.work_limit)
        if status == "infeasible":
            return None
        if status == "unknown":
            return _Answer((), 0, float(sum(weights[i] for i in eligible)))
        members = tuple(i for i in eligible if solver.value(chosen[i]))
        return _Answer(members, sum(weights[i] for i in members), solver.best_objective_bound)

    def _model(
        self, eligible: Sequence[int], hub: int | None, better: Sequence[Group], viable: bool
    ) -> tuple[cp_model.CpModel, dict[int, cp_model.IntVar]]:
        problem, model = self.problem, cp_model.CpModel()
        chosen = {i: model.new_bool_var(f"x{i}") for i in eligible}
        for place, i in enumerate(eligible):
            for j in eligible[place + 1 :]:
                if problem.obstacle[i, j]:
                    model.add_bool_or(chosen[i].negated(), chosen[j].negated())
        if hub is not None:
            model.add(chosen[hub] == 1)
        present = []
        for site in sorted(problem.sites(eligible)):
            flag = model.new_bool_var(site)
            model.add_bool_or(
                [chosen[i] for i in eligible if problem.candidates[i].site == site]
            ).only_enforce_if(flag)
            present.append(flag)
        model.add(sum(present) >= problem.minimum_sites)
        if viable and problem.minimum_volume:
            steps = QUANTITY_STEPS / problem.minimum_volume
            # Rounded down each, so that what the model calls viable is.
            model.add(
                sum(int((problem.candidates[i].quantity or 0) * steps + 1e-6) * chosen[i] for i in eligible)
                >= QUANTITY_STEPS
            )
        for group in better:
            model.add(
                sum(chosen[i] for i in group.members if i in chosen)
                <= int(self.params.most_shared * len(group.members))
            )
        return model, chosen


def _cents(gain: Floats) -> list[int]:
    """Return gains in cents, 1 where unknown (a member more is welcome), 0 for who would lose."""
    return [1 if np.isnan(g) else max(0, int(np.floor(CENTS * g))) for g in gain]


def value(problem: GroupProblem, group: Group) -> float:
    """Return what a group is ranked by: EUR gained a year, else volume a year, else members."""
    if problem.priced:
        return group.total_eur or 0.0
    return group.volume if group.volume is not None else float(len(group.members))
