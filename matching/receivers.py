"""Who usually takes others' outputs: shares by material, by code of waste, and by the trade that gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from matching.catalogue.model import Catalogue
from matching.catalogue.tables import read_rows

Shares = Mapping[str, float]
NONE: Shares = {}


def receiver_shares(scope: str, key: str) -> Shares:
    """Return how readily each division takes others' outputs, in [0, 1], from ``receiver_divisions.csv``.

    ``scope`` is ``all`` (``key`` empty), ``resource`` (a catalogue id), ``reach`` (a key of
    ``reaches.csv``) or ``waste`` (the first 2, 4 or 6 digits of a code).
    """
    return _receiver_table().get((scope, key), NONE)


def resource_shares(resource: str, catalogue: Catalogue) -> Shares:
    """Return the shares of a resource or of its nearest ancestor that has some, else none."""
    for key in catalogue.lineage(resource):
        if shares := receiver_shares("resource", key):
            return shares
    return NONE


def waste_shares(waste_code: str) -> Shares:
    """Return the shares of a code of waste, of its group or of its chapter, the most precise there is."""
    for digits in (6, 4, 2):
        if shares := receiver_shares("waste", waste_code[:digits]):
            return shares
    return NONE


def neighbour_factor(donor: str, division: str) -> float:
    """Return how much likelier a division is when an activity of ``donor``'s division gives, 1 if unknown.

    From ``donor_receivers.csv``: a steelworks' outputs go to mineral works more often than those of others.
    """
    return _donor_table().get((donor[:2], division), 1.0)


@lru_cache(maxsize=1)
def _receiver_table() -> Mapping[tuple[str, str], Shares]:
    table: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for row in read_rows("receiver_divisions.csv"):
        table[row["scope"], row["key"]][row["division"]] = float(row["weight"])
    return dict(table)


@lru_cache(maxsize=1)
def _donor_table() -> Mapping[tuple[str, str], float]:
    rows = read_rows("donor_receivers.csv")
    return {(row["donor"], row["division"]): float(row["factor"]) for row in rows}
