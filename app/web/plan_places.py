"""What the map of a plan draws: its members, and the rounds, exchanges or groups between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.db.visibility import VisibleSession
from app.exports.plan_map import plan_geojson
from app.repositories import sites
from app.web.drawing import MOST_DRAWN, collection, commune_features
from matching.model import Site

Feature = dict[str, Any]
# The styles of the map by what a plan's feature is: arrows, dashes, a hull.
STYLES: Mapping[str, str] = {
    "round": "loop",
    "trip": "loop",
    "exchange": "substitution",
    "booking": "substitution",
    "session": "substitution",
    "group": "mutualisation",
    "contract": "mutualisation",
}
# Alternatives overlap: the best group alone is drawn.
ALTERNATIVES = "group"


def drawn(
    session: VisibleSession, territory_id: str, document: Mapping[str, Any], names: Sequence[str]
) -> dict[str, Any]:
    """Return the map of one result document, in the shape that the map of the synergies has.

    Parameters
    ----------
    names
        The sites of the result, for planners that draw nothing else.
    """
    every = sites.of_territory(session, territory_id)
    placed = {site.name: (site_id, site) for site_id, site in every.items() if site.placed}
    points = {name: (site.lon or 0.0, site.lat or 0.0) for name, (_, site) in placed.items()}
    features = plan_geojson([document], points)["features"]
    lines = [one for one in features if one["geometry"]["type"] != "Point" and _is_drawn(one)]
    worth = _worths(features) or dict.fromkeys(names, 0.0)
    members = {name: worth[name] for name in worth if name in placed}
    here = {placed[name][0]: placed[name][1] for name in members}
    return {
        "sites": collection(
            [
                *(_depot(one) for one in features if one["properties"]["kind"] == "depot"),
                *(_site(name, *placed[name], worth) for name, worth in members.items()),
            ]
        ),
        "synergies": collection([_line(number, one) for number, one in enumerate(lines[:MOST_DRAWN])]),
        "communes": collection(commune_features(here)),
    }


def _is_drawn(feature: Feature) -> bool:
    about = feature["properties"]
    return about["kind"] in STYLES and about.get(ALTERNATIVES, 1) == 1


def _worths(features: Sequence[Feature]) -> dict[str, float]:
    """Return what each member site saves, zero where it is not known."""
    return {
        one["properties"]["site"]: max(one["properties"].get("saving_eur") or 0.0, 0.0)
        for one in features
        if one["properties"]["kind"] == "site"
    }


def _site(name: str, site_id: str, site: Site, worth: float) -> Feature:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [site.lon, site.lat]},
        "properties": {
            "id": site_id,
            "name": name,
            "worth": round(worth),
            "href": f"/entreprises/{site_id}",
        },
    }


def _depot(feature: Feature) -> Feature:
    """Return where rounds begin and end, which is no site of the territory."""
    about = {"id": "depot", "name": feature["properties"]["site"], "worth": 0, "href": ""}
    return {"type": "Feature", "geometry": feature["geometry"], "properties": about}


def _line(number: int, feature: Feature) -> Feature:
    about = feature["properties"]
    ends = [about[name] for name in ("provider", "receiver") if name in about]
    name = " → ".join(ends) or about["title"]
    return {
        "type": "Feature",
        "geometry": feature["geometry"],
        # An empty address: a line of a plan leads nowhere else.
        "properties": {"id": str(number), "kind": STYLES[about["kind"]], "name": name, "href": ""},
    }
