"""Part-time and seasonal needs of one class of job, and the contracts they may make together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.errors import InvalidParametersError
from matching.messages import N_, LocalName, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError
from matching.planning.weekdays import EVERY_DAY, WORKING_DAYS

Floats = NDArray[np.float64]
PLANNER = "jobs"


@dataclass(frozen=True, slots=True)
class Need:
    """Hours of work a member needs in each month of the year, January first.

    ``weekdays`` are the ISO days on which they may be worked; ``today_eur_per_h`` is what an hour costs the
    member today, None where it does not say; ``assumed`` tells that the hours are our guess.
    """

    member: str
    label: str
    hours: tuple[float, ...]
    weekdays: frozenset[int] = WORKING_DAYS
    at_night: bool = False
    today_eur_per_h: float | None = None
    assumed: bool = False

    def __post_init__(self) -> None:
        if len(self.hours) != 12 or not all(np.isfinite(self.hours)) or min(self.hours) < 0:
            raise InvalidParametersError(
                Message(N_("“{label}” needs twelve months of hours, zero or more."), {"label": self.label})
            )
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise InvalidParametersError(
                Message(N_("“{label}” needs weekdays from 1 (Monday) to 7."), {"label": self.label})
            )

    @property
    def hours_per_year(self) -> float:
        """All hours of the year."""
        return float(sum(self.hours))

    @property
    def fills_a_post(self) -> bool:
        """Whether the need takes one person's whole year, so that nobody is left to share."""
        return self.hours_per_year >= constant(PLANNER, "year_hours") - 0.5


@dataclass(frozen=True, eq=False)
class JobsProblem:
    """Needs of one class of job; ``distance_km`` by road between their sites, shape (n, n)."""

    needs: tuple[Need, ...]
    distance_km: Floats
    job: str | LocalName = ""

    def __post_init__(self) -> None:
        n = len(self.needs)
        if self.distance_km.shape != (n, n) or not (self.distance_km >= 0).all():
            raise InvalidParametersError(
                Message(N_("Distances are given between each two of the {count} needs."), {"count": n})
            )
        most = int(constant(PLANNER, "most_needs"))
        if n > most:
            raise OversizedPlanError(
                Message(
                    N_("{count} needs of one job are more than {most}: plan a smaller area."),
                    {"count": n, "most": most},
                )
            )


def _default(key: str) -> float:
    return constant(PLANNER, key)


@dataclass(frozen=True, slots=True)
class JobsParams:
    """Limits of a contract and of the search.

    Attributes
    ----------
    travel_km
        The furthest two employers of one person may be apart by road, 10 to 40 km.
    employers_most
        Needs of employers that share one person at most.
    least_hours
        Hours of a contract of twelve months, at least; fewer for fewer months, six at least.
    shared_hour_eur
        What an hour of a contract costs its members, EUR, wages, charges and management.
    least_share
        Hours of a need that a contract serves at least, as a share of the need.
    work_limit
        Budget of the exact search in CP-SAT's deterministic time, None for the time limit alone.
    """

    travel_km: float = field(default_factory=lambda: _default("travel_km"))
    employers_most: int = field(default_factory=lambda: int(_default("employers_most")))
    least_hours: float = field(default_factory=lambda: _default("least_hours"))
    shared_hour_eur: float = field(default_factory=lambda: _default("shared_hour_eur"))
    least_share: float = field(default_factory=lambda: _default("least_share"))
    work_limit: float | None = None

    def __post_init__(self) -> None:
        least, most = _default("travel_km_least"), _default("travel_km")
        if not least <= self.travel_km <= most:
            raise InvalidParametersError(
                Message(
                    N_("Employers of one person are at most {least} to {most} km apart."),
                    {"least": least, "most": most},
                )
            )
        shares_fit = 0 < self.least_hours <= _default("year_hours") and 0 <= self.least_share <= 1
        if self.employers_most < 1 or not shares_fit or not self.shared_hour_eur > 0:
            raise InvalidParametersError(
                Message(N_("A contract has an employer, hours up to the full year, and a price."))
            )


@lru_cache(maxsize=64)
def seasons(problem: JobsProblem) -> tuple[tuple[int, ...], ...]:
    """Return the months 1 to 12 in groups in which every need is the same: one weekly calendar each."""
    found: dict[tuple[float, ...], list[int]] = {}
    for month in range(12):
        found.setdefault(tuple(round(need.hours[month], 6) for need in problem.needs), []).append(month + 1)
    return tuple(tuple(months) for wanted, months in found.items() if any(wanted))


def by_person(problem: JobsProblem) -> tuple[JobsProblem, tuple[int, ...]]:
    """Return the problem with each need of several people as whole posts and a rest, and whose each is.

    A need is one person's while it fits in a month and in a year of the law; a whole post is as much of
    both as its months allow.
    """
    month, year = constant(PLANNER, "month_hours"), constant(PLANNER, "year_hours")
    pieces, owners = [], []
    for i, need in enumerate(problem.needs):
        rest = np.array(need.hours)
        while rest.max() > month + 0.01 or rest.sum() > year + 0.5:
            post = np.minimum(rest, min(month, year / np.count_nonzero(rest)))
            pieces.append(replace(need, hours=tuple(post.tolist())))
            owners.append(i)
            rest = rest - post
        if rest.sum() > 0:
            pieces.append(replace(need, hours=tuple(rest.tolist())))
            owners.append(i)
    return JobsProblem(tuple(pieces), problem.distance_km[np.ix_(owners, owners)], problem.job), tuple(owners)
