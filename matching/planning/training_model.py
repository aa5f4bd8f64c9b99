"""Requests for one course, and what each would cost without the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil

import numpy as np
from numpy.typing import NDArray

from matching.errors import InvalidParametersError
from matching.messages import N_, LocalName, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError

Floats = NDArray[np.float64]
PLANNER = "training"


@dataclass(frozen=True, slots=True)
class Request:
    """Trainees of a member, the day by which they must be trained, and what one costs it today in EUR."""

    member: str
    label: str
    trainees: int
    due: date | None = None
    today_eur_per_head: float | None = None
    assumed: bool = False

    def __post_init__(self) -> None:
        if self.trainees < 1:
            raise InvalidParametersError(
                Message(N_("“{label}” needs one trainee at least."), {"label": self.label})
            )


@dataclass(frozen=True, eq=False)
class TrainingProblem:
    """Requests for one course from the day ``start``; ``distance_km`` by road between sites, shape (n, n)."""

    requests: tuple[Request, ...]
    distance_km: Floats
    start: date
    course: str | LocalName = ""

    def __post_init__(self) -> None:
        n = len(self.requests)
        if self.distance_km.shape != (n, n) or not (self.distance_km >= 0).all():
            raise InvalidParametersError(
                Message(N_("Distances are given between each two of the {count} requests."), {"count": n})
            )
        most = int(constant(PLANNER, "most_requests"))
        if n > most:
            raise OversizedPlanError(
                Message(
                    N_("{count} requests for one course are more than {most}: plan a smaller area."),
                    {"count": n, "most": most},
                )
            )


def _default(key: str) -> float:
    return constant(PLANNER, key)


@dataclass(frozen=True, slots=True)
class TrainingParams:
    """Sizes, reach and prices of a session.

    Attributes
    ----------
    least, most
        Trainees of a session.
    travel_km
        The furthest a trainee goes by road, one way.
    days
        Length of the course.
    session_day_eur, seat_day_eur
        EUR a day: a trainer for a whole group; one seat in a session open to all.
    work_limit
        Budget of the exact search in CP-SAT's deterministic time, None for the time limit alone.
    """

    least: int = field(default_factory=lambda: int(_default("least")))
    most: int = field(default_factory=lambda: int(_default("most")))
    travel_km: float = field(default_factory=lambda: _default("travel_km"))
    days: float = field(default_factory=lambda: _default("days"))
    session_day_eur: float = field(default_factory=lambda: _default("session_day_eur"))
    seat_day_eur: float = field(default_factory=lambda: _default("seat_day_eur"))
    work_limit: float | None = field(default_factory=lambda: _default("work_limit"))

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise InvalidParametersError(
                Message(N_("A session takes a trainee at least, and no fewer at most than at least."))
            )
        if min(self.travel_km, self.days, self.session_day_eur, self.seat_day_eur) <= 0:
            raise InvalidParametersError(Message(N_("Reach, days and prices of a session are above zero.")))

    @property
    def session_eur(self) -> float:
        """Price of a whole session."""
        return self.days * self.session_day_eur

    @property
    def worthwhile_eur(self) -> float:
        """What its members must be able to pay for a session to be held."""
        return self.session_eur + _default("least_saving")


def alone_eur_per_head(request: Request, params: TrainingParams) -> float:
    """Return what a trainee costs alone, EUR: as declared, else the cheaper of seats and groups."""
    if request.today_eur_per_head is not None:
        return request.today_eur_per_head
    groups = ceil(request.trainees / params.most) * params.session_eur / request.trainees
    return min(params.days * params.seat_day_eur, groups)


def left_out_eur_per_head(request: Request, params: TrainingParams) -> float:
    """Return what a trainee left out of joint sessions costs more than before, EUR: its own seat.

    A price declared a head stays what it is.
    """
    if request.today_eur_per_head is not None:
        return 0.0
    return max(0.0, params.days * params.seat_day_eur - alone_eur_per_head(request, params))


def travel_eur_per_head(params: TrainingParams, distance_km: float) -> float:
    """Return what a trainee's way costs, EUR: there and back each day, colleagues sharing a car."""
    return 2 * distance_km * params.days * constant(PLANNER, "km_eur") / constant(PLANNER, "people_a_car")


def window(request: Request, start: date) -> tuple[date, date]:
    """Return the first and the last day on which the request's session can start."""
    soonest = start + timedelta(constant(PLANNER, "lead_days"))
    if request.due is None:
        return soonest, start + timedelta(constant(PLANNER, "horizon_days"))
    if request.due < soonest:
        return soonest, soonest + timedelta(constant(PLANNER, "late_days"))
    return max(soonest, request.due - timedelta(constant(PLANNER, "early_days"))), request.due


def is_late(request: Request, start: date) -> bool:
    """Tell whether the due date comes before a session can be organised."""
    return request.due is not None and request.due < start + timedelta(constant(PLANNER, "lead_days"))
