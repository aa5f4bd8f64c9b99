"""How far two calendars meet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.columns import Floats


def profiles(months: NDArray[np.uint16]) -> Floats:
    """Return the share of a year's quantity in each month, shape (n, 12), evenly over the active months."""
    active = ((months[:, None] >> np.arange(12, dtype=np.uint16)) & 1).astype(np.float64)
    return np.asarray(active / np.maximum(active.sum(axis=1, keepdims=True), 1))


def timing_score(
    offered_months: NDArray[np.uint16], needed_months: NDArray[np.uint16], offered: Floats, needed: Floats
) -> Floats:
    """Return Σ min(o, i) / min(Σo, Σi) of the two monthly profiles, in [0, 1].

    Parameters
    ----------
    offered_months, needed_months
        Masks of active months, bit 0 for January.
    offered, needed
        Quantities a year in the same unit; where one is unknown both count as equal.
    """
    unknown = np.isnan(offered) | np.isnan(needed) | (offered <= 0) | (needed <= 0)
    first = np.where(unknown, 1.0, offered)[:, None] * profiles(offered_months)
    second = np.where(unknown, 1.0, needed)[:, None] * profiles(needed_months)
    smaller = np.minimum(first.sum(axis=1), second.sum(axis=1))
    return np.asarray(np.minimum(np.minimum(first, second).sum(axis=1) / smaller, 1.0))


def calendars_met(months: NDArray[np.uint16]) -> Floats:
    """Return how well each two calendars meet, in [0, 1], shape (n, n), 0 where no month is shared.

    The geometric mean of what both do at the same time and of how far the shorter calendar lies within the
    longer one: who asks all year may well join those of a season.

    Parameters
    ----------
    months
        Masks of active months, bit 0 for January.
    """
    share = profiles(months)
    both = np.minimum(share[:, None, :], share[None, :, :]).sum(axis=2)
    active = share > 0
    shared = (active[:, None, :] & active[None, :, :]).sum(axis=2)
    count = np.maximum(active.sum(axis=1), 1)
    return np.asarray(np.sqrt(both * shared / np.minimum(count[:, None], count[None, :])))
