"""The engine's worth of an exchange as rates: a unit moved, and each km it goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from matching.benefits import Exchange, Worth, substitution_worth
from matching.catalogue.model import Catalogue
from matching.messages import Message
from matching.parameters import MatchParameters
from matching.planning.allocation.problem import Floats
from matching.results import Estimate

# Large enough for the rounding of a worth to vanish once divided.
MUCH = 1e9
FAR_KM = 1e6


@dataclass(frozen=True, slots=True)
class Rates:
    """Worth of one unit moved, before transport, and what a km costs: (low, middle, high), NaN if unknown."""

    eur: Floats
    tco2e: Floats
    disposal_eur: float
    eur_per_km: Floats
    tco2e_per_km: Floats
    assumptions: tuple[Message, ...]


def unit_rates(exchange: Exchange, catalogue: Catalogue, parameters: MatchParameters) -> Rates:
    """Return the engine's worth of an exchange as rates: worth is linear in quantity and in distance.

    Lorries are full or not as ``exchange.quantity`` says, whatever the distance.
    """
    worth = partial(substitution_worth, catalogue=catalogue, parameters=parameters)
    here = worth(exchange._replace(quantity=MUCH, distance_km=None))
    given = worth(exchange._replace(quantity=MUCH, distance_km=None, receiver_cost=-1.0))
    amount = max(exchange.quantity or 0.0, 1.0)
    sold = exchange.provider_cost
    near = worth(exchange._replace(quantity=amount, distance_km=0.0))
    far = worth(exchange._replace(quantity=amount, distance_km=FAR_KM))
    return Rates(
        eur=_triple(here.eur) / MUCH,
        tco2e=_triple(here.tco2e) / MUCH,
        disposal_eur=sold if sold is not None and sold < 0 else float(_triple(given.eur)[1]) / MUCH,
        eur_per_km=_per_km(near, far, "eur", amount),
        tco2e_per_km=_per_km(near, far, "tco2e", amount),
        assumptions=far.assumptions,
    )


def _triple(estimate: Estimate | None) -> Floats:
    if estimate is None:
        return np.full(3, np.nan)
    return np.array([estimate.low, estimate.middle, estimate.high])


def _per_km(near: Worth, far: Worth, name: str, amount: float) -> Floats:
    """Return the low, middle and high cost of a km; the lowest worth goes with the highest cost."""
    cost = (_triple(getattr(near, name)) - _triple(getattr(far, name))) / (amount * FAR_KM)
    return np.asarray(np.nan_to_num(cost))
