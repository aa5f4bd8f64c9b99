"""What happens to a territory: flows that arrive, sites that close, a shared plant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.model import Flow
from matching.planning.allocation.problem import Floats


@dataclass(frozen=True, slots=True)
class Plant:
    """A treatment plant shared by the territory, whose flows are among those added.

    Attributes
    ----------
    site
        Its site's name: its inputs take at most their quantity, its outputs are what it makes of it all.
    yearly_eur
        Investment a year, upkeep and staff, whatever it treats; paid by what its links gain, or not built.
    treatment_eur_per_unit
        What treating one unit of input costs.
    least_share
        Of each input's quantity, under which the plant does not run.
    """

    site: str
    yearly_eur: float = 0.0
    treatment_eur_per_unit: float = 0.0
    least_share: float = 0.0

    def __post_init__(self) -> None:
        if not (self.yearly_eur >= 0 and self.treatment_eur_per_unit >= 0 and 0 <= self.least_share <= 1):
            raise InvalidParametersError(
                Message(N_("A plant’s costs start at 0 and its least load is a share from 0 to 1."))
            )


@dataclass(frozen=True, eq=False)
class Change:
    """What happens to the territory: flows that arrive, sites that close, a plant among the arrivals.

    ``added_km`` are the earth-centred coordinates of the added flows' sites in km, shape (added, 3).
    """

    added: tuple[Flow, ...] = ()
    added_km: Floats | None = None
    closed: frozenset[str] = frozenset()
    plant: Plant | None = None

    def __post_init__(self) -> None:
        places = np.full((len(self.added), 3), np.nan) if self.added_km is None else np.asarray(self.added_km)
        if places.shape != (len(self.added), 3):
            raise InvalidParametersError(Message(N_("Give the place of each flow that arrives.")))
        object.__setattr__(self, "added_km", places)
        if self.plant is not None and not any(takes(flow, self.plant) for flow in self.added):
            raise InvalidParametersError(
                Message(
                    N_("The plant “{site}” needs at least one input among the flows that arrive."),
                    {"site": self.plant.site},
                )
            )


def takes(flow: Flow, plant: Plant) -> bool:
    """Tell whether a flow is what a plant treats."""
    return flow.site.name == plant.site and not flow.is_output
