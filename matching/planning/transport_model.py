"""What shared transport decides on: loads and empty returns by road, commuters by place, and the limits."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError
from matching.planning.weekdays import WORKING_DAYS

Floats = NDArray[np.float64]
Point = tuple[float, float, float]
PLANNER = "transport"
MAX_TRIPS = 200


@dataclass(frozen=True, slots=True)
class Trip:
    """A journey of goods: a load to send, or a lorry that returns with room.

    Attributes
    ----------
    origin_km, destination_km
        Earth-centred coordinates in km.
    load
        Pallets a trip; for an empty return, the pallets it could take.
    family
        Kinds of transport it may share (pool keys): two trips need one in common.
    today_eur
        What a trip costs today, None when unknown.
    weekdays
        Days on which it may go, 1 is Monday.
    """

    site: str
    label: str
    origin_km: Point
    destination_km: Point
    load: float
    trips_per_week: float
    weekdays: frozenset[int] = WORKING_DAYS
    family: frozenset[str] = frozenset({"freight-general"})
    empty_return: bool = False
    today_eur: float | None = None
    load_known: bool = True
    destination: str = ""
    row: int | None = None

    def __post_init__(self) -> None:
        figures = (*self.origin_km, *self.destination_km, self.load, self.trips_per_week)
        if not np.isfinite(figures).all() or self.load < 0 or self.trips_per_week <= 0:
            raise InvalidParametersError(
                Message(
                    N_("{site}: a trip needs both places, a load and a number a week."), {"site": self.site}
                )
            )


@dataclass(frozen=True, slots=True)
class Commuters:
    """People who come to a workplace from one place, None if unnamed; ``home_km`` is never shown."""

    site: str
    work_km: Point
    home_km: Point | None
    people: int = 1
    row: int | None = None


@dataclass(frozen=True, slots=True)
class TransportProblem:
    """Trips of goods and commuters of a territory; ``unplaced`` names flows whose places are unknown."""

    trips: tuple[Trip, ...] = ()
    commuters: tuple[Commuters, ...] = ()
    unplaced: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.trips) > MAX_TRIPS:
            raise OversizedPlanError(
                Message(
                    N_("{count} trips at once, at most {most}: take one destination or one zone."),
                    {"count": len(self.trips), "most": MAX_TRIPS},
                )
            )


def _figure(key: str) -> float:
    return constant(PLANNER, key)


@dataclass(frozen=True, slots=True)
class TransportParams:
    """Vehicle, costs and limits; every default has its source in ``transport.csv``.

    Attributes
    ----------
    capacity
        Pallets on the floor of the shared lorry.
    most_detour
        How much further than alone a load may travel, as a share of its direct road.
    near_km
        Widest road distance between two members' origins, and between their destinations.
    k_people
        Fewest people of any figure on commuting that is shown; 5 or more.
    work_limit
        Budget of the exact search in CP-SAT's deterministic seconds.
    """

    capacity: float = field(default_factory=lambda: _figure("capacity_palette"))
    eur_per_km: float = field(default_factory=lambda: _figure("eur_per_km"))
    fixed_eur: float = field(default_factory=lambda: _figure("fixed_eur"))
    stop_eur: float = field(default_factory=lambda: _figure("stop_eur"))
    most_detour: float = field(default_factory=lambda: _figure("most_detour"))
    near_km: float = field(default_factory=lambda: _figure("near_km"))
    most_members: int = field(default_factory=lambda: int(_figure("most_members")))
    k_people: int = field(default_factory=lambda: int(_figure("k_people")))
    cell_km: float = field(default_factory=lambda: _figure("cell_km"))
    doublings: int = field(default_factory=lambda: int(_figure("doublings")))
    work_limit: float = 20.0

    def __post_init__(self) -> None:
        if not self.capacity > 0 or min(self.eur_per_km, self.fixed_eur, self.stop_eur) < 0:
            raise InvalidParametersError(Message(N_("A lorry has a capacity, and costs are zero or more.")))
        if self.most_detour < 0 or not self.near_km > 0 or not 2 <= self.most_members <= 4:
            raise InvalidParametersError(
                Message(N_("A shared lorry carries 2 to 4 loads, with a reach of more than 0 km."))
            )
        least = int(_figure("k_people"))
        if self.k_people < least or not self.cell_km >= _figure("cell_km") or self.doublings < 0:
            raise InvalidParametersError(
                Message(
                    N_("Commuting is shown from {least} people on, in squares of {km} km or more."),
                    {"least": least, "km": _figure("cell_km")},
                )
            )
