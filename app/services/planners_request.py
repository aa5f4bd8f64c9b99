"""What is asked of a planner, whichever it is; what only some of them need is optional."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from matching.amounts import Amounts
from matching.columns import FlowColumns
from matching.engine import Engine
from matching.model import Flow
from matching.parameters import MatchParameters
from matching.planning.masterclass_model import Application
from matching.planning.plan import Plan

DEFAULT_TIME_LIMIT_S = 10.0
Solve = Callable[[int, float], Plan]


@dataclass(frozen=True, slots=True)
class PlantRequest:
    """A treatment plant to try at a place.

    Attributes
    ----------
    resource
        The catalogue id of what it takes.
    name
        Of its site; flows of this site among those added are what it makes.
    capacity
        What it takes at most a year, in the unit most givers use; None for all that the territory gives.
    yearly_eur, treatment_eur_per_unit
        What it costs whatever it treats, and for each unit it treats.
    """

    resource: str
    lon: float
    lat: float
    name: str
    capacity: float | None = None
    yearly_eur: float = 0.0
    treatment_eur_per_unit: float = 0.0


@dataclass(frozen=True, slots=True)
class RoomRequest:
    """How a workshop is held; None leaves the planner's own figure.

    Attributes
    ----------
    hosts
        Companies whose first person keeps a table.
    rivals
        Pairs of companies that never share one.
    """

    tables: int | None = None
    seats: int | None = None
    turns: int | None = None
    hosts: Sequence[str] = ()
    rivals: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is asked of a planner, whichever it is.

    Attributes
    ----------
    max_km
        Largest road distance in km, None for each resource's own reach.
    resource
        A catalogue id, None for the planner's own choice.
    objective
        ``eur`` or ``tco2e``, where a planner knows both.
    today
        The day from which purchases and sessions are organised.
    added
        Flows that arrive: a newcomer's or what a plant makes (``what-if``), those of the sites that may
        join (``groups``).
    closed
        Names of the sites that close (``what-if``).
    plant
        A plant to try (``what-if``).
    newcomer
        A site among the flows: which groups it would make grow (``groups``); empty for none.
    applications
        Who applies for which post, and how each ranks the other (``masterclass``).
    room
        Tables, turns, hosts and rivals (``workshop``).
    """

    flows: Sequence[Flow]
    today: date
    max_km: float | None = None
    resource: str | None = None
    objective: str = "eur"
    seed: int = 0
    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    added: Sequence[Flow] = ()
    closed: Sequence[str] = ()
    plant: PlantRequest | None = None
    newcomer: str = ""
    applications: Sequence[Application] = ()
    room: RoomRequest = RoomRequest()

    @property
    def parameters(self) -> MatchParameters:
        """The parameters of the match that the plan builds on."""
        return MatchParameters(max_km=self.max_km)


Problems = Callable[[PlanRequest, Engine, FlowColumns, Amounts], list[Solve]]
