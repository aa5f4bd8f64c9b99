"""Logarithms and exponentials in single precision, compiled, without a branch: many are taken in one step.

The polynomials come nearest over their interval (fitted by reweighted least squares, the errors measured).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from matching.kernel.compiling import many

# Of log(0.5 + 0.5 r) for r in [0, 1].
NEAR = (-0.69308646, 0.99654064, -0.46783421, 0.22089063, -0.0565713)
NEAR_ERROR = 7e-5
# Of log(m) - (m - 1) log(2) for m in [1, 2], which exponents and linear mantissas leave to add.
CURVE = (-0.7996265, 1.41947989, -0.72910058, 0.10968883)
CURVE_ERROR = 5e-4
# Of log(1 + u) / u for 1 + u between the root of a half and the root of two.
SERIES = (
    0.99999994, -0.50000363, 0.33335114, -0.24970072, 0.19898565, -0.17247013, 0.1623419, -0.10134057,
)  # fmt: skip
# Of 2^f for f in [-0.5, 0.5].
POWER = (
    1.00000000059, 0.69314720560, 0.24022646609, 0.05550328998, 0.00961851953, 0.00133998604, 0.00015337577,
)  # fmt: skip
LOG_2 = float(np.log(2.0))
# Single precision as whole numbers: 23 bits of mantissa below an exponent that is 127 for one.
FRACTION_BITS, BIAS = np.int32(23), np.int32(127)
STEP = LOG_2 / 2**23
MANTISSA, ONE, ROOT_OF_HALF = np.int32(0x7FFFFF), np.int32(0x3F800000), np.int32(0x3F3504F3)


@many
def rough_log(value: Any) -> Any:
    """Return the logarithm of a positive number to ``CURVE_ERROR``."""
    pattern = np.float32(value).view(np.int32)
    m = np.int32((pattern & MANTISSA) | ONE).view(np.float32)
    total = np.float32(CURVE[2]) + m * np.float32(CURVE[3])
    total = np.float32(CURVE[1]) + m * total
    total = np.float32(CURVE[0] - 127 * LOG_2) + m * total
    return np.float32(pattern) * np.float32(STEP) + total


@many
def rough_log_of_near(ratio: Any) -> Any:
    """Return the logarithm of 0.5 + 0.5 ``ratio``, which is in [0, 1], to ``NEAR_ERROR``."""
    total = np.float32(NEAR[3]) + ratio * np.float32(NEAR[4])
    total = np.float32(NEAR[2]) + ratio * total
    total = np.float32(NEAR[1]) + ratio * total
    return np.float32(NEAR[0]) + ratio * total


@many
def fine_log(value: Any) -> Any:
    """Return the logarithm of a positive number to single precision."""
    pattern = np.float32(value).view(np.int32)
    exponent = np.int32(np.int32(pattern - ROOT_OF_HALF) >> FRACTION_BITS)
    u = np.int32(pattern - np.int32(exponent << FRACTION_BITS)).view(np.float32) - np.float32(1)
    total = np.float32(SERIES[7])
    total = total * u + np.float32(SERIES[6])
    total = total * u + np.float32(SERIES[5])
    total = total * u + np.float32(SERIES[4])
    total = total * u + np.float32(SERIES[3])
    total = total * u + np.float32(SERIES[2])
    total = total * u + np.float32(SERIES[1])
    total = total * u + np.float32(SERIES[0])
    return np.float32(exponent) * np.float32(LOG_2) + total * u


@many
def fine_exp(value: Any) -> Any:
    """Return the exponential of a number in [-80, 80] to single precision."""
    times = value * np.float32(1 / LOG_2)
    whole = np.rint(times)
    rest = times - whole
    total = np.float32(POWER[6])
    total = total * rest + np.float32(POWER[5])
    total = total * rest + np.float32(POWER[4])
    total = total * rest + np.float32(POWER[3])
    total = total * rest + np.float32(POWER[2])
    total = total * rest + np.float32(POWER[1])
    total = total * rest + np.float32(POWER[0])
    return total * np.int32(np.int32(np.int32(whole) + BIAS) << FRACTION_BITS).view(np.float32)
