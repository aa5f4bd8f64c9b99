"""Figures as words: a mark says in which step of a series of numbers a least or a most falls."""

from __future__ import annotations

from math import ceil, floor, inf, log10

# Renard's series R5 (ISO 3): five steps to a decade, each 1.6 times the one before.
STEPS = 5
# What needs and offers speak of lies between these: shares of mass; mm; t, m or kW; mm or L.
LIMITS = {"content": (1e-9, 1.0), "size": (1e-3, 1e4), "capacity": (1e-3, 1e4), "format": (1e-2, 1e4)}
NUMBER = r"(\d{1,5}(?:[.,]\d+)?)"
# Logarithms of round numbers are not round.
MARGIN = 1e-9


def number(text: str) -> float:
    """Return the value of a figure that ``NUMBER`` finds, its decimals after a point or a comma."""
    return float(text.replace(",", "."))


def mark(name: str, value: float) -> str:
    """Return the mark of a figure: ``…-least`` by the step below it, ``…-most`` by the step above it."""
    exact = STEPS * log10(value)
    return f"{name}:{floor(exact + MARGIN) if name.endswith('-least') else ceil(exact - MARGIN)}"


def marks_above(name: str, kind: str, bound: float) -> list[str]:
    """Return the marks ``name-least`` of all that is surely more than ``bound``."""
    first = floor(STEPS * log10(bound) + MARGIN) + 1 if bound < inf else None
    last = ceil(STEPS * log10(LIMITS[kind][1]))
    return [] if first is None else [f"{name}-least:{step}" for step in range(first, last + 1)]


def marks_below(name: str, kind: str, bound: float) -> list[str]:
    """Return the marks ``name-most`` of all that is surely less than ``bound``."""
    if bound <= 0:
        return []
    first, last = floor(STEPS * log10(LIMITS[kind][0])), ceil(STEPS * log10(bound) - MARGIN) - 1
    return [f"{name}-most:{step}" for step in range(first, last + 1)]
