"""Distances between the two ends of a pipe, whether it carries heat or water."""

from __future__ import annotations

import numpy as np

from matching.columns import Floats
from matching.errors import InvalidParametersError
from matching.messages import N_, Message


def checked_distances(distance_km: Floats | None, sources: int, needs: int) -> Floats:
    """Return road km between sources and needs, shape (sources, needs), NaN where unknown.

    Raises
    ------
    InvalidParametersError
        If the distances given have another shape.
    """
    given = np.full((sources, needs), np.nan) if distance_km is None else np.asarray(distance_km)
    if given.shape != (sources, needs):
        raise InvalidParametersError(Message(N_("Give one distance for each source and need.")))
    return given
