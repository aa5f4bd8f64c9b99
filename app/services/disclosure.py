"""The one rule of what may be told of several companies to somebody who may not know each of them.

A number is told when three companies at least make it up and the largest of them makes at most 85 % of it:
the dominance rule of INSEE's business statistics. Teasers and the figures of observers both ask here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

FEWEST_COMPANIES = 3
LARGEST_SHARE = 0.85


def may_tell(parts: Iterable[tuple[Collection[str], float]]) -> bool:
    """Tell whether a sum may be told.

    Parameters
    ----------
    parts
        What is summed up, each with the companies it is of; what is of several counts whole for each of them,
        since the sum would tell nearly all of one that is in all of it. Parts weigh by their size, whatever
        their sign.
    """
    by_company: dict[str, float] = {}
    whole = 0.0
    for companies, size in parts:
        whole += abs(size)
        for company in companies:
            by_company[company] = by_company.get(company, 0.0) + abs(size)
    if len(by_company) < FEWEST_COMPANIES:
        return False
    return max(by_company.values()) <= LARGEST_SHARE * whole
