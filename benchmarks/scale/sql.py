"""The score in SQL, as DuckDB and PostgreSQL both understand it."""

from __future__ import annotations

from math import log

from benchmarks.scale.rules import Rules
from matching.criteria.distance import EARTH_RADIUS_KM


def square() -> str:
    """Return the expression of the square of the straight distance, in km²."""
    return " + ".join(f"(o.o_{axis} - i.i_{axis}) * (o.o_{axis} - i.i_{axis})" for axis in "xyz")


def road_km(r: Rules) -> str:
    """Return the expression of a road distance in km, to 0.1."""
    arc = f"asin(least(sqrt({square()}) / {2 * EARTH_RADIUS_KM}, 1.0)) * {2 * EARTH_RADIUS_KM}"
    return f"round({arc} * {r.road_factor} * 10) / 10"


def score(r: Rules, months_shared: str, km: str) -> str:
    """Return the expression of the score, in [0, 100] to 0.1.

    Parameters
    ----------
    months_shared
        Expression of how many months both are active, which no two dialects write alike.
    km
        Expression or name of the road distance.
    """
    material = "least(l.strength * sqrt(o.o_certainty * i.i_certainty), 1.0)"
    terms = (
        f"{r.material} * ln({material})",
        f"{r.quantity} * ln({_quantity(r)})",
        f"{r.timing} * ln({_timing(months_shared)})",
        f"-{r.distance * log(2.0)!r} * greatest({km} - {r.full_km}, 0.0) / {r.half_km}",
        f"{r.quality} * ln({_quality(r)})",
    )
    return f"round(round(100 * exp({' + '.join(terms)}) * 1e9) / 1e9 * 10) / 10"


def _quality(r: Rules) -> str:
    return (
        f"CASE WHEN i.i_quality = 0 THEN {r.nothing_to_check} "
        f"WHEN (i.i_quality & ~o.o_quality) = 0 THEN 1.0 ELSE {r.unknown_condition} END"
    )


def _quantity(r: Rules) -> str:
    near = "0.5 + 0.5 * least(o.o_value, i.i_value) / greatest(o.o_value, i.i_value)"
    unknown = "o.o_value IS NULL OR i.i_value IS NULL"
    return f"CASE WHEN {unknown} THEN {r.unknown_quantity} ELSE {near} END"


def _timing(months_shared: str) -> str:
    known = "least(o.o_value / o.o_active, i.i_value / i.i_active) / least(o.o_value, i.i_value)"
    unknown = "1.0 / greatest(o.o_active, i.i_active)"
    return (
        "CASE WHEN o.o_months = i.i_months THEN 1.0 ELSE least(1.0, "
        f"{months_shared} * CASE WHEN o.o_value IS NULL OR i.i_value IS NULL THEN {unknown} ELSE {known} END)"
        " END"
    )
