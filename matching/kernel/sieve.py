"""The first sieve, compiled: what each receiver of a run could score at best, many at once.

No gate, no logarithm and no branch, so that the compiler takes eight or sixteen receivers in one step: each
term's logarithm is replaced by what is at least as much, ``log(1 + u) <= u - u^2 / 2`` for u in [-1, 0].
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matching.kernel.compiling import inlined
from matching.kernel.pair import LOG_2
from matching.kernel.tables import MONTH_BITS, Postings

# Half a tenth of a km for the rounding of distances and 10 m for single precision, with some room.
DISTANCE_MARGIN_KM = 0.07
# What single precision may take away from a sum of logarithms, with much room.
LOG_MARGIN = 1e-4


@inlined
def _months_in(mask: Any) -> Any:
    """Return how many months a mask has, in 32 bits."""
    mask = (mask & np.int32(0x555)) + ((mask >> np.int32(1)) & np.int32(0x555))
    mask = (mask & np.int32(0x333)) + ((mask >> np.int32(2)) & np.int32(0x333))
    return (mask & np.int32(0xF)) + ((mask >> np.int32(4)) & np.int32(0xF)) + (mask >> np.int32(8))


@inlined
def fill_bounds(
    o: Any,
    b: Any,
    t: Any,
    by_link: float,
    within: Any,
    postings: Postings,
    first: int,
    last: int,
    bounds: Any,
) -> None:
    """Fill ``bounds`` with what each receiver from ``first`` to ``last`` could score at best, as a logarithm.

    Parameters
    ----------
    by_link
        The logarithm of the link's material by the reading of ``o``, weighted.
    within
        Square of the straight line in km beyond which a receiver cannot matter: -inf there.
    """
    xs, ys, zs = postings.x[first:last], postings.y[first:last], postings.z[first:last]
    certainties, values = postings.log_certainty[first:last], postings.value[first:last]
    codes = postings.code[first:last]
    x, y, z = np.float32(o.x), np.float32(o.y), np.float32(o.z)
    value, unit, own_months = np.float32(o.value), np.int32(o.unit), np.int32(o.months)
    own_share = np.float32(1 / o.active_months)
    base, half_material = np.float32(by_link + LOG_MARGIN), np.float32(t.material / 2)
    quantity, timing = np.float32(t.quantity), np.float32(t.timing)
    unknown = np.float32(t.quantity * t.log_unknown_quantity)
    fall = np.float32(t.distance * LOG_2 / b.half_km)
    full = np.float32(b.full_km + DISTANCE_MARGIN_KM)
    factor = np.float32(t.road_factor)
    zero, half, one = np.float32(0), np.float32(0.5), np.float32(1)
    never = np.float32(-np.inf)
    for p in range(last - first):
        dx, dy, dz = xs[p] - x, ys[p] - y, zs[p] - z
        line = dx * dx + dy * dy + dz * dz
        beyond = np.sqrt(line) * factor - full
        # False for what is not a number: an unplaced flow may be near.
        far = fall * (beyond if beyond > zero else zero)
        met = values[p]
        larger = met if met > value else value
        smaller = value if met > value else met
        months = codes[p] & np.int32(0xFFF)
        # Both sides of a comparison are always worked out: a branch would keep the steps apart.
        known = (codes[p] >> np.int32(MONTH_BITS) == unit) & (larger >= smaller)
        ratio = smaller / larger if larger > zero else zero
        less = half * ratio - half
        by_quantity = quantity * (less - half * less * less) if known else unknown
        shared = np.float32(_months_in(months & own_months))
        share = one / np.float32(_months_in(months))
        measured = known & (smaller > zero)
        rate = value * own_share if measured else own_share
        met_rate = met * share if measured else share
        fit = shared * (rate if rate < met_rate else met_rate) / (smaller if measured else one)
        short = (fit if fit < one else one) - one
        best = base + half_material * certainties[p] + by_quantity + timing * short - far
        bounds[p] = never if line > within else best


@inlined
def reach_km(link: Any, t: Any, bound: float, aim: float) -> float:
    """Return the longest straight line (km) by which a link can still reach ``aim``; negative when never.

    ``bound`` is the sum of the logarithms of all terms but distance, at their best.
    """
    missing = aim - bound
    if missing > 0:
        return -1.0
    radius = link.cut_km
    if t.distance > 0:
        radius = min(radius, link.full_km - link.half_km * missing / (t.distance * LOG_2))
    # A straight line is shorter than its arc.
    return float((radius + DISTANCE_MARGIN_KM) / t.road_factor)
