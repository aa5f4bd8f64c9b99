"""How far the declared attributes meet the conditions: passed, unknown or failed, condition by condition."""

from __future__ import annotations

import numpy as np

from matching.columns import Floats
from matching.parameters import constant

PASS, UNKNOWN, FAIL = 1, 0, -1


def at_least(offered: Floats, needed: Floats) -> Floats:
    """Compare (n, 2) ranges: the offer's high end must reach the need's low end.

    Returns 1 where it does, -1 where it does not, 0 where the need asks and the offer is unknown, NaN where
    nothing is asked.
    """
    verdict = np.where(offered[:, 1] >= needed[:, 0], PASS, FAIL).astype(np.float64)
    verdict = np.where(np.isnan(offered[:, 1]), UNKNOWN, verdict)
    return np.where(np.isnan(needed[:, 0]), np.nan, verdict)


def at_most(offered: Floats, needed: Floats) -> Floats:
    """Compare (n, 2) ranges: the offer's low end must not pass the need's high end; as ``at_least``."""
    verdict = np.where(offered[:, 0] <= needed[:, 1], PASS, FAIL).astype(np.float64)
    verdict = np.where(np.isnan(offered[:, 0]), UNKNOWN, verdict)
    return np.where(np.isnan(needed[:, 1]), np.nan, verdict)


def quality_score(passed: Floats, unknown: Floats) -> Floats:
    """Return the criterion from the numbers of conditions passed and unknown (none failed).

    Each unknown condition takes its share away, down to a floor.
    """
    score = np.maximum(np.power(constant("unknown_condition"), unknown), constant("least_quality"))
    return np.where(passed + unknown == 0, constant("nothing_to_check"), score)
