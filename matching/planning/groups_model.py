"""What group building decides on: candidates, what keeps two of them apart, and what a group is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from matching.errors import InvalidParametersError
from matching.messages import N_, LocalName, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError

Floats = NDArray[np.float64]
PLANNER = "groups"
MAX_CANDIDATES = 300


class Obstacle(IntEnum):
    """What keeps two candidates out of one group."""

    NONE = 0
    DISTANCE = 1
    SEASON = 2
    DESTINATION = 3
    QUALITY = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A flow that may join: ``quantity`` a year in the problem's unit, ``spend_eur`` a year today.

    ``row`` is where the file has it, ``column`` its place in the engine's columns.
    """

    site: str
    label: str
    quantity: float | None = None
    spend_eur: float | None = None
    row: int | None = None
    column: int = -1

    def __post_init__(self) -> None:
        for value in (self.quantity, self.spend_eur):
            if value is not None and not (np.isfinite(value) and value >= 0):
                raise InvalidParametersError(
                    Message(N_("{site}: quantity and spending must be zero or more."), {"site": self.site})
                )


@dataclass(frozen=True, slots=True, eq=False)
class GroupProblem:
    """Candidates of one resource and form.

    Attributes
    ----------
    unit, minimum_volume
        Unit of the quantities, and the volume a year from which a group is viable; None where unknown.
    saving
        Low, middle and high share of today's spending that this form saves.
    distance_km, obstacle
        Road km between each two candidates, and what keeps them apart (``Obstacle``), shape (n, n).
    """

    form: str
    key: str
    resource: LocalName
    unit: str | None
    minimum_volume: float | None
    saving: tuple[float, float, float]
    candidates: tuple[Candidate, ...]
    distance_km: Floats
    obstacle: NDArray[np.int8]
    minimum_sites: int = 2

    def __post_init__(self) -> None:
        size = len(self.candidates)
        if size > MAX_CANDIDATES:
            raise OversizedPlanError(
                Message(
                    N_("{count} sites for one group, at most {most}: name a resource or a shorter reach."),
                    {"count": size, "most": MAX_CANDIDATES},
                )
            )
        if self.distance_km.shape != (size, size) or self.obstacle.shape != (size, size):
            raise InvalidParametersError(Message(N_("Distances and obstacles need one row a candidate.")))
        if not 0 <= self.saving[0] <= self.saving[1] <= self.saving[2] <= 1:
            raise InvalidParametersError(Message(N_("Shares saved go from 0 to 1, low, middle, high.")))

    @property
    def priced(self) -> bool:
        """Whether any candidate says what it pays today."""
        return any(candidate.spend_eur for candidate in self.candidates)

    def volume(self, members: Sequence[int]) -> float | None:
        """Return the volume a year of the members that said theirs, None when none did."""
        known = [q for i in members if (q := self.candidates[i].quantity) is not None]
        return sum(known) if known else None

    def viable(self, members: Sequence[int]) -> bool:
        """Tell whether the members reach the minimum volume, where there is one."""
        return self.minimum_volume is None or (self.volume(members) or 0.0) >= self.minimum_volume

    def sites(self, members: Sequence[int]) -> set[str]:
        """Return the sites of some candidates."""
        return {self.candidates[i].site for i in members}


def _alternatives() -> int:
    return int(constant(PLANNER, "alternatives"))


def _most_shared() -> float:
    return constant(PLANNER, "most_shared")


def _eur_per_km() -> float:
    return constant(PLANNER, "eur_per_km")


@dataclass(frozen=True, slots=True)
class GroupParams:
    """How many groups to propose, how alike they may be, and what joining costs.

    Attributes
    ----------
    most_shared
        Largest share of a better group's members that a later one may hold, in [0, 1).
    eur_per_km, journeys
        Cost of the road between a member and the group's hub, and how often a year (by form when None).
    work_limit
        Budget of the exact search, in CP-SAT's deterministic seconds for each hub.
    """

    alternatives: int = field(default_factory=_alternatives)
    most_shared: float = field(default_factory=_most_shared)
    eur_per_km: float = field(default_factory=_eur_per_km)
    journeys: float | None = None
    work_limit: float = 2.0

    def __post_init__(self) -> None:
        if self.alternatives < 1 or not 0 <= self.most_shared < 1:
            raise InvalidParametersError(
                Message(N_("At least one group, sharing less than all of a better one's members."))
            )
        if self.eur_per_km < 0 or (self.journeys is not None and self.journeys < 0):
            raise InvalidParametersError(Message(N_("Costs and journeys must be zero or more.")))


