"""Discharges and needs of water, what they hold or bear, and what a reuse may cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.pipes import PipedProblem

SOURCED = "allocation"
QUALITIES = {"conductivity_us_cm": "µS/cm", "cod_mg_l": "mg/L", "chlorides_mg_l": "mg/L"}


@dataclass(frozen=True, slots=True)
class WaterFlow:
    """A discharge (``quality``: what it holds) or a need (``quality``: at most), ``m3`` a year."""

    site: str
    label: str
    m3: float
    quality: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = sorted(set(self.quality) - set(QUALITIES))
        if unknown or not self.m3 >= 0 or not all(value >= 0 for value in self.quality.values()):
            raise InvalidParametersError(
                Message(
                    N_("{name}: give m3 and qualities from zero, among {known}."),
                    {"name": self.name, "known": ", ".join(QUALITIES)},
                )
            )

    @property
    def name(self) -> str:
        """Site and label."""
        return f"{self.site}: {self.label}"


@dataclass(frozen=True, eq=False)
class WaterProblem(PipedProblem[WaterFlow]):
    """Discharges and needs, and what fresh water holds of each quality."""

    fresh: Mapping[str, float] = field(default_factory=dict)


def _reach() -> float:
    return constant(SOURCED, "water_reach_km")


def _price() -> float:
    return constant(SOURCED, "water_eur_per_m3")


@dataclass(frozen=True, slots=True)
class WaterParams:
    """How far a pipe goes (road km) and what fresh water costs, EUR/m3."""

    reach_km: float = field(default_factory=_reach)
    water_eur_per_m3: float = field(default_factory=_price)

    def __post_init__(self) -> None:
        if not (self.reach_km > 0 and self.water_eur_per_m3 >= 0):
            raise InvalidParametersError(Message(N_("The reach is above 0 km, the price of water from 0.")))
