"""One pair, compiled: its gates and its score, term by term as ``gates`` and ``scoring`` define them.

``o`` and ``i`` are records of an output and an input, ``b`` of the link between them, ``t`` of the terms.
"""

from __future__ import annotations

from math import asin, exp, isnan, log, sqrt
from typing import Any

import numpy as np

from matching.criteria.distance import EARTH_RADIUS_KM
from matching.criteria.heat import KELVIN
from matching.kernel.compiling import inlined
from matching.kernel.tables import ENERGY, GOODS, NEVER_GOODS

REFUSED = -1.0
# Verdicts, as ``criteria.quality`` names them, and two more: nothing is asked, or a heat pump is needed.
PASS, UNKNOWN, FAIL = 1, 0, -1
UNASKED, PUMPED = 2, 3
NONE = np.uint64(0)
LOG_2 = log(2.0)
SHORT_ANGLE = 0.01  # 255 km


@inlined
def rounded(value: float, steps: float) -> float:
    """Return ``value`` to the nearest of ``steps`` a unit, as numpy rounds."""
    return float(np.rint(value * steps) / steps)


@inlined
def arc_km(dx: float, dy: float, dz: float) -> float:
    """Return the great-circle distance in km of two points by the straight line between them."""
    half = sqrt(dx**2 + dy**2 + dz**2) / (2 * EARTH_RADIUS_KM)
    if half < SHORT_ANGLE:
        # The inverse sine's own series: what it leaves out is less than a float's last digit.
        square = half * half
        return 2 * EARTH_RADIUS_KM * half * (1 + square * (1 / 6 + square * (3 / 40 + square * (15 / 336))))
    return 2 * EARTH_RADIUS_KM * asin(min(half, 1.0))


@inlined
def _at_least(low: float, high: float, bound: float) -> int:
    if isnan(bound):
        return UNASKED
    if isnan(high):
        return UNKNOWN
    return PASS if high >= bound else FAIL


@inlined
def _at_most(low: float, high: float, bound: float) -> int:
    if isnan(bound):
        return UNASKED
    if isnan(high):
        return UNKNOWN
    return PASS if low <= bound else FAIL


@inlined
def refused_flatly(o: Any, i: Any, t: Any) -> bool:
    """Tell whether nature, season, volume or destination refuse the pair, whatever the link."""
    if (o.nature & GOODS and i.nature & NEVER_GOODS) or (o.nature & NEVER_GOODS and i.nature & GOODS):
        return True
    if o.months & i.months == 0:
        return True
    if o.unit == i.unit:
        # Unknown quantities compare false.
        smaller, larger = min(o.value, i.value), max(o.value, i.value)
        if smaller < t.tiny_share * larger and smaller < o.lot:
            return True
    if isnan(o.to_x) or isnan(i.to_x):
        return False
    apart = arc_km(o.to_x - i.to_x, o.to_y - i.to_y, o.to_z - i.to_z) * t.road_factor
    return bool(rounded(apart, 10.0) > t.same_destination_km)


@inlined
def _properties(o: Any, i: Any, b: Any, t: Any) -> int:
    offered = (o.has | b.offered) & ~o.refuses
    needed = i.has | b.needed
    bad = offered & i.refuses
    bad |= offered & b.refused & ~b.accepted
    bad |= offered & t.default_refused & ~(b.accepted | b.presumed)
    bad |= offered & i.conflicts & ~(needed | b.nature)
    bad |= offered & b.needed_conflicts & ~needed & ~b.presumed
    if bad != NONE or needed & ~offered & t.never_assumed != NONE:
        return FAIL
    asked = needed & t.asked_qualities
    if asked == NONE:
        return UNASKED
    return PASS if asked & ~offered == NONE else UNKNOWN


@inlined
def _heat(o: Any, i: Any, t: Any) -> int:
    """Return the verdict of a source of heat for a need."""
    source, need = o.temperature_high, i.temperature_low
    if isnan(need):
        return UNASKED
    if isnan(source):
        return UNKNOWN
    if source >= need:
        return PASS if source >= need + t.heat_gap_k / 2 else UNKNOWN
    hot = need + t.heat_gap_k / 2
    lift = hot - (source - t.heat_gap_k / 2)
    cop = t.carnot_share * ((hot + KELVIN) / lift) if lift > 0 else np.inf
    barred = i.refuses & t.heat_pump != NONE or i.has & t.direct_exchange != NONE
    if cop < t.minimum_cop or barred or need > t.heat_pump_max_c:
        return FAIL
    return PUMPED


