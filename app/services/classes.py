"""Figures told in classes, where the figure itself would say whose it is."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from geo.cells import Cell, between_cells_km, cell_of
from matching.messages import LocalName

# Side of the cells that places are told in; chosen, like the classes, in ``classes.csv``'s spirit: no site is
# ever alone in what is shown of one.
CELL_KM = 5.0


@dataclass(frozen=True, slots=True)
class ValueClass:
    """One class of a scale: below ``upper`` (infinite for the last)."""

    number: int
    upper: float
    label: LocalName


@lru_cache(maxsize=1)
def _scales() -> dict[str, tuple[ValueClass, ...]]:
    text = (files("app.services") / "classes.csv").read_text(encoding="utf-8")
    scales: dict[str, list[ValueClass]] = {}
    for row in csv.DictReader(text.splitlines()):
        upper = float(row["upper"]) if row["upper"] else math.inf
        one = ValueClass(int(row["class"]), upper, LocalName(row["fr"], row["en"]))
        scales.setdefault(row["scale"], []).append(one)
    return {scale: tuple(classes) for scale, classes in scales.items()}


def class_of(scale: str, value: float) -> ValueClass:
    """Return the class of a value on the scale ``quantity``, ``distance`` or ``score``."""
    return next(one for one in _scales()[scale] if value < one.upper or math.isinf(one.upper))


def cell_of_site(lon: float | None, lat: float | None) -> Cell | None:
    """Return the cell of a site, None where it is not placed."""
    return None if lon is None or lat is None else cell_of(lon, lat, CELL_KM)


def distance_class(one: Cell | None, other: Cell | None) -> ValueClass | None:
    """Return the class of the distance between two cells: their middles are all it knows of two sites."""
    if one is None or other is None:
        return None
    return class_of("distance", between_cells_km(one, other, CELL_KM))
