"""How near two sites are, for what is exchanged."""

from __future__ import annotations

import numpy as np

from matching.columns import Floats
from matching.parameters import constant

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG 1980


def road_km(first_km: Floats, second_km: Floats) -> Floats:
    """Return the estimated road distance in km between earth-centred points, NaN where one is unplaced.

    To 0.1 km, as it is reported: what is compared with a limit is what people read.

    Parameters
    ----------
    first_km, second_km
        Arrays of shape (n, 3), earth-centred coordinates in km.
    """
    chord = np.sqrt(((first_km - second_km) ** 2).sum(axis=-1))
    arc = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / (2 * EARTH_RADIUS_KM), 1.0))
    return np.asarray(np.round(arc * constant("road_factor"), 1))


def distance_score(distance_km: Floats, full_km: Floats, half_km: Floats, cut_km: Floats) -> Floats:
    """Return 1 up to ``full_km``, halved each further ``half_km``, 0 beyond ``cut_km``.

    An unknown distance has a score of its own.

    All arguments in road km, same shape; the result falls as the distance grows.
    """
    beyond = np.maximum(distance_km - full_km, 0)
    score = np.power(2.0, -beyond / half_km)
    score = np.where(distance_km > cut_km, 0.0, score)
    return np.where(np.isnan(distance_km), constant("unknown_distance"), score)
