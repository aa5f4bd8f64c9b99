"""What a run or a territory may set: weights, reaches, prices, limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from matching.catalogue.tables import read_rows
from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.results import SynergyKind

CRITERIA = ("material", "quantity", "timing", "distance", "quality")
ALL_KINDS = tuple(kind.value for kind in SynergyKind)


@lru_cache(maxsize=1)
def constants() -> Mapping[str, float]:
    """Return the engine's sourced constants by key (``weights.csv``)."""
    return {row["key"]: float(row["value"]) for row in read_rows("weights.csv")}


def constant(key: str) -> float:
    """Return one constant of ``weights.csv``."""
    return constants()[key]


def _default_weights() -> dict[str, float]:
    return {name: constant(name) for name in CRITERIA}


@dataclass(frozen=True)
class MatchParameters:
    """Parameters of a run; every field has the engine's default.

    Attributes
    ----------
    max_km
        Cap of the reported road distance in km, None for each resource's own reach.
    top
        How many receivers at most for each provider's flow.
    weights
        Weight of each criterion; they are scaled to sum to 1.
    reaches_km
        Cut distance in road km by resource id or reach key, in place of the catalogue's.
    prices
        Values by factor key, in the factor's unit, in place of the catalogue's.
    """

    max_km: float | None = None
    top: int = 20
    kinds: tuple[str, ...] = ALL_KINDS
    weights: Mapping[str, float] = field(default_factory=_default_weights)
    reaches_km: Mapping[str, float] = field(default_factory=dict)
    prices: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.max_km is not None and not self.max_km > 0:
            raise InvalidParametersError(Message(N_("The largest distance must be more than 0 km.")))
        if self.top < 1:
            raise InvalidParametersError(Message(N_("At least one receiver must be asked for.")))
        unknown = sorted(set(self.kinds) - set(ALL_KINDS))
        if unknown:
            raise InvalidParametersError(
                Message(
                    N_("Unknown kind of synergy “{value}”: use {kinds}."),
                    {"value": unknown[0], "kinds": ", ".join(ALL_KINDS)},
                )
            )
        missing = set(CRITERIA) ^ set(self.weights)
        if missing or any(weight < 0 for weight in self.weights.values()) or sum(self.weights.values()) <= 0:
            raise InvalidParametersError(
                Message(
                    N_("Weights must be given, zero or more, for {names}."), {"names": ", ".join(CRITERIA)}
                )
            )

    @property
    def shares(self) -> dict[str, float]:
        """The weights scaled to sum to 1."""
        total = sum(self.weights.values())
        return {name: self.weights[name] / total for name in CRITERIA}

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> MatchParameters:
        """Build parameters from plain data such as JSON; absent keys keep their default."""
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise InvalidParametersError(Message(N_("Unknown parameter “{value}”."), {"value": unknown[0]}))
        given = {key: value for key, value in values.items() if value is not None}
        if "kinds" in given:
            given["kinds"] = tuple(given["kinds"])
        if "weights" in given:
            given["weights"] = {**_default_weights(), **given["weights"]}
        return cls(**given)

    def as_mapping(self) -> dict[str, Any]:
        """Return plain data that ``from_mapping`` reads back."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        mappings = {name: dict(values[name]) for name in ("weights", "reaches_km", "prices")}
        return {**values, "kinds": list(self.kinds), **mappings}
