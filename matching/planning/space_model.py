"""What sharing space decides on: requests, offers and their capacity in each month, what refuses a pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError
from matching.planning.weekdays import EVERY_DAY

Floats = NDArray[np.float64]
PLANNER = "space"
KINDS = ("space", "equipment", "parking")
MONTHS = 12
MAX_PAIRS = 20_000


class Why(IntEnum):
    """What refuses a pair, the nearer to a yes the higher."""

    NONE = 0
    OTHER = 1
    DISTANCE = 2
    QUALITY = 3
    RISK = 4
    TEMPERATURE = 5
    LOAD = 6
    DIMENSIONS = 7
    DAYS = 8
    SEASON = 9
    PRICE = 10
    CAPACITY = 11


@dataclass(frozen=True, slots=True)
class Place:
    """What a request needs or an offer has; None where it does not say.

    Attributes
    ----------
    months
        Months, 1 to 12; a request of a level (m2, places) needs them all.
    weekdays
        Days, 1 is Monday.
    temperature_c
        Lowest and highest temperature.
    load
        What the floor or the machine bears, in the unit that both sides use (t/m2, t).
    dimensions_m
        Lengths in m, any order.
    risk_zone
        An offer: whether it stands in a zone of risk. A request: False when it must not.
    """

    site: str
    label: str
    months: frozenset[int] = frozenset(range(1, MONTHS + 1))
    weekdays: frozenset[int] = EVERY_DAY
    temperature_c: tuple[float, float] | None = None
    load: float | None = None
    dimensions_m: tuple[float, ...] = ()
    risk_zone: bool | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A need: ``amount`` in each of its months (a level) or in all (``spread``: days of a machine).

    ``budget_eur`` is what it pays today per unit (and year, for a level); None when unknown.
    """

    place: Place
    amount: float
    spread: bool = False
    budget_eur: float | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.amount) and self.amount > 0) or not self.place.months:
            raise InvalidParametersError(
                Message(N_("{site}: a request needs an amount and months."), {"site": self.place.site})
            )


@dataclass(frozen=True, slots=True)
class Offer:
    """What a site has to share: ``capacity`` in each of its months; ``price_eur`` as a request's budget."""

    place: Place
    capacity: float
    price_eur: float | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.capacity) and self.capacity >= 0):
            raise InvalidParametersError(
                Message(N_("{site}: an offer needs a capacity of zero or more."), {"site": self.place.site})
            )

    def in_month(self, month: int) -> float:
        """Return what is free in a month, 1 to 12."""
        return self.capacity if month in self.place.months else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class SpaceProblem:
    """Requests and offers of one kind and unit.

    Attributes
    ----------
    refused
        ``Why`` of each pair as far as its words tell, shape (requests, offers); 0 where it may fit.
    distance_km
        Road km, same shape, NaN where unknown.
    """

    kind: str
    unit: str
    requests: tuple[Request, ...]
    offers: tuple[Offer, ...]
    distance_km: Floats
    refused: NDArray[np.int8]

    def __post_init__(self) -> None:
        shape = (len(self.requests), len(self.offers))
        if self.kind not in KINDS:
            raise InvalidParametersError(
                Message(
                    N_("Unknown kind “{value}”: use {known}."),
                    {"value": self.kind, "known": ", ".join(KINDS)},
                )
            )
        if self.distance_km.shape != shape or self.refused.shape != shape:
            raise InvalidParametersError(
                Message(N_("Distances and refusals need one row a request, one column an offer."))
            )
        pairs = int((self.refused == 0).sum())
        if pairs > MAX_PAIRS:
            raise OversizedPlanError(
                Message(
                    N_("{count} pairs of a request and an offer, at most {most}: shorten the reach."),
                    {"count": pairs, "most": MAX_PAIRS},
                )
            )


@dataclass(frozen=True, slots=True)
class SpaceParams:
    """How requests may be served.

    Attributes
    ----------
    parts
        Over how many offers a request of a level may be spread.
    max_km
        Cap on the road distance, None for each resource's own reach.
    prices_eur
        Usual price by unit, for requests that name none, in place of ``space.csv``.
    work_limit
        Budget of the exact search in CP-SAT's deterministic seconds.
    """

    parts: int = 1
    max_km: float | None = None
    journeys: float | None = None
    prices_eur: Mapping[str, float] = field(default_factory=dict)
    work_limit: float = 20.0

    def __post_init__(self) -> None:
        if self.parts < 1:
            raise InvalidParametersError(Message(N_("A request is served by one offer at least.")))
        if (self.max_km is not None and not self.max_km > 0) or (self.journeys or 0) < 0:
            raise InvalidParametersError(Message(N_("Distances and journeys must be zero or more.")))

    def usual_price(self, unit: str) -> float:
        """Return EUR per unit where a request names none."""
        if unit in self.prices_eur:
            return self.prices_eur[unit]
        try:
            return constant(PLANNER, f"price_{unit}")
        except KeyError:
            return constant(PLANNER, "price_other")

    def road_eur_per_km(self, kind: str) -> float:
        """Return what a km between both sites costs a year: there and back at each journey."""
        journeys = constant(PLANNER, f"journeys_{kind}") if self.journeys is None else self.journeys
        return 2 * journeys * constant(PLANNER, f"eur_per_km_{kind}")