@dataclass(frozen=True, slots=True)
class Group:
    """A group assessed.

    Attributes
    ----------
    members, hub
        Indexes of the problem's candidates; the hub is the member around which the others are cheapest.
    gain_eur
        What each member gains a year, road to the hub paid, in the members' order; None when unknown.
    estimated
        Members whose spending was estimated from the others' price.
    """

    members: tuple[int, ...]
    hub: int
    volume: float | None
    viable: bool
    reach_km: float
    gain_eur: tuple[float | None, ...]
    estimated: tuple[int, ...]

    @property
    def total_eur(self) -> float | None:
        """The members' gain together, None when no member's is known."""
        known = [gain for gain in self.gain_eur if gain is not None]
        return sum(known) if known else None

    @property
    def losers(self) -> tuple[int, ...]:
        """Members known to gain nothing."""
        pairs = zip(self.members, self.gain_eur, strict=True)
        return tuple(i for i, gain in pairs if gain is not None and gain <= 0)


def spendings(problem: GroupProblem) -> tuple[list[float | None], tuple[int, ...]]:
    """Return what each candidate spends a year, the unsaid estimated at the others' mean price.

    Returns
    -------
    tuple
        EUR a year (None where nothing is known) and the indexes of those estimated.
    """
    said = [c for c in problem.candidates if c.spend_eur and c.quantity]
    price = sum(c.spend_eur or 0 for c in said) / sum(c.quantity or 0 for c in said) if said else None
    found: list[float | None] = []
    estimated = []
    for i, candidate in enumerate(problem.candidates):
        spend = candidate.spend_eur or None
        if spend is None and candidate.spend_eur is None and price is not None and candidate.quantity:
            spend = price * candidate.quantity
            estimated.append(i)
        found.append(spend)
    return found, tuple(estimated)


def gains(problem: GroupProblem, params: GroupParams, share: float | None = None) -> Floats:
    """Return what candidate i gains a year in a group round hub j, shape (n, n), NaN where unknown.

    saving = share x spending - journeys x 2 x distance x EUR/km (a round trip each time).
    """
    spend = np.array([np.nan if s is None else s for s in spendings(problem)[0]], dtype=np.float64)
    journeys = constant(PLANNER, f"journeys_{problem.form}") if params.journeys is None else params.journeys
    road = journeys * 2 * np.nan_to_num(problem.distance_km) * params.eur_per_km
    return np.asarray((problem.saving[1] if share is None else share) * spend[:, None] - road)


def assess(problem: GroupProblem, members: Sequence[int], params: GroupParams) -> Group:
    """Return a group round its best hub: fewest losers, then the largest gain, then the shortest roads."""
    chosen = sorted(members)
    inner = problem.distance_km[np.ix_(chosen, chosen)]
    table = gains(problem, params)[np.ix_(chosen, chosen)]

    def merit(j: int) -> tuple[float, ...]:
        known = table[:, j][~np.isnan(table[:, j])]
        return (int((known <= 0).sum()), -round(float(known.sum()), 2), float(np.nansum(inner[:, j])), j)

    hub = min(range(len(chosen)), key=merit)
    estimated = set(spendings(problem)[1])
    return Group(
        members=tuple(chosen),
        hub=chosen[hub],
        volume=problem.volume(chosen),
        viable=problem.viable(chosen),
        reach_km=round(float(np.nanmax(inner)), 1),
        gain_eur=tuple(None if np.isnan(gain) else float(gain) for gain in table[:, hub]),
        estimated=tuple(i for i in chosen if i in estimated),
    )
