"""The life of a synergy: its statuses, and the obstacles that may stop it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from matching.messages import LocalName


class Status(StrEnum):
    """How far a synergy has come; any move is allowed and kept in the history."""

    IDENTIFIED = "identified"
    CONTACTED = "contacted"
    DISCUSSION = "discussion"
    STUDY = "study"
    NEGOTIATION = "negotiation"
    IMPLEMENTING = "implementing"
    IMPLEMENTED = "implemented"
    RUNNING = "running"
    PAUSED = "paused"
    ABANDONED = "abandoned"


# These two say why.
STOPPED = frozenset({Status.PAUSED, Status.ABANDONED})


@lru_cache(maxsize=1)
def obstacles() -> Mapping[str, LocalName]:
    """Return the obstacles by code, in the order of the table."""
    table = (files("app.services") / "obstacles.csv").read_text(encoding="utf-8")
    return {row["code"]: LocalName(row["fr"], row["en"]) for row in csv.DictReader(table.splitlines())}
