"""Constants of the planners, each with unit, source and year, one data file a planner."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from matching.messages import N_, Message


@dataclass(frozen=True, slots=True)
class Sourced:
    """A figure with where it comes from."""

    value: float
    unit: str
    source: str
    year: str
    status: str

    @property
    def note(self) -> Message:
        """The figure and its source in a sentence, for a plan's assumptions."""
        return Message(
            N_("{value} {unit} ({source}, {year})"),
            {"value": self.value, "unit": self.unit, "source": self.source, "year": self.year},
        )


@lru_cache(maxsize=32)
def sourced(planner: str) -> Mapping[str, Sourced]:
    """Return every constant of ``data/PLANNER.csv`` by its key."""
    text = (files("matching.planning") / "data" / f"{planner}.csv").read_text(encoding="utf-8")
    return {
        row["key"]: Sourced(float(row["value"]), row["unit"], row["source"], row["year"], row["status"])
        for row in csv.DictReader(io.StringIO(text))
    }


def constant(planner: str, key: str) -> float:
    """Return one figure of ``data/PLANNER.csv``."""
    return sourced(planner)[key].value