@inlined
def _temperature(o: Any, i: Any, b: Any, t: Any) -> int:
    """Return the verdict of the temperatures."""
    if b.cold:
        if isnan(i.temperature_high):
            return UNASKED
        if isnan(o.temperature_low):
            return UNKNOWN
        return PASS if o.temperature_low <= i.temperature_high else FAIL
    if b.heat or (o.nature & ENERGY and i.nature & ENERGY):
        return _heat(o, i, t)
    return UNASKED


@inlined
def _requirements(o: Any, b: Any, conditions: Any) -> int:
    """Return the worst verdict of a rule's conditions."""
    worst = UNASKED
    for n in range(b.condition_start, b.condition_stop):
        c = conditions[n]
        low, high = o.temperature_low, o.temperature_high
        if c.attribute == 2:
            low, high = o.concentration_low, o.concentration_high
        elif c.attribute == 3:
            low, high = o.moisture_low, o.moisture_high
        verdict = _at_least(low, high, c.value) if c.at_least else _at_most(low, high, c.value)
        worst = min(worst, UNKNOWN if c.attribute == 0 else verdict)
    return worst


@inlined
def log_amounts(o: Any, i: Any, t: Any) -> float:
    """Return the weighted logarithms of quantity and timing; ``i`` may be a posting."""
    offered, needed = o.value, i.value
    known = o.unit == i.unit and not isnan(offered) and not isnan(needed)
    total = t.quantity * t.log_unknown_quantity
    if known:
        larger = max(offered, needed)
        total = t.quantity * log(0.5 + 0.5 * (min(offered, needed) / larger if larger > 0 else 0.0))
    both = o.months & i.months
    if t.timing == 0 or (both == o.months and both == i.months):
        return float(total)
    if not known or offered <= 0 or needed <= 0:
        offered, needed = 1.0, 1.0
    shared = months_in(both) * min(offered / o.active_months, needed / i.active_months)
    return float(total + t.timing * log(min(shared / min(offered, needed), 1.0)))


@inlined
def months_in(mask: int) -> int:
    """Return how many months a mask has."""
    mask = (mask & 0x555) + ((mask >> 1) & 0x555)
    mask = (mask & 0x333) + ((mask >> 2) & 0x333)
    return int((mask & 0xF) + ((mask >> 4) & 0xF) + (mask >> 8))


@inlined
def score_of(o: Any, i: Any, b: Any, t: Any, conditions: Any, log_material: float) -> float:
    """Return the score of a pair by a link, in [0, 100] to 0.1, or ``REFUSED``.

    What needs no link is checked before, by ``refused_flatly``; ``log_material`` is a weighted
    logarithm.
    """
    km = rounded(arc_km(o.x - i.x, o.y - i.y, o.z - i.z) * t.road_factor, 10.0)
    if km > b.cut_km:
        return REFUSED
    properties = _properties(o, i, b, t)
    heat = _temperature(o, i, b, t)
    strength = _at_least(o.concentration_low, o.concentration_high, i.concentration_low)
    moisture = _at_most(o.moisture_low, o.moisture_high, i.moisture_high)
    rule = _requirements(o, b, conditions)
    if properties == FAIL or heat == FAIL or strength == FAIL or moisture == FAIL or rule == FAIL:
        return REFUSED
    unknown = (properties == UNKNOWN) + (heat == UNKNOWN) + (strength == UNKNOWN) + (moisture == UNKNOWN)
    unknown += (rule == UNKNOWN) + (heat == PUMPED) + isnan(km)
    passed = properties == PASS or heat == PASS or strength == PASS or moisture == PASS or rule == PASS
    log_quality = t.log_nothing_to_check
    if passed or unknown:
        log_quality = max(unknown * t.log_unknown_condition, t.log_least_quality)
    total = (
        log_material + log_amounts(o, i, t) + t.distance * log_distance(km, b, t) + t.quality * log_quality
    )
    if heat == PUMPED:
        total += t.material * t.log_heat_pump_factor
    # Twice, so that a value on the edge of two tenths falls the same way whatever the order of its terms.
    return rounded(rounded(100 * exp(total), 1e9), 10.0)


@inlined
def log_distance(km: float, b: Any, t: Any) -> float:
    """Return the logarithm of the distance criterion: halved each further ``half_km``."""
    if isnan(km):
        return float(t.log_unknown_distance)
    return float(-LOG_2 * max(km - b.full_km, 0.0) / b.half_km)
