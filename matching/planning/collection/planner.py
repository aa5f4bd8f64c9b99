"""Joint collection: the period, day and rounds that cost a group least, and what each member pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from matching.messages import N_, Message
from matching.planning.collection.answer import answer
from matching.planning.collection.exact import EXACT_STOPS, SubsetCosts
from matching.planning.collection.many import by_search
from matching.planning.collection.problem import CollectionParams, CollectionProblem
from matching.planning.collection.search import Choice, available, by_subsets, yearly_eur
from matching.planning.collection.trips import Alone, alone
from matching.planning.plan import InfeasiblePlanError, Plan

# A first look at each period, then a full search of the best ones.
FIRST_LOOK, LOOKED_AT_AGAIN = 5, 3
# Rounding of sums of costs.
SAME_EUR = 1e-6


def plan(
    problem: CollectionProblem,
    params: CollectionParams | None = None,
    seed: int = 0,
    time_limit_s: float = 10.0,
) -> Plan:
    """Return the rounds that make the year cheapest for the group, members who gain nothing left out.

    Minimises rounds a year x cost of the rounds + what those left out pay alone. Proven for up to ten stops
    where opening hours don't bind; else the bound of ``stop_bounds``. The same seed and number of iterations
    give the same plan unless the time limit cuts the search short.

    Raises
    ------
    InfeasiblePlanError
        If no period and day suits even two members.
    """
    chosen = params or CollectionParams()
    values = [alone(problem, i, chosen) for i in range(len(problem.stops))]
    slots = _slots(problem, values, chosen)
    deadline = monotonic() + time_limit_s
    if len(problem.stops) <= EXACT_STOPS:
        costs = SubsetCosts(problem, range(len(problem.stops)))
        choices = [by_subsets(problem, costs, values, weeks, day, chosen) for weeks, day in slots]
        choices = _searched_where_needed(problem, values, choices, chosen, seed, deadline)
    else:
        choices = _searched(problem, values, slots, chosen, seed, deadline)
    nobody = Choice(chosen.max_weeks, 0, (), yearly_eur(problem, values, (), chosen.max_weeks), 0.0, False)
    best = min([*choices, nobody], key=_rank)
    bound = min([*(choice.bound_eur for choice in choices), nobody.yearly_eur])
    if bound > best.yearly_eur - SAME_EUR:
        bound = best.yearly_eur
    return answer(problem, values, best, choices, bound, chosen)


def _rank(choice: Choice) -> tuple[float, int, int]:
    """Cheapest first, then the longest period: fewer rounds for the same cost."""
    return round(choice.yearly_eur, 6), -choice.weeks, choice.day


def _slots(
    problem: CollectionProblem, values: Sequence[Alone], params: CollectionParams
) -> list[tuple[int, int]]:
    """Return the periods and days that suit two stops or more, days that serve the same stops once."""
    found: dict[tuple[int, tuple[int, ...]], int] = {}
    for weeks in params.periods(problem):
        for day in range(7):
            served = tuple(available(problem, values, weeks, day))
            if len(served) > 1:
                found.setdefault((weeks, served), day)
    slots = [
        (weeks, day)
        for (weeks, served), day in found.items()
        if not any(weeks == w and set(served) < set(more) for w, more in found)
    ]
    if not slots:
        raise InfeasiblePlanError(_why_none(problem, params))
    return slots


def _why_none(problem: CollectionProblem, params: CollectionParams) -> Message:
    room = max(vehicle.capacity for vehicle in problem.vehicles)
    weeks = params.periods(problem)[0]
    shortest = {"weeks": weeks}
    fitting = [stop for stop in problem.stops if stop.peak_weekly * weeks <= room]
    if len(problem.stops) < 2:
        return Message(N_("Only one member has goods to collect: widen the distance or the resource."))
    if len(fitting) < 2:
        return Message(
            N_("Within {weeks} weeks nearly every member fills a vehicle alone: shorten the period or add a "
               "larger vehicle."), shortest,
        )  # fmt: skip
    kept = [stop for stop in fitting if weeks <= stop.longest_weeks]
    if len(kept) < 2:
        return Message(
            N_("Fewer than two members can keep {weeks} weeks of goods: shorten the period or find storage."),
            shortest,
        )
    if not any(sum(day in stop.weekdays for stop in kept) > 1 for day in range(7)):
        return Message(N_("No day of the week suits two members: ask them for another day."))
    return Message(N_("Fewer than two members pay for their collection today: there is nothing to save."))


def _searched_where_needed(
    problem: CollectionProblem,
    values: Sequence[Alone],
    choices: Sequence[Choice],
    params: CollectionParams,
    seed: int,
    deadline: float,
) -> list[Choice]:
    """Search the periods whose proven rounds the opening hours forbid, if they could still be the best."""
    found: list[Choice] = []
    best = min((choice.yearly_eur for choice in choices), default=float("inf"))
    for choice in sorted(choices, key=lambda c: (c.bound_eur, c.weeks, c.day)):
        made = choice
        if not choice.proven and choice.bound_eur < best - SAME_EUR:
            searched = by_search(
                problem, values, choice.weeks, choice.day, params, seed, params.iterations,
                deadline - monotonic(),
            )  # fmt: skip
            made = min(choice, searched, key=_rank)
            made = replace(made, bound_eur=choice.bound_eur)
        best = min(best, made.yearly_eur)
        found.append(made)
    return sorted(found, key=lambda c: (c.weeks, c.day))


def _searched(
    problem: CollectionProblem,
    values: Sequence[Alone],
    slots: Sequence[tuple[int, int]],
    params: CollectionParams,
    seed: int,
    deadline: float,
) -> list[Choice]:
    """Look at every period, then longer at the best ones; each look may use its part of the time left."""
    found: dict[tuple[int, int], Choice] = {}
    rounds_to_go = len(slots) + LOOKED_AT_AGAIN * FIRST_LOOK
    for weeks, day in slots:
        seconds = (deadline - monotonic()) / rounds_to_go
        look = max(1, params.iterations // FIRST_LOOK)
        found[weeks, day] = by_search(problem, values, weeks, day, params, seed, look, seconds)
        rounds_to_go -= 1
    best = sorted(found, key=lambda slot: _rank(found[slot]))[:LOOKED_AT_AGAIN]
    for number, slot in enumerate(best):
        seconds = (deadline - monotonic()) / (len(best) - number)
        again = by_search(problem, values, *slot, params, seed, params.iterations, seconds)
        found[slot] = min(found[slot], again, key=_rank)
    return list(found.values())
