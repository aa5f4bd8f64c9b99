"""The map of a territory's report: sites, best synergies and names of communes, in millimetres of paper."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from app.exports.geographic import geometry_of
from app.exports.places import Places
from geo.gazetteer import communes
from matching.model import Flow, Site

Point = tuple[float, float]
WIDTH_MM, HEIGHT_MM = 174.0, 128.0
# Of the paper, between the outermost site and the frame.
MARGIN = 0.08
# Of the numbers drawn on lines, and how far apart they are put when several lines are short.
BADGE_MM, STEP_MM, RINGS, DIRECTIONS = 2.0, 4.6, 5, 12
# A territory of one site still needs some ground around it: about 2 km.
SMALLEST_DEGREES = 0.02
MOST_NAMES = 16
# Room for a name: a letter's width and a line's height at the size of the template.
LETTER_MM, LINE_MM = 1.45, 3.2
# Where a name may stand around its place, in widths to the right and lines down: the first that is free.
ASIDE = ((0, 0), (0, -1), (0, 1), (1, 0), (-1, 0), (0, -2), (0, 2))
# One degree of latitude, in km: IUGG mean radius 6371.0088 km x pi / 180.
KM_PER_DEGREE = 111.195
SCALES_KM = (0.5, 1, 2, 5, 10, 20, 50, 100, 200)
PART = re.compile(r"\bArrondissement\b", re.IGNORECASE)
# What paper shows: a tenth of a millimetre.
DIGITS = 1


@dataclass(frozen=True, slots=True)
class Paper:
    """From degrees to millimetres: an equirectangular map true to scale in its middle."""

    west: float
    north: float
    mm_per_lat: float
    mm_per_lon: float

    @classmethod
    def around(cls, points: Sequence[Point]) -> Paper:
        """Return the largest map that holds all points with a margin."""
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        middle_lon, middle_lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        shrink = math.cos(math.radians(middle_lat))
        wide = max(max(lons) - min(lons), SMALLEST_DEGREES) * shrink
        tall = max(max(lats) - min(lats), SMALLEST_DEGREES)
        scale = (1 - 2 * MARGIN) * min(WIDTH_MM / wide, HEIGHT_MM / tall)
        west = middle_lon - WIDTH_MM / 2 / (scale * shrink)
        return cls(west, middle_lat + HEIGHT_MM / 2 / scale, scale, scale * shrink)

    def at(self, lon: float, lat: float) -> list[float]:
        """Return where a point lies, from the top left of the map."""
        x, y = (lon - self.west) * self.mm_per_lon, (self.north - lat) * self.mm_per_lat
        return [round(x, DIGITS), round(y, DIGITS)]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the map, in degrees."""
        south, east = self.north - HEIGHT_MM / self.mm_per_lat, self.west + WIDTH_MM / self.mm_per_lon
        return self.west, south, east, self.north

    @property
    def mm_per_km(self) -> float:
        """Millimetres of paper a kilometre."""
        return self.mm_per_lat / KM_PER_DEGREE


def territory_map(
    sites: Sequence[Site],
    flows: Sequence[Flow],
    shown: Sequence[Mapping[str, Any]],
    land: BaseGeometry | None = None,
) -> dict[str, Any] | None:
    """Return what the template draws; None when no site is placed.

    Parameters
    ----------
    shown
        The synergies of the report's list, in its order: they are numbered from 1.
    land
        Dry land in WGS84; None leaves the ground white.
    """
    placed = [(site.lon, site.lat, site) for site in sites if site.lon is not None and site.lat is not None]
    if not placed:
        return None
    paper = Paper.around([(lon, lat) for lon, lat, _ in placed])
    many = {site.site_id: 0 for site in sites}
    for flow in flows:
        many[flow.site.site_id] = many.get(flow.site.site_id, 0) + 1
    points = [{"at": paper.at(lon, lat), "flows": many.get(site.site_id, 0)} for lon, lat, site in placed]
    places = Places(flows)
    found = [_shape(rank, one, places, paper) for rank, one in enumerate(shown, start=1)]
    shapes = [shape for shape in found if shape is not None]
    _spread(shapes)
    obstacles = [shape["badge"] for shape in shapes] + [point["at"] for point in points]
    return {
        "width": WIDTH_MM,
        "height": HEIGHT_MM,
        "land": [] if land is None else _rings(land, paper),
        "has_land": land is not None,
        "points": sorted(points, key=lambda point: -int(str(point["flows"]))),
        "shapes": shapes,
        "names": _names(paper, obstacles),
        "scale": _scale(paper),
    }


