"""What a joint collection has to decide: stops with their rate and storage, vehicles, a depot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.errors import InvalidParametersError
from matching.messages import N_, LocalName, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError

Floats = NDArray[np.float64]
MAX_STOPS = 200
WORKDAYS = frozenset(range(5))
DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True)
class Stop:
    """A member's goods to fetch.

    Attributes
    ----------
    yearly
        Units a year, in the problem's unit.
    peak_weekly
        Units a week while the flow runs: what fills the storage and the vehicle.
    storage_max
        Units the member can keep, None when it did not say.
    keep_weeks
        Weeks that the goods keep, None without limit.
    hazard_class
        Empty for ordinary goods, else a word of ``collection_apart.csv`` (``hazardous`` when unknown).
    declared_eur
        What the member pays a year today to be rid of it (negative: is paid); None when unknown.
    good_share
        Share in [0, 1] that can be resold, None when unknown.
    weekdays
        Days on which it can be served, 0 is Monday.
    """

    site: str
    label: str
    yearly: float
    peak_weekly: float
    storage_max: float | None = None
    keep_weeks: float | None = None
    hazard_class: str = ""
    declared_eur: float | None = None
    good_share: float | None = None
    open_h: float = field(default_factory=lambda: constant("collection", "opening_hour"))
    close_h: float = field(default_factory=lambda: constant("collection", "closing_hour"))
    weekdays: frozenset[int] = WORKDAYS
    service_h: float = field(default_factory=lambda: constant("collection", "stop_minutes") / 60)
    lon: float | None = None
    lat: float | None = None

    def __post_init__(self) -> None:
        if not (self.yearly > 0 and self.peak_weekly > 0) or not np.isfinite(self.yearly + self.peak_weekly):
            raise _refused(N_("{site}: the quantity to collect must be more than 0."), site=self.site)
        if self.storage_max is not None and not self.storage_max > 0:
            raise _refused(N_("{site}: the storage must hold more than 0."), site=self.site)
        if self.keep_weeks is not None and not self.keep_weeks > 0:
            raise _refused(N_("{site}: the goods must keep more than 0 weeks."), site=self.site)
        if self.good_share is not None and not 0 <= self.good_share <= 1:
            raise _refused(N_("{site}: the share in good state goes from 0 to 1."), site=self.site)
        if not 0 <= self.open_h < self.close_h or self.service_h < 0:
            raise _refused(N_("{site}: the opening hours must end after they start."), site=self.site)
        if not self.weekdays or not self.weekdays <= frozenset(range(DAYS_IN_WEEK)):
            raise _refused(
                N_("{site}: name at least one day of the week on which it is open."), site=self.site
            )

    @property
    def longest_weeks(self) -> float:
        """Weeks after which the storage is full or the goods spoil."""
        full = np.inf if self.storage_max is None else self.storage_max / self.peak_weekly
        return min(full, self.keep_weeks or np.inf) * (1 + 1e-12)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A kind of vehicle: what it holds in the problem's unit, what it costs, EUR; ``count`` None: any."""

    name: str
    capacity: float
    eur_per_km: float
    eur_per_h: float
    fixed_eur: float
    kgco2e_per_km: float = 0.0
    count: int | None = None

    def __post_init__(self) -> None:
        figures = (self.eur_per_km, self.eur_per_h, self.fixed_eur, self.kgco2e_per_km)
        if not self.capacity > 0 or min(figures) < 0 or (self.count is not None and self.count < 1):
            raise _refused(
                N_("Vehicle {vehicle}: its capacity must be more than 0 and its costs at least 0."),
                vehicle=self.name,
            )


@dataclass(frozen=True, slots=True)
class Depot:
    """Where vehicles start and unload; coordinates None when it is only assumed."""

    name: str | Message
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, eq=False)
class CollectionProblem:
    """Stops, vehicles and road.

    Attributes
    ----------
    distance_km, duration_h
        Shape (n + 1, n + 1), the depot first; driving time without stops.
    apart
        Pairs of hazard classes that may not share a vehicle; ``*`` stands for any other class.
    resale_eur
        EUR for each resold unit.
    weeks_per_year
        Weeks of the year in which rounds run.
    """

    title: str | LocalName
    unit: str
    depot: Depot
    stops: Sequence[Stop]
    vehicles: Sequence[Vehicle]
    distance_km: Floats
    duration_h: Floats
    apart: frozenset[tuple[str, str]]
    resale_eur: float = 0.0
    hazardous_cost_factor: float = field(default_factory=lambda: constant("collection", "adr_cost_factor"))
    weeks_per_year: float = field(default_factory=lambda: constant("collection", "weeks_per_year"))
    resource: str = ""
    assumptions: tuple[Message, ...] = ()
    missing: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        if len(self.stops) > MAX_STOPS:
            raise OversizedPlanError(
                Message(
                    N_("{number} stops are more than the {limit} of one plan: choose a park or a resource."),
                    {"number": len(self.stops), "limit": MAX_STOPS},
                )
            )
        if not self.stops or not self.vehicles:
            raise _refused(N_("A collection needs at least one stop and one vehicle."))
        size = (len(self.stops) + 1, len(self.stops) + 1)
        for matrix in (self.distance_km, self.duration_h):
            if matrix.shape != size or not np.isfinite(matrix).all() or (matrix < 0).any():
                raise _refused(
                    N_("Distances and times must be known, zero or more, between the depot and all stops.")
                )
        if not self.weeks_per_year > 0 or self.resale_eur < 0 or self.hazardous_cost_factor < 1:
            raise _refused(N_("Rounds need at least one week a year and prices of at least 0."))

    def may_share(self, first: str, second: str) -> bool:
        """Tell whether goods of two hazard classes may travel in one vehicle."""
        if first == second:
            return True
        pairs = {(first, second), (second, first), (first, "*"), (second, "*")}
        return not pairs & self.apart

    def cost_factor(self, hazard_class: str) -> float:
        """Return what hazardous goods multiply a vehicle's cost by."""
        return self.hazardous_cost_factor if hazard_class else 1.0


@dataclass(frozen=True, slots=True)
class CollectionParams:
    """How to search: periods in weeks, the shift in hours, iterations for each period that is tried."""

    min_weeks: int = field(default_factory=lambda: int(constant("collection", "min_weeks")))
    max_weeks: int = field(default_factory=lambda: int(constant("collection", "max_weeks")))
    shift_h: float = field(default_factory=lambda: constant("collection", "shift_hours"))
    iterations: int = 300

    def __post_init__(self) -> None:
        if not 1 <= self.min_weeks <= self.max_weeks <= constant("collection", "weeks_per_year"):
            raise _refused(N_("The period goes from 1 to 52 weeks, the shortest first."))
        if not self.shift_h > 0 or self.iterations < 1:
            raise _refused(N_("The shift and the number of iterations must be more than 0."))

    def periods(self, problem: CollectionProblem) -> range:
        """Return the periods to try, in weeks: none longer than the season, shorter where nothing keeps."""
        kept = max((stop.keep_weeks or np.inf) for stop in problem.stops)
        shortest = max(1, int(min(self.min_weeks, kept)))
        season = max(shortest, int(problem.weeks_per_year + 1e-9))
        return range(shortest, min(self.max_weeks, season) + 1)


def _refused(text: str, **params: object) -> InvalidParametersError:
    return InvalidParametersError(Message(text, params))
