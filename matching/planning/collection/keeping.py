"""Which hazard classes travel apart, and how long goods keep."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from importlib.resources import files

from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("matching.planning") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


@lru_cache(maxsize=1)
def classes_apart() -> frozenset[tuple[str, str]]:
    """Return the pairs of hazard classes of ``collection_apart.csv``; the empty class is ordinary goods."""
    return frozenset((row["first"], row["second"]) for row in _rows("collection_apart.csv"))


@lru_cache(maxsize=1)
def hazard_classes() -> frozenset[str]:
    """Return the hazard classes that the table knows."""
    return frozenset(name for pair in classes_apart() for name in pair) - {"", "*"}


@lru_cache(maxsize=1)
def _keeping() -> dict[tuple[str, str], float]:
    return {(row["kind"], row["key"]): float(row["weeks"]) for row in _rows("collection_keeping.csv")}


def keeping_weeks(columns: FlowColumns, catalogue: Catalogue, row: int, resource: str) -> float | None:
    """Return how many weeks a row's goods keep (``collection_keeping.csv``), None without limit.

    By its resource or its nearest ancestor; else the shortest by its properties and its reach.
    """
    table = _keeping()
    for ancestor in catalogue.lineage(resource):
        if ("resource", ancestor) in table:
            return table["resource", ancestor]
    stated = columns.facts[row].has | catalogue.resources[resource].properties
    keys = [("reach", catalogue.resources[resource].reach), *(("property", name) for name in stated)]
    return min((table[key] for key in keys if key in table), default=None)
