"""Territories of any size as plain columns, the same rows for every peer."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RESOURCES = 600
COMPATIBLE = 20
PARKS = 200
SIDE_KM = 300.0
FLOWS_AT_DENSITY = 100_000  # on a square of SIDE_KM
REACH_KM = (10.0, 15.0, 50.0)  # full, half, cut
FLOWS_PER_SITE = 5
SPREAD_KM = 2.0
SEASONAL_SHARE = 0.25
UNKNOWN_SHARE = 0.2
KM_PER_DEGREE = 111.195
MIDDLE = (46.6, 2.5)
QUALITIES = 4
MAINLAND_KM = 700.0  # from the middle


@dataclass(frozen=True, slots=True)
class Territory:
    """Flows and links as columns.

    Attributes
    ----------
    quality
        Masks of properties: had by an output, needed by an input.
    links
        Strength of each (output resource, input resource), shape (RESOURCES, RESOURCES), 0 without link.
    """

    is_output: NDArray[np.bool_]
    site: Ints
    resource: Ints
    certainty: Floats
    latitude: Floats
    longitude: Floats
    quantity: Floats
    months: Ints
    quality: NDArray[np.uint64]
    links: Floats

    def __len__(self) -> int:
        return len(self.site)


def territory(
    count: int, seed: int = 1, *, constant_density: bool = False, points: Floats | None = None
) -> Territory:
    """Return ``count`` flows, half of them outputs, the same for the same seed.

    Sites stand in parks scattered over a square; resources follow Zipf's law, as in real diagnostics.

    Parameters
    ----------
    constant_density
        Whether the square grows with the number of flows.
    points
        Real places to scatter the sites around instead, (longitude, latitude) in degrees, shape (n, 2).
    """
    dice = np.random.default_rng(seed)
    scale = np.sqrt(count / FLOWS_AT_DENSITY) if constant_density else 1.0
    side, parks = SIDE_KM * scale, max(3, round(PARKS * scale**2))
    centres = dice.uniform(-side / 2, side / 2, (parks, 2)) if points is None else _in_km(points)
    sites = -(-count // FLOWS_PER_SITE)
    place = centres[dice.integers(len(centres), size=sites)] + dice.normal(0, SPREAD_KM, (sites, 2))
    site = np.arange(count) // FLOWS_PER_SITE
    latitude = MIDDLE[0] + place[:, 1] / KM_PER_DEGREE
    longitude = MIDDLE[1] + place[:, 0] / (KM_PER_DEGREE * np.cos(np.radians(latitude)))
    popularity = 1 / np.arange(1, RESOURCES + 1)
    quantity = dice.lognormal(3, 1.5, count)
    quantity[dice.random(count) < UNKNOWN_SHARE] = np.nan
    season = dice.integers(1, 4095, count)
    return Territory(
        is_output=np.arange(count) % 2 == 0,
        site=site,
        resource=dice.choice(RESOURCES, count, p=popularity / popularity.sum()),
        certainty=dice.uniform(0.7, 1.0, count),
        latitude=latitude[site],
        longitude=longitude[site],
        quantity=quantity,
        months=np.where(dice.random(count) < SEASONAL_SHARE, season, 4095),
        quality=(dice.integers(0, 1 << QUALITIES, count) & dice.integers(0, 1 << QUALITIES, count)).astype(
            np.uint64
        ),
        links=_links(np.random.default_rng(7)),
    )


def _in_km(points: Floats) -> Floats:
    """Return where points stand east and north of the middle."""
    longitude, latitude = points.T
    east = (longitude - MIDDLE[1]) * KM_PER_DEGREE * np.cos(np.radians(latitude))
    return np.column_stack([east, (latitude - MIDDLE[0]) * KM_PER_DEGREE])


def real_points(file: Path) -> Floats:
    """Return the places of a CSV file with columns ``lon`` and ``lat``, those of the mainland of Europe."""
    with file.open(encoding="utf-8", newline="") as handle:
        found = [(row["lon"], row["lat"]) for row in csv.DictReader(handle) if row["lon"] and row["lat"]]
    points = np.array(found, dtype=np.float64)
    # Overseas would stretch the plane of kilometres beyond what it is good for.
    east, north = np.abs(_in_km(points)).T
    return np.asarray(points[(east < MAINLAND_KM) & (north < MAINLAND_KM)])


def _links(dice: np.random.Generator) -> Floats:
    """Return the links: a resource goes to itself fully, and to others with a strength of its own."""
    links = np.zeros((RESOURCES, RESOURCES))
    for resource in range(RESOURCES):
        others = dice.choice(RESOURCES, COMPATIBLE - 1, replace=False)
        links[resource, others] = dice.uniform(0.4, 0.95, COMPATIBLE - 1).round(3)
        links[resource, resource] = 1.0
    return links
