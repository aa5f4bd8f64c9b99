"""Commuting demand on a grid that shows no fewer than k people together, so that no home can be found.

The grid does not depend on the people: its squares are the same for all. A square with fewer than k people
for a workplace zone gives them to the square twice as large, without those already shown; whoever is still
alone in the largest square is not shown. No total is shown from which a hidden number could be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, atan2, cos, degrees, floor, radians

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from matching.criteria.distance import EARTH_RADIUS_KM, road_km
from matching.planning.constants import constant
from matching.planning.transport_model import PLANNER, Commuters, Point, TransportParams

Square = tuple[int, int, int]  # zone, column, row


@dataclass(frozen=True, slots=True)
class Cell:
    """People of one square who work in one zone: the square's centre in degrees, its side in km."""

    zone: int
    lon: float
    lat: float
    side_km: float
    people: int
    distance_km: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Zones as the sites in them, the cells shown, and zones where some people are not shown.

    ``unnamed`` holds, by zone, how many come from places nobody named, where they are ``k_people`` or more.
    """

    zones: tuple[tuple[str, ...], ...]
    cells: tuple[Cell, ...]
    hidden: tuple[int, ...]
    unnamed: dict[int, int]


def demand(commuters: Sequence[Commuters], params: TransportParams) -> Demand:
    """Return the commuting demand by workplace zone and square, each of ``k_people`` or more."""
    zone_of, zones, centres = _zones(commuters)
    left = [
        (zone_of[c.site], *plane_km(c.home_km), c.people)
        for c in commuters
        if c.people > 0 and c.home_km is not None
    ]
    unnamed: dict[int, int] = defaultdict(int)
    for c in commuters:
        unnamed[zone_of[c.site]] += 0 if c.home_km is not None else c.people
    cells: list[Cell] = []
    for level in range(params.doublings + 1):
        side = params.cell_km * 2**level
        squares: dict[Square, int] = defaultdict(int)
        for zone, x, y, people in left:
            squares[zone, floor(x / side), floor(y / side)] += people
        shown = {square: people for square, people in squares.items() if people >= params.k_people}
        cells += [_cell(square, side, people, centres[square[0]]) for square, people in shown.items()]
        left = [p for p in left if (p[0], floor(p[1] / side), floor(p[2] / side)) not in shown]
    cells.sort(key=lambda cell: (cell.zone, -cell.people, cell.lat, cell.lon, cell.side_km))
    known = {zone: people for zone, people in sorted(unnamed.items()) if people >= params.k_people}
    return Demand(zones, tuple(cells), tuple(sorted({zone for zone, *_ in left})), known)


def plane_km(point: Point) -> tuple[float, float]:
    """Return km east of Greenwich and north of the equator on one plane for all (its scale is France's)."""
    scale = EARTH_RADIUS_KM * cos(radians(constant(PLANNER, "reference_latitude")))
    sine = max(-1.0, min(1.0, point[2] / _norm(point)))
    return scale * atan2(point[1], point[0]), EARTH_RADIUS_KM * asin(sine)


def _norm(point: Point) -> float:
    return float(np.sqrt(sum(value**2 for value in point)))


def _cell(square: Square, side: float, people: int, work: Point) -> Cell:
    zone, column, row = square
    scale = EARTH_RADIUS_KM * cos(radians(constant(PLANNER, "reference_latitude")))
    lon, lat = (column + 0.5) * side / scale, (row + 0.5) * side / EARTH_RADIUS_KM
    centre = EARTH_RADIUS_KM * np.array([cos(lat) * cos(lon), cos(lat) * np.sin(lon), np.sin(lat)])
    km = float(road_km(centre, np.array(work)))
    return Cell(zone, round(degrees(lon), 4), round(degrees(lat), 4), side, people, km)


def _zones(
    commuters: Sequence[Commuters],
) -> tuple[dict[str, int], tuple[tuple[str, ...], ...], list[Point]]:
    """Gather workplaces within ``zone_km`` of each other; numbered by their first site's name."""
    places = {c.site: c.work_km for c in sorted(commuters, key=lambda c: c.site, reverse=True)}
    sites = sorted(places)
    if len(sites) < 2:
        return {site: 0 for site in sites}, (tuple(sites),) if sites else (), [places[s] for s in sites]
    points = np.array([places[site] for site in sites])
    apart = road_km(points[:, None, :], points[None, :, :])
    np.fill_diagonal(apart, 0.0)
    labels = fcluster(
        linkage(squareform(apart, checks=False), "complete"), constant(PLANNER, "zone_km"), "distance"
    )
    order: dict[int, int] = {}
    zone_of = {
        site: order.setdefault(int(label), len(order)) for site, label in zip(sites, labels, strict=True)
    }
    zones = tuple(tuple(site for site in sites if zone_of[site] == zone) for zone in range(len(order)))
    centres = [tuple(float(v) for v in np.mean([places[s] for s in zone], axis=0)) for zone in zones]
    return zone_of, zones, [(c[0], c[1], c[2]) for c in centres]
