"""The default vehicles, what they hold, and the season."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.messages import N_, Message
from matching.planning.collection.problem import Vehicle
from matching.planning.constants import constant, sourced

NAMES = ("van", "rigid", "semi")


def default_fleet(unit: str) -> tuple[Vehicle, ...]:
    """Return a van, a rigid lorry and a semi-trailer with their room in ``unit``; none for another unit."""
    figures = sourced("collection")
    return tuple(
        Vehicle(
            name=name,
            capacity=figures[f"{name}_{unit}"].value,
            eur_per_km=figures[f"{name}_eur_per_km"].value,
            eur_per_h=figures[f"{name}_eur_per_h"].value,
            fixed_eur=figures[f"{name}_fixed_eur"].value,
            kgco2e_per_km=figures[f"{name}_kgco2e_per_km"].value,
        )
        for name in NAMES
        if f"{name}_{unit}" in figures
    )


def loads_of(
    unit: str, resources: Sequence[str], catalogue: Catalogue
) -> tuple[tuple[Vehicle, ...], tuple[Message, ...]]:
    """Return the default fleet for goods in ``unit``, limited by weight and by room where a density is known.

    The density (t/m3) is that of the lightest of the resources for tonnes, of the heaviest for m3.
    """
    fleet = default_fleet(unit)
    if unit not in ("t", "m3"):
        return fleet, ()
    table = catalogue.conversion_table
    found = [
        next((table[a, "m3", "t"] for a in catalogue.lineage(name) if (a, "m3", "t") in table), None)
        for name in resources
    ]
    known = [density for density in found if density]
    if not known or len(known) < len(found):
        text = N_("A full vehicle is counted by {unit} alone: the goods' density is unknown.")
        return fleet, (Message(text, {"unit": unit}),)
    density = min(known) if unit == "t" else max(known)
    rooms, weights = (
        {v.name: v.capacity for v in fleet_in} for fleet_in in (default_fleet("m3"), default_fleet("t"))
    )
    limited = tuple(
        replace(
            v,
            capacity=min(weights[v.name], rooms[v.name] * density)
            if unit == "t"
            else min(rooms[v.name], weights[v.name] / density),
        )
        for v in fleet
    )
    return limited, (Message(N_("Density of the goods: {density} t/m3 (catalogue)."), {"density": density}),)


def season_weeks(columns: FlowColumns, rows: Sequence[int]) -> float:
    """Return the weeks of the year in which any of the rows runs."""
    months = frozenset[int]().union(*(columns.flows[row].active_months for row in rows))
    return constant("collection", "weeks_per_year") * len(months) / 12
