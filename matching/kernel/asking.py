"""An output as a question that many receivers answer at once, compiled."""

from __future__ import annotations

from math import isnan, sqrt
from typing import Any

import numpy as np

from matching.kernel.cells import LARGEST, NONE, SMALLEST
from matching.kernel.compiling import inlined
from matching.kernel.lanes import Question
from matching.kernel.merging import ASKED, BARRED, FAR_KM, IS_GOODS, IS_NEVER_GOODS, Merged, squeezed
from matching.kernel.tables import GOODS, NEVER_GOODS, Problem

# By how much single precision blurs a distance, as a share of coordinates and reach and in tenths of a km.
BLUR_SHARE, LEAST_BLUR = 4e-7, 5e-4


@inlined
def is_plain(o: Any) -> bool:
    """Tell whether an output is one of those that can be searched for together."""
    usual = isnan(o.value) or SMALLEST < o.value < LARGEST
    alone = o.reading_stop - o.reading_start == 1 and o.word_start == o.word_stop
    said = o.refuses == NONE and o.months != 0 and isnan(o.to_x)
    return bool(usual and alone and said and not isnan(o.x))


@inlined
def ask(problem: Problem, o: Any, base: float, merged: Merged, offered: Any, shift: Any) -> Question:
    """Return what a plain output asks of the receivers put together.

    Parameters
    ----------
    base
        The logarithm that all have in common, with a margin.
    offered
        Properties that one of the outputs has; ``shift`` goes with them, see ``merging``.
    """
    grid, t = problem.grid[0], problem.terms[0]
    x, y, z = o.x - grid.x, o.y - grid.y, o.z - grid.z
    furthest = max(grid.radius_km, sqrt(x * x + y * y + z * z))
    blurred_km = t.road_factor * furthest + min(merged.cut_km, FAR_KM)
    has = squeezed(o.has, offered, shift)
    refuses = has | BARRED
    if o.nature & GOODS:
        refuses |= IS_NEVER_GOODS
    if o.nature & NEVER_GOODS:
        refuses |= IS_GOODS
    return Question(
        np.float32(x),
        np.float32(y),
        np.float32(z),
        np.float32(o.value),
        np.float32(1 / o.value),
        np.float32(1 / o.active_months),
        np.float32(base),
        np.float32(t.road_factor * 10),
        np.float32(LEAST_BLUR + 10 * BLUR_SHARE * blurred_km),
        np.float32(t.quantity),
        np.float32(t.timing),
        np.float32(t.quantity * t.log_unknown_quantity),
        np.float32(t.quality * t.log_nothing_to_check),
        np.float32(t.quality * max(t.log_unknown_condition, t.log_least_quality)),
        np.float32(t.tiny_share),
        np.float32(o.lot),
        np.int32(o.unit),
        np.int32(o.months),
        np.int32(o.site),
        np.int32(has | ASKED),
        np.int32(refuses),
    )
