"""What receivers are worth, sixteen at a time: numbers that the compiler takes in single steps.

Receivers lie in blocks of sixteen: sixteen numbers of one column, then sixteen of the next. A block is read
from one address, which spares the registers that an array a column would take (measured: twice as fast).
Both sides of each comparison are worked out, since a branch would keep the steps apart.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from matching.criteria.distance import EARTH_RADIUS_KM
from matching.kernel.compiling import bits_in, many
from matching.kernel.logarithms import fine_exp, fine_log, rough_log, rough_log_of_near
from matching.kernel.tables import MONTH_BITS

LANES = 16
COLUMNS = 14
BLOCK = LANES * COLUMNS
# What a fine score reads: all but what the gates of the rough one have read.
FINE_COLUMNS = 12
# Where each column of a block begins; ``codes`` are the same bytes as ``numbers``, as whole numbers, and hold
# the last four. Distances are in tenths of a road km, ``FALL`` is by a tenth, ``INVERSE`` one over the value,
# ``SHARE`` one over the active months.
X, Y, Z, FULL, FALL, VALUE, INVERSE, SHARE, MATERIAL, CUT, CODE, NEED, SITE, REFUSED = (
    np.uint64(LANES * column) for column in range(COLUMNS)
)
ZERO = np.int32(0)
# Of each lane, its number, in as many bits as the scores have: wider ones would halve what a step takes.
NUMBERED = np.arange(LANES, dtype=np.int32)
MONTHS, SHIFT = np.int32((1 << MONTH_BITS) - 1), np.int32(MONTH_BITS)
# Terms of the arc's series by the square of the straight line in km; see ``pair.arc_km``.
BEND, BEND_2 = 1 / (24 * EARTH_RADIUS_KM**2), 3 / (640 * EARTH_RADIUS_KM**4)
# What single precision may take away: from a share of a quantity, and from a score as a share of it and in
# tenths of a point; with room.
RATIO_MARGIN = 1e-5
FINE_MARGIN, TENTH_MARGIN = 3e-6, 1e-4
# In place of a score: a rounding or a gate may fall on either side, or nothing is possible.
UNSURE, IMPOSSIBLE = np.int32(-2), np.int32(-1)


class Question(NamedTuple):
    """What is asked of many receivers, in single precision.

    ``base`` is the logarithm that all of them have in common, ``road`` tenths of a road km in a straight km,
    ``blur`` by how many tenths a distance may be wrong, ``has`` and ``refuses`` masks for the columns
    ``NEED`` and ``REFUSED``; the rest are terms of the score as ``tables`` names them, weighted.
    """

    x: Any
    y: Any
    z: Any
    value: Any
    inverse: Any
    share: Any
    base: Any
    road: Any
    blur: Any
    quantity: Any
    timing: Any
    unknown_quantity: Any
    nothing_to_check: Any
    unknown_condition: Any
    tiny_share: Any
    lot: Any
    unit: Any
    months: Any
    site: Any
    has: Any
    refuses: Any


@many
def address_of(place: Any) -> Any:
    """Return where the first column of a receiver stands; whole divisions of what has no sign are shifts."""
    at = np.uint64(place)
    return at // np.uint64(LANES) * np.uint64(BLOCK) + at % np.uint64(LANES)


@many
def _square(q: Question, numbers: Any, p: Any) -> Any:
    dx, dy, dz = numbers[p + X] - q.x, numbers[p + Y] - q.y, numbers[p + Z] - q.z
    return dx * dx + dy * dy + dz * dz


@many
def _fall(numbers: Any, p: Any, km: Any) -> Any:
    """Return the logarithm that a distance takes away."""
    beyond = km - numbers[p + FULL]
    return numbers[p + FALL] * (beyond if beyond > np.float32(0) else np.float32(0))


@many
def _amounts(q: Question, numbers: Any, codes: Any, p: Any) -> Any:
    """Return the smaller quantity by the larger, whether they compare, how often each holds the other."""
    one = np.float32(1)
    times, part = numbers[p + VALUE] * q.inverse, numbers[p + INVERSE] * q.value
    ratio = times if times < part else part
    known = (np.int32(codes[p + CODE] >> SHIFT) == q.unit) & (ratio == ratio)
    times = times if known & (times > one) else one
    part = part if known & (part > one) else one
    return ratio, known, times, part


@many
def _is_tiny(q: Question, numbers: Any, p: Any, ratio: Any, known: Any, margin: Any) -> Any:
    """Tell whether the smaller quantity is a tiny share and no lot, taken ``margin`` times smaller."""
    smaller = numbers[p + VALUE] if numbers[p + VALUE] < q.value else q.value
    return known & (ratio * margin < q.tiny_share) & (smaller * margin < q.lot)


@many
def _months(q: Question, numbers: Any, codes: Any, p: Any, times: Any, part: Any) -> Any:
    """Return the share of the smaller quantity that falls in months in common, and the mask of these."""
    both = np.int32(codes[p + CODE] & q.months)
    own_rate, met_rate = part * q.share, times * numbers[p + SHARE]
    fit = np.float32(bits_in(both)) * (own_rate if own_rate < met_rate else met_rate)
    steady = (both == q.months) & (both == np.int32(codes[p + CODE] & MONTHS))
    return np.float32(1) if (fit > np.float32(1)) | steady else fit, both, steady


@many
def _quality(q: Question, codes: Any, p: Any) -> Any:
    need = codes[p + NEED]
    asked = np.float32(0) if need != ZERO else q.nothing_to_check
    return q.unknown_condition if np.int32(need & ~q.has) != ZERO else asked


@many
def near_enough(q: Question, base: Any, numbers: Any, block: Any, aim: Any) -> Any:
    """Return how many receivers of a block reach ``aim`` by their place and material alone.

    Parameters
    ----------
    base
        ``q.base`` and what else is certain.
    """
    early, bend = np.float32(0.5) + q.blur, q.road * np.float32(BEND)
    count = ZERO
    first = np.uint64(block) * np.uint64(BLOCK)
    for lane in range(LANES):
        p = first + np.uint64(lane)
        square = _square(q, numbers, p)
        far = _fall(numbers, p, np.sqrt(square) * (q.road + square * bend) - early)
        count = np.int32(count + np.int32(base + numbers[p + MATERIAL] - far >= aim))
    return count


@many
def rough_scores(
    q: Question, numbers: Any, codes: Any, block: Any, within: Any, scores: Any, at: Any, aim: Any
) -> Any:
    """Fill ``scores`` from ``at`` on with what a block's receivers could score at best, as logarithms.

    Returns
    -------
    int
        How many reach ``aim``. What the gates read here refuse is -inf, as is what is not ``within`` the
        first lane and the one after the last.
    """
    early, bend = np.float32(0.5) + q.blur, q.road * np.float32(BEND)
    margin = np.float32(1 + RATIO_MARGIN)
    count = ZERO
    first = np.uint64(block) * np.uint64(BLOCK)
    for lane in range(LANES):
        p = first + np.uint64(lane)
        square = _square(q, numbers, p)
        km = np.sqrt(square) * (q.road + square * bend) - early
        ratio, known, times, part = _amounts(q, numbers, codes, p)
        by_quantity = q.quantity * rough_log_of_near(ratio) if known else q.unknown_quantity
        fit, both, steady = _months(q, numbers, codes, p, times, part)
        by_months = np.float32(0) if steady else q.timing * rough_log(fit)
        best = q.base + numbers[p + MATERIAL] + by_quantity + by_months
        best = best + _quality(q, codes, p) - _fall(numbers, p, km)
        possible = (km <= numbers[p + CUT]) & (both != ZERO) & (codes[p + SITE] != q.site)
        possible = possible & (np.int32(codes[p + REFUSED] & q.refuses) == ZERO)
        possible = possible & (not _is_tiny(q, numbers, p, ratio, known, margin))
        possible = possible & (NUMBERED[lane] >= within[0]) & (NUMBERED[lane] < within[1])
        best = best if possible else np.float32(-np.inf)
        scores[np.uint64(at) + np.uint64(lane)] = best
        count = np.int32(count + np.int32(best >= aim))
    return count


@many
def fine_scores(q: Question, base: Any, numbers: Any, codes: Any, block: Any, tenths: Any) -> None:
    """Fill ``tenths`` with a block's scores in tenths of a point, ``UNSURE`` or ``IMPOSSIBLE``.

    Parameters
    ----------
    base
        As ``q.base``, without any margin.
    """
    half, margin = np.float32(0.5), np.float32(1 - RATIO_MARGIN)
    bend, bend_2 = q.road * np.float32(BEND), q.road * np.float32(BEND_2)
    first = np.uint64(block) * np.uint64(BLOCK)
    for lane in range(LANES):
        p = first + np.uint64(lane)
        square = _square(q, numbers, p)
        line = np.sqrt(square) * (q.road + square * (bend + square * bend_2))
        km = np.rint(line)
        ratio, known, times, part = _amounts(q, numbers, codes, p)
        by_quantity = q.quantity * fine_log(half + half * ratio) if known else q.unknown_quantity
        fit, _, steady = _months(q, numbers, codes, p, times, part)
        by_months = np.float32(0) if steady else q.timing * fine_log(fit)
        total = base + numbers[p + MATERIAL] + by_quantity + by_months
        total = total + _quality(q, codes, p) - _fall(numbers, p, km)
        exact = np.float32(1000) * fine_exp(total if total > np.float32(-60) else np.float32(-60))
        rounded = np.rint(exact)
        edge = half - np.float32(TENTH_MARGIN) - exact * np.float32(FINE_MARGIN)
        unsure = (np.abs(line - km) > half - q.blur) | (np.abs(exact - rounded) > edge)
        unsure = unsure | _is_tiny(q, numbers, p, ratio, known, margin)
        found = np.int32(rounded) if km <= numbers[p + CUT] else IMPOSSIBLE
        tenths[np.uint64(block) * np.uint64(LANES) + np.uint64(lane)] = UNSURE if unsure else found
