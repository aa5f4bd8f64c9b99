"""How well two yearly quantities answer each other."""

from __future__ import annotations

import numpy as np

from matching.columns import Floats
from matching.parameters import constant


def quantity_score(offered: Floats, needed: Floats) -> Floats:
    """Return 0.5 + 0.5 · min/max of two quantities a year in the same unit; NaN where unknown gives 0.6."""
    larger = np.maximum(offered, needed)
    ratio = np.divide(np.minimum(offered, needed), larger, out=np.zeros_like(larger), where=larger > 0)
    return np.where(np.isnan(offered) | np.isnan(needed), constant("unknown_quantity"), 0.5 + 0.5 * ratio)