def _shape(rank: int, synergy: Mapping[str, Any], places: Places, paper: Paper) -> dict[str, Any] | None:
    found = geometry_of(synergy, places)
    if found is None:
        return None
    ring = found.exterior if isinstance(found, Polygon) else found
    points = [paper.at(*point[:2]) for point in ring.coords]
    if found.geom_type == "LineString":
        badge = found.interpolate(0.5, normalized=True)
    else:
        badge = found.representative_point()
    return {
        "rank": rank,
        "kind": synergy["kind"],
        "closed": found.geom_type == "Polygon",
        "points": points,
        "anchor": paper.at(badge.x, badge.y),
        "badge": paper.at(badge.x, badge.y),
    }


def _spread(shapes: Sequence[dict[str, Any]]) -> None:
    """Move the numbers that would hide one another to the nearest free place; a stroke leads back."""
    taken: list[list[float]] = []
    for shape in shapes:
        x, y = shape["anchor"]
        tries = [(x, y)] + [
            (x + ring * STEP_MM * math.cos(turn), y + ring * STEP_MM * math.sin(turn))
            for ring in range(1, RINGS)
            for turn in (2 * math.pi * step / DIRECTIONS for step in range(DIRECTIONS))
        ]
        free = (
            [round(a, DIGITS), round(b, DIGITS)]
            for a, b in tries
            if BADGE_MM < a < WIDTH_MM - BADGE_MM
            and BADGE_MM < b < HEIGHT_MM - BADGE_MM
            and all(math.dist((a, b), other) >= 2 * BADGE_MM for other in taken)
        )
        shape["badge"] = next(free, shape["anchor"])
        taken.append(shape["badge"])


def _rings(land: BaseGeometry, paper: Paper) -> list[list[list[float]]]:
    """Return the outlines of the land inside the map."""
    inside = shapely.intersection(land, shapely.box(*paper.box))
    simple = shapely.simplify(inside, 0.1 / paper.mm_per_lat)
    parts = getattr(simple, "geoms", [simple])
    return [
        [paper.at(*point[:2]) for point in part.exterior.coords]
        for part in parts
        if part.geom_type == "Polygon" and not part.is_empty
    ]


def _names(paper: Paper, obstacles: Sequence[list[float]]) -> list[dict[str, Any]]:
    """Return the largest communes whose names fit without touching one another, a dot or a number."""
    west, south, east, north = paper.box
    # An arrondissement is a part of a commune that is in the list itself.
    inside = [
        c for c in communes() if west < c.lon < east and south < c.lat < north and not PART.search(c.name)
    ]
    taken = [(x, BADGE_MM, y) for x, y in obstacles]
    found: list[dict[str, Any]] = []
    for commune in sorted(inside, key=lambda c: (-c.population, c.code)):
        centre, middle = paper.at(commune.lon, commune.lat)
        half = len(commune.name) * LETTER_MM / 2
        for right, down in ASIDE:
            x, y = centre + right * (half + 2 * BADGE_MM), middle + down * LINE_MM
            free = all(abs(x - a) > half + b or abs(y - c) > LINE_MM for a, b, c in taken)
            if free and half < x < WIDTH_MM - half and LINE_MM < y < HEIGHT_MM - 2 * LINE_MM:
                taken.append((x, half + 1, y))
                found.append({"at": [round(x, DIGITS), round(y, DIGITS)], "name": commune.name})
                break
        if len(found) == MOST_NAMES:
            break
    return found


def _scale(paper: Paper) -> dict[str, Any]:
    """Return the longest round distance that takes a fifth of the map at most."""
    fitting = [km for km in SCALES_KM if km * paper.mm_per_km <= WIDTH_MM / 5]
    km = fitting[-1] if fitting else SCALES_KM[0]
    return {"km": km, "mm": round(km * paper.mm_per_km, DIGITS)}
