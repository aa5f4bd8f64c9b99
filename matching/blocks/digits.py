"""Rounding of whole columns to the very numbers that rounding one at a time gives."""

from __future__ import annotations

import numpy as np

from matching.columns import Floats

# 10 to this power is the largest that a double holds exactly.
EXACT_POWER = 22
# What a product may be off by, times its own size, with room: nearer to a half is rounded one at a time.
DOUBT = 1e-14


def significant(values: Floats, digits: int) -> Floats:
    """Return ``float(f"{value:.{digits}g}")`` of each value; NaN stays."""
    found = np.array(values, dtype=np.float64)
    rows = np.flatnonzero(np.isfinite(found) & (found != 0))
    value = found[rows]
    shift = digits - 1 - np.floor(np.log10(np.abs(value)))
    power = np.power(10.0, np.minimum(np.abs(shift), EXACT_POWER))
    with np.errstate(over="ignore", under="ignore"):
        scaled = np.where(shift >= 0, value * power, value / power)
    # What is far too large or too small is rounded one at a time.
    scaled[np.abs(shift) > EXACT_POWER] = 0.0
    whole = np.rint(scaled)
    size = np.abs(whole)
    sure = (np.abs(shift) <= EXACT_POWER) & (size >= 10.0 ** (digits - 1)) & (size <= 10.0**digits)
    sure &= ~_near_half(scaled)
    rounded = np.where(shift >= 0, whole / power, whole * power)
    for place in np.flatnonzero(~sure).tolist():
        rounded[place] = float(f"{value[place]:.{digits}g}")
    found[rows] = rounded
    return found


def decimals(values: Floats, digits: int) -> Floats:
    """Return ``round(value, digits)`` of each value, without negative zeros; NaN stays."""
    scaled = np.asarray(values, dtype=np.float64) * 10.0**digits
    found = np.rint(scaled) / 10.0**digits
    if digits:
        for place in np.flatnonzero(_near_half(scaled)).tolist():
            found.flat[place] = round(float(np.asarray(values).flat[place]), digits)
    return np.asarray(found + 0.0)


def _near_half(scaled: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    with np.errstate(invalid="ignore"):
        doubt = np.maximum(np.abs(scaled), 1.0) * DOUBT
        return np.asarray(np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) <= doubt)
