"""Build the map's built-in background, ``static/map/background.json``, with no map service.

Run ``python -m app.web.build_background node_modules/world-atlas/countries-10m.json``. Land and borders are
Natural Earth's (public domain) through the npm package ``world-atlas``. Département borders are drawn halfway
between the centres of communes of ``geo.gazetteer`` on either side: right to a few kilometres, enough for
finding one's way, and marked as approximate where the map credits its sources.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from geo.gazetteer import communes

OUT = Path(__file__).parent / "static" / "map" / "background.json"
FRANCE = "250"  # ISO 3166-1 numeric.
EUROPE = shapely.box(-12.0, 34.5, 20.0, 60.5)
# Degrees: about 300 m, what a screen shows at the scale of a département; three times that for borders drawn
# halfway between communes; and 3 km abroad, where nobody works.
FINE, COARSE, ABROAD = 0.003, 0.01, 0.03
DIGITS = 3
LARGEST_TOWNS = 600


class Topology:
    """A TopoJSON file's shapes."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._objects = content["objects"]
        self._arcs = [self._decoded(arc, content["transform"]) for arc in content["arcs"]]

    @staticmethod
    def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[tuple[float, float]]:
        (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        return points

    def countries(self) -> list[tuple[str, BaseGeometry]]:
        """Return each country's ISO number and outline."""
        return [(one.get("id", ""), self._shape(one)) for one in self._objects["countries"]["geometries"]]

    def _shape(self, one: dict[str, Any]) -> BaseGeometry:
        polygons = one["arcs"] if one["type"] == "MultiPolygon" else [one["arcs"]]
        rings = [[self._ring(ring) for ring in polygon] for polygon in polygons]
        # Quantisation shrank the smallest islets to fewer points than a ring has.
        kept = [ring for ring in rings if len(ring[0]) > 3]
        return shapely.make_valid(
            MultiPolygon([Polygon(ring[0], [hole for hole in ring[1:] if len(hole) > 3]) for ring in kept])
        )

    def _ring(self, indices: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for index in indices:
            arc = self._arcs[index] if index >= 0 else self._arcs[~index][::-1]
            points += arc if not points else arc[1:]
        return points


def department_borders(france: BaseGeometry) -> BaseGeometry:
    """Return the lines between the départements of mainland France and Corsica, without its coast."""
    mainland = [c for c in communes() if len(c.department) == 2]
    points = shapely.MultiPoint([(c.lon, c.lat) for c in mainland])
    cells = shapely.get_parts(shapely.voronoi_polygons(points))
    tree = shapely.STRtree(cells)
    owners: dict[str, list[Any]] = {}
    for commune in mainland:
        for cell in tree.query(shapely.Point(commune.lon, commune.lat), predicate="within"):
            owners.setdefault(commune.department, []).append(cells[cell])
    areas = [_main_part(shapely.union_all(found)) for found in owners.values()]
    lines = shapely.unary_union([area.exterior for area in areas])
    inside = shapely.intersection(lines, france.buffer(-FINE))
    return shapely.simplify(shapely.line_merge(inside), COARSE)


def _main_part(area: BaseGeometry) -> Polygon:
    """Return a département without the islets that a misplaced centre makes of it or in it."""
    return Polygon(max(shapely.get_parts(area), key=lambda part: part.area).exterior)


def feature(shape: BaseGeometry, layer: str, **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON feature of a layer of the background."""
    rounded = json.loads(json.dumps(mapping(shape)), parse_float=lambda text: round(float(text), DIGITS))
    return {"type": "Feature", "properties": {"layer": layer, **properties}, "geometry": rounded}


def areas_of(shape: BaseGeometry) -> MultiPolygon:
    """Return the areas of a shape, without the points and lines a clip leaves at its edge."""
    parts = [shape] if isinstance(shape, Polygon) else shapely.get_parts(shape)
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


def borders_of(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the lines that two countries share."""
    shared = [
        a.boundary.intersection(b.boundary)
        for i, a in enumerate(shapes)
        for b in shapes[i + 1 :]
        if a.intersects(b)
    ]
    lines = [part for one in shared for part in shapely.get_parts(one) if part.geom_type == "LineString"]
    return shapely.simplify(shapely.line_merge(shapely.MultiLineString(lines)), ABROAD)


def build(topology: Topology) -> dict[str, Any]:
    """Return the background: land, borders, départements and the larger towns."""
    every = topology.countries()
    france = next(shape for code, shape in every if code == FRANCE)
    near = [areas_of(shape.intersection(EUROPE)) for _, shape in every if shape.intersects(EUROPE)]
    abroad = [areas_of(shape.intersection(EUROPE)) for code, shape in every if code != FRANCE]
    land = [shapely.simplify(shape, ABROAD) for shape in abroad if not shape.is_empty]
    far = shapely.simplify(shapely.difference(france, EUROPE), FINE)
    home = shapely.simplify(shapely.intersection(france, EUROPE), FINE)
    towns = sorted(communes(), key=lambda c: (-c.population, c.code))[:LARGEST_TOWNS]
    features = [feature(shape, "land") for shape in (*land, home, far)]
    features.append(feature(borders_of(near), "border"))
    features.append(feature(department_borders(shapely.intersection(france, EUROPE)), "department"))
    features += [
        feature(shapely.Point(c.lon, c.lat), "town", name=c.name, rank=rank) for rank, c in enumerate(towns)
    ]
    return {"type": "FeatureCollection", "features": features}


def main(arguments: Sequence[str]) -> None:
    """Write the background from the TopoJSON file named."""
    topology = Topology(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(build(topology), ensure_ascii=False, separators=(",", ":"))
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
