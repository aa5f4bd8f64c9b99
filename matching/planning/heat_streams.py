"""Sources and needs of heat by temperature, and the problem table that bounds what a cascade recovers."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from matching.criteria.distance import road_km
from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.allocation.problem import Floats, Integers
from matching.planning.constants import constant
from matching.planning.pipes import PipedProblem

SOURCED = "allocation"
MEDIA = {"liquid": "liquid_gap_k", "default": "default_gap_k", "gas": "gas_gap_k"}
# Of a need, in MWh: less is the solver's rounding.
DUST_MWH = 1e-6


@dataclass(frozen=True, slots=True)
class HeatStream:
    """Heat given between ``hot_c`` and ``cold_c`` or needed between ``cold_c`` and ``hot_c``: MWh a year.

    ``medium`` sets its half of the gap of an exchange: ``liquid``, ``default`` or ``gas``. ``eur_per_mwh``
    is what a need pays today, None for gas in a boiler.
    """

    site: str
    label: str
    mwh: float
    hot_c: float
    cold_c: float
    medium: str = "default"
    eur_per_mwh: float | None = None

    def __post_init__(self) -> None:
        if not (self.mwh >= 0 and self.hot_c >= self.cold_c > -273.15 and self.medium in MEDIA):
            raise InvalidParametersError(
                Message(
                    N_("{name}: give MWh from zero, a hot end not below the cold one, a medium of {media}."),
                    {"name": self.name, "media": ", ".join(MEDIA)},
                )
            )

    @property
    def name(self) -> str:
        """Site and label."""
        return f"{self.site}: {self.label}"

    @property
    def half_gap_k(self) -> float:
        """Half of the gap of an exchange between two such media, in K."""
        return constant(SOURCED, MEDIA[self.medium]) / 2


@dataclass(frozen=True, eq=False)
class HeatProblem(PipedProblem[HeatStream]):
    """Streams that give heat, and streams that need it."""


def _reach() -> float:
    return constant(SOURCED, "heat_reach_km")


def _electricity() -> float:
    return constant(SOURCED, "electricity_eur_per_mwh")


@dataclass(frozen=True, slots=True)
class HeatParams:
    """Whether pumps may be bought, how far a pipe goes (road km), what electricity costs."""

    pumps: bool = True
    reach_km: float = field(default_factory=_reach)
    electricity_eur_per_mwh: float = field(default_factory=_electricity)

    def __post_init__(self) -> None:
        if not (self.reach_km > 0 and self.electricity_eur_per_mwh >= 0):
            raise InvalidParametersError(
                Message(N_("The reach is above 0 km, the price of electricity from 0."))
            )


@dataclass(frozen=True, slots=True)
class Targets:
    """What the problem table proves, without pumps nor distances: MWh a year and the pinch (shifted, °C)."""

    hot_mwh: float
    cold_mwh: float
    recovered_mwh: float
    pinch_c: float | None


@dataclass(frozen=True, eq=False, slots=True)
class Slices:
    """Parts of streams by temperature: stream, MWh, rank (even: a single one) and both ends, °C shifted."""

    stream: Integers
    mwh: Floats
    rank: Integers
    low_c: Floats
    high_c: Floats


def sliced(problem: HeatProblem) -> tuple[Slices, Slices]:
    """Cut every stream at every temperature met, sources lowered and needs raised by their half gap."""
    sides = [
        [(s.cold_c + sign * s.half_gap_k, s.hot_c + sign * s.half_gap_k, s.mwh) for s in streams]
        for sign, streams in ((-1, problem.sources), (1, problem.needs))
    ]
    cuts = sorted({round(c, 9) for side in sides for low, high, _ in side for c in (low, high)})
    found = [_cut([(round(a, 9), round(b, 9), q) for a, b, q in side], cuts) for side in sides]
    return found[0], found[1]


def _cut(side: list[tuple[float, float, float]], cuts: list[float]) -> Slices:
    rows: list[tuple[int, float, int, float, float]] = []
    for number, (low, high, mwh) in enumerate(side):
        if low == high:
            rows.append((number, mwh, 2 * cuts.index(low), low, high))
            continue
        for i, (a, b) in enumerate(pairwise(cuts)):
            if a >= low and b <= high:
                rows.append((number, mwh * (b - a) / (high - low), 2 * i + 1, a, b))
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    return Slices(
        table[:, 0].astype(np.int64), table[:, 1], table[:, 2].astype(np.int64), table[:, 3], table[:, 4]
    )


def problem_table(problem: HeatProblem) -> Targets:
    """Return the least heat and cooling to buy: surpluses cascade down from the hottest interval."""
    give, take = sliced(problem)
    ranks = sorted({*give.rank.tolist(), *take.rank.tolist()}, reverse=True)
    net = [float(give.mwh[give.rank == r].sum() - take.mwh[take.rank == r].sum()) for r in ranks]
    cascade = np.cumsum([0.0, *net])
    hot = float(-cascade.min())
    needed = float(take.mwh.sum())
    pinch = None
    if hot > DUST_MWH and cascade[-1] + hot > DUST_MWH:
        rank = ranks[int(cascade.argmin()) - 1]
        ends = np.concatenate([give.low_c[give.rank == rank], take.low_c[take.rank == rank]])
        pinch = float(ends[0])
    return Targets(hot, float(cascade[-1] + hot), needed - hot, pinch)


def between_km(first_km: Floats, second_km: Floats) -> Floats:
    """Return road km between earth-centred points, shapes (n, 3) and (m, 3) to (n, m)."""
    return road_km(first_km[:, None, :], second_km[None, :, :])
