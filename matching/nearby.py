"""Real sites of the activities that could take an output, from a directory of establishments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.columns import Floats
from matching.criteria.distance import road_km
from matching.outlets import Outlet

SHOWN = 5


@dataclass(frozen=True, slots=True)
class ListedSite:
    """An establishment of a directory, with its NAF or NACE code without dots."""

    name: str
    siret: str
    activity_code: str


@dataclass(frozen=True, slots=True)
class NearSite:
    """A site of a directory, ``distance_km`` by road from the flow."""

    name: str
    siret: str
    activity_code: str
    distance_km: float


def sites_of_outlets(
    outlets: Sequence[Outlet],
    listed: Sequence[ListedSite],
    positions_km: Floats,
    flow_km: Floats,
    within_km: float,
) -> list[list[NearSite]]:
    """Return, for each outlet, the nearest listed sites of its trades, at most five.

    A whole division says too little of a site: nobody is named for one whose trades are not known.

    Parameters
    ----------
    positions_km, flow_km
        Earth-centred coordinates in km of the listed sites, shape (n, 3), and of the flow, shape (3,).
    within_km
        Largest road distance in km.
    """
    if not listed:
        return [[] for _ in outlets]
    distance = road_km(positions_km, np.broadcast_to(flow_km, positions_km.shape))
    order = [i for i in np.argsort(distance, kind="stable").tolist() if distance[i] <= within_km]
    found = []
    for outlet in outlets:
        fitting = (i for i in order if outlet.trades and listed[i].activity_code.startswith(outlet.trades))
        found.append(
            [_near(listed[i], float(distance[i])) for i, _ in zip(fitting, range(SHOWN), strict=False)]
        )
    return found


def _near(site: ListedSite, distance_km: float) -> NearSite:
    return NearSite(site.name, site.siret, site.activity_code, round(distance_km, 1))
