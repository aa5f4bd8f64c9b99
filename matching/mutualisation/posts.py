"""Whether needs of hands fit together: hours that make one post, seasons that follow each other, and cover.

Nights, weekends, peaks and absences do not add up to posts: several firms keep such hands together.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.columns import Floats, FlowColumns
from matching.model import ALL_YEAR
from matching.parameters import constant
from matching.words import plain

FULL_TIME_HOURS_PER_MONTH = 1607 / 12  # French labour code, L3121-41
# Words of who stands in, lends a hand or keeps watch rather than hold a post (usage of advertisements).
COVER_WORDS = frozenset(
    """
    renfort renforts remplacement remplacements remplacant remplacante remplacants remplacer suppleant
    suppleante suppleance releve astreinte astreintes garde gardes permanence permanences veille pic pics
    extra extras appoint interim vacation vacations weekend weekends nuit nuits relief cover standby
    replacement temporary peak peaks backup
    """.split()
)
COVER_PHRASES = ("week end", "fin de semaine", "fins de semaine", "a partager", "en commun", "on call")
# Two needs of cover suit each other however many hours they are, less than hours that make one post (own
# estimate).
COVER_FIT = 0.5


def job_fit(columns: FlowColumns, rows: NDArray[np.int64]) -> Floats:
    """Return how well each two needs of hands fit together, in [0, 1], shape (n, n)."""
    hours = np.array([_hours_by_month(columns, int(row)) for row in rows]) / FULL_TIME_HOURS_PER_MONTH
    both = hours[:, None, :] + hours[None, :, :]
    smaller = np.minimum(hours[:, None, :], hours[None, :, :])
    over = np.minimum(np.maximum(both - constant("full_post"), 0.0), smaller).sum(axis=2)
    least = np.minimum(hours.sum(axis=1)[:, None], hours.sum(axis=1)[None, :])
    fit = 1 - np.divide(over, least, out=np.zeros_like(over), where=least > 0)
    flows = [columns.flows[int(row)] for row in rows]
    cover = np.array([covers(f"{flow.label} , {flow.comment}") for flow in flows], dtype=bool)
    fit = np.where(cover[:, None] & cover[None, :], np.maximum(fit, COVER_FIT), fit)
    return np.asarray(np.where(fit < constant("least_job_fit"), 0.0, fit))


@lru_cache(maxsize=10_000)
def covers(text: str) -> bool:
    """Tell whether a need of hands is said to cover for others rather than to fill a post."""
    words = plain(text).replace("-", " ").replace(",", " ").split()
    line = f" {' '.join(words)} "
    return not COVER_WORDS.isdisjoint(words) or any(f" {phrase} " in line for phrase in COVER_PHRASES)


def _hours_by_month(columns: FlowColumns, row: int) -> Floats:
    """Hours of work in each month; a post (ETP) counts fully in its active months only."""
    flow, quantity = columns.flows[row], columns.quantities[row]
    active = np.array([month in flow.active_months for month in sorted(ALL_YEAR)], dtype=float)
    if flow.quantity is not None and flow.quantity.unit == "ETP":
        return flow.quantity.value.middle * FULL_TIME_HOURS_PER_MONTH * active
    per_unit = {"h": 1.0, "jour": constant("hours_per_day")}.get(quantity.unit) if quantity else None
    if quantity is None or quantity.per_year is None or per_unit is None:
        return constant("unknown_post") * FULL_TIME_HOURS_PER_MONTH * active
    return np.asarray(quantity.per_year * per_unit * active / active.sum())
