"""The most hours that one person can work for a few needs, month by month, and on which half-days.

The half-days a fortnight that needs can have form a polymatroid: any of the needs have together at most 20
(35 h a week), and at most four for each weekday that one of them allows. On it, giving half-days one by one
to the need that gains most is optimal for concave gains (Federgruen and Groenevelt, 1986); here each need
gains the hours of a half-day until its own are covered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.planning.constants import constant
from matching.planning.jobs_model import PLANNER, JobsProblem, seasons

HALF_DAYS_A_DAY = 4  # mornings and afternoons of two weeks
FORTNIGHTS_A_MONTH = 26 / 12
EPSILON = 1e-6
Days = frozenset[int]
Slot = tuple[int, int, int]  # week 1 or 2, ISO weekday, 1 morning or 2 afternoon


@dataclass(frozen=True, slots=True)
class Season:
    """Months with one weekly calendar: hours a month and half-days a fortnight of each need, and the days."""

    months: tuple[int, ...]
    hours: tuple[float, ...]
    half_days: tuple[int, ...]
    days: Days


@dataclass(frozen=True, slots=True)
class Contract:
    """One person's year: positions of the needs served, and its seasons with hours in that order."""

    needs: tuple[int, ...]
    seasons: tuple[Season, ...]

    @property
    def hours(self) -> tuple[float, ...]:
        """Hours a year of each need."""
        each = zip(*([len(s.months) * h for h in s.hours] for s in self.seasons), strict=True)
        return tuple(sum(hours) for hours in each)

    @property
    def months(self) -> tuple[int, ...]:
        """Months with work, 1 to 12."""
        return tuple(sorted(month for s in self.seasons if sum(s.hours) > EPSILON for month in s.months))

    @property
    def hours_per_year(self) -> float:
        """All hours of the year."""
        return sum(self.hours)


def best_contract(problem: JobsProblem, needs: Sequence[int]) -> Contract:
    """Return the contract that covers the most hours of ``needs`` within the week, the month and the year.

    Where the year's 1607 hours are fewer, each need has as much less: that is when the person is on leave.
    """
    allowed = tuple(problem.needs[i].weekdays for i in needs)
    found = []
    for months in seasons(problem):
        wanted = tuple(problem.needs[i].hours[months[0] - 1] for i in needs)
        hours, half_days, days = _month(wanted, allowed)
        found.append(Season(months, hours, half_days, days))
    total = sum(len(season.months) * sum(season.hours) for season in found)
    share = min(1.0, constant(PLANNER, "year_hours") / total) if total > 0 else 1.0
    trimmed = (
        Season(s.months, tuple(share * hours for hours in s.hours), s.half_days, s.days) for s in found
    )
    return Contract(tuple(needs), tuple(trimmed))


def half_day_hours_a_month() -> float:
    """Return the hours a month of one half-day a fortnight."""
    return constant(PLANNER, "half_day_hours") * FORTNIGHTS_A_MONTH


@lru_cache(maxsize=200_000)
def _month(
    wanted: tuple[float, ...], allowed: tuple[Days, ...]
) -> tuple[tuple[float, ...], tuple[int, ...], Days]:
    """Return the hours and half-days a fortnight of each need, and the weekdays, in a month at its best."""
    days = frozenset[int]().union(*(a for a, hours in zip(allowed, wanted, strict=True) if hours > 0))
    most = int(constant(PLANNER, "days_a_week_most"))
    choices = [days] if len(days) <= most else [frozenset(kept) for kept in combinations(sorted(days), most)]
    best: tuple[tuple[float, ...], tuple[int, ...], Days] | None = None
    for kept in choices:
        hours, half_days = _greedy(wanted, [a & kept for a in allowed])
        if best is None or sum(hours) > sum(best[0]) + EPSILON:
            best = (hours, half_days, kept)
    assert best is not None  # noqa: S101 (at least one choice)
    return best


def _greedy(wanted: Sequence[float], allowed: Sequence[Days]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    unit = half_day_hours_a_month()
    given = [0] * len(wanted)
    blocked = [hours <= EPSILON for hours in wanted]
    limits = _limits(tuple(allowed))
    while not all(blocked):
        # Of equal gains, the need that has the least of its own so far.
        i = min(
            (i for i in range(len(wanted)) if not blocked[i]),
            key=lambda i: (-min(unit, wanted[i] - unit * given[i]), unit * given[i] / wanted[i], i),
        )
        given[i] += 1
        if any(sum(given[j] for j in group) > most for group, most in limits[i]):
            given[i] -= 1
            blocked[i] = True
        elif wanted[i] <= unit * given[i] + EPSILON:
            blocked[i] = True
    return tuple(min(w, unit * g) for w, g in zip(wanted, given, strict=True)), tuple(given)


@lru_cache(maxsize=20_000)
def _limits(allowed: tuple[Days, ...]) -> tuple[tuple[tuple[tuple[int, ...], int], ...], ...]:
    """Return, for each need, the sets it is in and how many half-days a fortnight each set can have."""
    week = round(2 * constant(PLANNER, "week_hours") / constant(PLANNER, "half_day_hours"))
    places = range(len(allowed))
    sets = [
        (group, min(week, HALF_DAYS_A_DAY * len(frozenset[int]().union(*(allowed[i] for i in group)))))
        for size in range(1, len(allowed) + 1)
        for group in combinations(places, size)
    ]
    return tuple(tuple(limit for limit in sets if i in limit[0]) for i in places)


def calendar(season: Season, allowed: Sequence[Days]) -> dict[Slot, int]:
    """Return which need (by its place in the contract) has each half-day of a fortnight.

    Half-days of one need stand together, both weeks alike as far as they can be.
    """
    slots = [(week, day, half) for day in sorted(season.days) for half in (1, 2) for week in (1, 2)]
    units = [place for place, number in enumerate(season.half_days) for _ in range(number)]
    cost = np.array(
        [
            [(k - s) ** 2 if slot[1] in allowed[place] else 1e6 for s, slot in enumerate(slots)]
            for k, place in enumerate(units)
        ]
    ).reshape(len(units), len(slots))
    rows, columns = linear_sum_assignment(cost)
    return {slots[s]: units[k] for k, s in zip(rows.tolist(), columns.tolist(), strict=True)}
