"""Places too many to compare each with each, in sets that no pool can span."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from matching.columns import Floats

# From so many on, comparing each two costs more than finding who is near (own estimate: 0.1 s a thousand).
MANY = 500
# See ``criteria.distance.road_km``.
ROUNDED_KM = 0.1


def neighbourhoods(position_km: Floats, limit_km: float) -> list[NDArray[np.int64]]:
    """Return the sets of two places or more that steps of at most ``limit_km`` lead through.

    Roads are never shorter than the straight line: two places of different sets are further apart by road,
    to the 0.1 km that it is rounded to.

    Parameters
    ----------
    position_km
        Earth-centred coordinates in km, shape (n, 3).

    Returns
    -------
    list
        Of each set its places in growing order; sets in the order of their first place.
    """
    count = len(position_km)
    near = cKDTree(position_km).query_pairs(limit_km + ROUNDED_KM / 2, output_type="ndarray")
    graph = coo_matrix((np.ones(len(near), dtype=bool), (near[:, 0], near[:, 1])), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    sets = (places for places in members_of(labels) if len(places) > 1)
    return sorted(sets, key=lambda places: int(places[0]))


def members_of(labels: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """Return the places of each label's members in growing order, labels in growing order."""
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
