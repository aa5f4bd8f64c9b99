"""Whether heat at one temperature can serve a need at another, directly or through a heat pump."""

from __future__ import annotations

import numpy as np

from matching.columns import Floats
from matching.criteria.quality import FAIL, PASS, UNKNOWN
from matching.parameters import constant

KELVIN = 273.15


def heat_pump_cop(source_c: Floats, needed_c: Floats) -> Floats:
    """Return the coefficient of performance of a heat pump from ``source_c`` to ``needed_c``, in °C.

    ``carnot_share · T_h / (T_h - T_c)`` in kelvin (Carnot's limit times a practical share); infinite when
    the source is the warmer one.
    """
    lift = needed_c - source_c
    ideal = np.divide(needed_c + KELVIN, lift, out=np.full_like(lift, np.inf), where=lift > 0)
    return np.asarray(constant("carnot_share") * ideal)


def heat_verdict(offered_c: Floats, needed_c: Floats) -> tuple[Floats, Floats]:
    """Compare (n, 2) temperature ranges of a source of heat and a need.

    Returns
    -------
    tuple
        The verdict (1, 0, -1, NaN where nothing is asked) and the heat pump's COP where one is needed, else
        NaN. A source warmer than the need by less than the design gap still passes, as unknown.
    """
    source, need = offered_c[:, 1], needed_c[:, 0]
    gap = constant("heat_gap_k")
    cop = heat_pump_cop(source - gap / 2, need + gap / 2)
    direct = source >= need
    verdict = np.where(source >= need + gap / 2, PASS, UNKNOWN).astype(np.float64)
    verdict = np.where(~direct & (cop < constant("minimum_cop")), FAIL, verdict)
    verdict = np.where(np.isnan(source), UNKNOWN, verdict)
    verdict = np.where(np.isnan(need), np.nan, verdict)
    return verdict, np.where(direct | np.isnan(verdict) | np.isnan(source), np.nan, cop)


def cold_verdict(offered_c: Floats, needed_c: Floats) -> Floats:
    """Compare a source of cold with a need: the source must be at least as cold."""
    verdict = np.where(offered_c[:, 0] <= needed_c[:, 1], PASS, FAIL).astype(np.float64)
    verdict = np.where(np.isnan(offered_c[:, 0]), UNKNOWN, verdict)
    return np.where(np.isnan(needed_c[:, 1]), np.nan, verdict)
