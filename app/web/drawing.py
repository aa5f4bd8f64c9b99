"""What the map draws: sites sized by worth, the synergies of a list between them, names of communes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapely.geometry import mapping

from app.db.tables import Synergy
from app.db.visibility import VisibleSession
from app.exports.geographic import geometry_of
from app.exports.places import Places
from app.repositories import sites
from app.services.synergies import document_of, flows_of
from app.web.atlas import atlas_of
from geo.gazetteer import communes
from matching.model import Flow, Site

# More lines than this are a hairball.
MOST_DRAWN = 20
MOST_NAMES = 40
# Degrees added around the sites when the names of communes are looked up: about 5 km.
MARGIN_DEGREES = 0.05


def site_features(places: Mapping[str, Site], worth: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the placed sites as GeoJSON points, those worth most last so that they lie on top."""
    placed = [(site_id, site) for site_id, site in places.items() if site.placed]
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [site.lon, site.lat]},
            "properties": {"id": site_id, "name": site.name, "worth": round(worth.get(site_id, 0.0))},
        }
        for site_id, site in sorted(placed, key=lambda entry: worth.get(entry[0], 0.0))
    ]


def synergy_features(session: VisibleSession, rows: Sequence[Synergy], language: str) -> list[dict[str, Any]]:
    """Return synergies as lines and hulls, with what a tooltip says."""
    flows = flows_of(session, rows)
    places = Places(flows)
    found = []
    for row in rows:
        document = document_of(row, language)
        shape = geometry_of(document, places)
        if shape is None or shape.geom_type == "Point":
            continue
        found.append(
            {
                "type": "Feature",
                "geometry": mapping(shape),
                "properties": {
                    "id": row.id,
                    "kind": row.kind,
                    "score": row.score,
                    "name": document["explanation"],
                    "flow": flow_kind(document, flows),
                },
            }
        )
    return found


def flow_kind(document: Mapping[str, Any], flows: Sequence[Flow]) -> str:
    """Return the kind of the first flow of a synergy that is still there."""
    kinds = {flow.flow_id: flow.kind.value for flow in flows}
    return next((kinds[m["flow_id"]] for m in document["members"] if m["flow_id"] in kinds), "")


def commune_features(places: Mapping[str, Site]) -> list[dict[str, Any]]:
    """Return the names of the larger communes around the sites."""
    points = [
        (site.lon, site.lat) for site in places.values() if site.lon is not None and site.lat is not None
    ]
    if not points:
        return []
    west, east = min(p[0] for p in points) - MARGIN_DEGREES, max(p[0] for p in points) + MARGIN_DEGREES
    south, north = min(p[1] for p in points) - MARGIN_DEGREES, max(p[1] for p in points) + MARGIN_DEGREES
    inside = [c for c in communes() if west <= c.lon <= east and south <= c.lat <= north]
    largest = sorted(inside, key=lambda c: (-c.population, c.code))[:MOST_NAMES]
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [c.lon, c.lat]},
            "properties": {"name": c.name, "rank": rank},
        }
        for rank, c in enumerate(largest)
    ]


def collection(features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a GeoJSON feature collection."""
    return {"type": "FeatureCollection", "features": list(features)}


def drawn(
    session: VisibleSession, territory_id: str, rows: Sequence[Synergy], language: str
) -> dict[str, Any]:
    """Return everything the map shows beside its background."""
    places = sites.of_territory(session, territory_id)
    atlas = atlas_of(session, territory_id)
    worth = {row.id: value for row, value in zip(atlas.sites, atlas.worth, strict=True)}
    return {
        "sites": collection(site_features(places, worth)),
        "synergies": collection(synergy_features(session, rows, language)),
        "communes": collection(commune_features(places)),
    }
