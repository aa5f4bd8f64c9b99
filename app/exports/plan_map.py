"""Plans on a map: members as points, rounds, trips and exchanges as lines, groups as hulls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from app.exports.plan_members import CASCADE_UNITS, PlanMember, groups_of, members_of, planner_of, title_of

Document = Mapping[str, Any]
Lonlat = tuple[float, float]
Sites = Mapping[str, Lonlat]
Shape = tuple[BaseGeometry | None, dict[str, Any]]


def plan_geojson(documents: Sequence[Document], sites: Sites) -> dict[str, Any]:
    """Return a GeoJSON feature collection (RFC 7946) of plan documents of any planners.

    Parameters
    ----------
    sites
        WGS84 (lon, lat) by the site's name, and by the destination's where it is known. What cannot be
        placed is left out; ``unplaced`` names the sites.
    """
    features: list[dict[str, Any]] = []
    unplaced: set[str] = set()
    for number, document in enumerate(documents, start=1):
        about = {"plan": number, "planner": planner_of(document), "title": title_of(document)}
        shapes = [*_lines(document, sites), *_points(document, sites, unplaced)]
        features += [_feature(shape, about | told) for shape, told in shapes if shape is not None]
    return {"type": "FeatureCollection", "features": features, "unplaced": sorted(unplaced)}


def _feature(shape: BaseGeometry, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": mapping(shape), "properties": properties}


def _points(document: Document, sites: Sites, unplaced: set[str]) -> Iterator[Shape]:
    """Yield each member site once, its flows, quantities and savings together."""
    found: dict[str, list[PlanMember]] = {}
    members = members_of(document)
    if planner_of(document) == "groups":
        # Groups of one document are alternatives: a flow counts in the best one it is in.
        members = list({(m.site, m.label): m for m in reversed(members)}.values())[::-1]
    for member in members:
        found.setdefault(member.site, []).append(member)
    own = _own_points(document)
    for name, own_members in found.items():
        place = sites.get(name) or own.get(name)
        if place is None:
            unplaced.add(name)
            continue
        yield Point(place), {"kind": "site", "site": name, **_summed(own_members)}


def _own_points(document: Document) -> dict[str, Lonlat]:
    """Return the places a plan itself tells: the stops of its rounds."""
    return {
        stop["site"]: (stop["lon"], stop["lat"])
        for one in document["plan"].get("rounds", ())
        for stop in one["stops"]
        if stop["lon"] is not None and stop["lat"] is not None
    }


def _summed(members: Sequence[PlanMember]) -> dict[str, Any]:
    """Return the site's roles, and its quantities and savings together."""
    units = {m.unit for m in members}
    quantities = [m.quantity for m in members if m.quantity is not None]
    savings = [m.saving_eur for m in members if m.saving_eur is not None]
    alike = len(units) == 1 and quantities
    return {
        "role": " | ".join(sorted({m.role for m in members})),
        "labels": " | ".join(dict.fromkeys(m.label for m in members)),
        "quantity": round(sum(quantities), 2) if alike else None,
        "unit": next(iter(units)) if alike else None,
        "saving_eur": round(sum(savings), 2) if savings else None,
    }


def _lines(document: Document, sites: Sites) -> Iterator[Shape]:
    reader = SHAPES.get(planner_of(document))
    if reader is not None:
        yield from reader(document, sites)


def _rounds(document: Document, sites: Sites) -> Iterator[Shape]:
    depot = document["problem"]["depot"]
    home = None if depot["lon"] is None or depot["lat"] is None else (depot["lon"], depot["lat"])
    if home is not None:
        yield Point(home), {"kind": "depot", "site": depot["name"]}
    own = _own_points(document)
    for one in document["plan"]["rounds"]:
        stops = [own.get(stop["site"]) or sites.get(stop["site"]) for stop in one["stops"]]
        told = {key: one[key] for key in ("vehicle", "weekday", "start", "end", "distance_km", "load")}
        unit = document["problem"]["unit"]
        about = {"kind": "round", "round": one["number"], "stops": len(stops), "unit": unit}
        yield _path([home, *stops, home]), about | told


def _trips(document: Document, sites: Sites) -> Iterator[Shape]:
    for number, lorry in enumerate(document["plan"]["lorries"], start=1):
        path = _path([sites.get(stop["place"]) for stop in lorry["stops"]])
        keys = ("trips_per_week", "route_km", "load", "saving_eur_per_year", "saving_tco2e_per_year")
        sites_told = " | ".join(dict.fromkeys(member["site"] for member in lorry["members"]))
        told = {key: lorry[key] for key in keys}
        yield path, {"kind": "trip", "trip": number, "sites": sites_told, **told}
    for cell in document["plan"]["commuting"]:
        told = {key: cell[key] for key in ("people", "side_km", "distance_km", "mode")}
        yield (
            Point(cell["lon"], cell["lat"]),
            {"kind": "commuting", "sites": " | ".join(cell["sites"]), **told},
        )


def _exchanges(document: Document, sites: Sites) -> Iterator[Shape]:
    for link in document["plan"]["links"]:
        keys = ("provider", "output", "receiver", "input", "quantity_per_year", "unit", "distance_km")
        told = {key: link[key] for key in (*keys, "eur", "tco2e")}
        path = _path([sites.get(link["provider"]), sites.get(link["receiver"])])
        yield path, {"kind": "exchange", **told}


def _cascade(document: Document, sites: Sites) -> Iterator[Shape]:
    unit = CASCADE_UNITS[planner_of(document)]
    for row in document["plan"]["exchanges"]:
        told = {key: row[key] for key in ("provider", "output", "receiver", "input", "distance_km")}
        path = _path([sites.get(row["provider"]), sites.get(row["receiver"])])
        about = {"kind": "exchange", **told, "quantity_per_year": row[unit.lower()], "unit": unit}
        yield path, about | {"eur": row.get("eur")}


def _bookings(document: Document, sites: Sites) -> Iterator[Shape]:
    for row in document["plan"]["assignments"]:
        path = _path([sites.get(row["offer_site"]), sites.get(row["site"])])
        told = {"provider": row["offer_site"], "output": row["offer_label"], "receiver": row["site"]}
        amounts = {key: row[key] for key in ("amount", "unit", "distance_km", "saving_eur_per_year")}
        yield path, {"kind": "booking", **told, "input": row["label"], **amounts}


def _groups(document: Document, sites: Sites) -> Iterator[Shape]:
    for group in groups_of(document):
        keys = ("sites", "centre", "volume", "unit", "viable", "reach_km", "saving_eur_per_year")
        hull = _hull([sites.get(row["site"]) for row in group["members"]])
        yield hull, {"kind": "group", "group": group["rank"], **{key: group[key] for key in keys}}


def _purchase(document: Document, sites: Sites) -> Iterator[Shape]:
    plan = document["plan"]
    told = {
        "volume": plan["volume_per_year"],
        "unit": plan["unit"],
        "saving_eur_per_year": plan["saving_eur_per_year"],
    }
    yield _hull([sites.get(row["site"]) for row in plan["members"]]), {"kind": "group", "group": 1, **told}


def _contracts(document: Document, sites: Sites) -> Iterator[Shape]:
    for contract in document["plan"]["contracts"]:
        keys = ("hours_per_year", "furthest_km", "cost_eur_per_year", "saving_eur_per_year")
        hull = _hull([sites.get(row["member"]) for row in contract["members"]])
        told = {key: contract[key] for key in keys}
        yield hull, {"kind": "contract", "contract": contract["contract"], **told}


def _sessions(document: Document, sites: Sites) -> Iterator[Shape]:
    for session in document["plan"]["sessions"]:
        venue = session["venue"]
        for row in session["members"]:
            path = _path([sites.get(row["member"]), sites.get(venue)])
            told = {"site": row["member"], "venue": venue, "trainees": row["trainees"]}
            yield path, {"kind": "session", "session": session["session"], **told}


def _path(places: Sequence[Lonlat | None]) -> LineString | None:
    """Return a line through the places that are known, in their order; None for fewer than two points."""
    known = [place for place in places if place is not None]
    apart = known[:1] + [there for here, there in pairwise(known) if there != here]
    return LineString(apart) if len(apart) > 1 else None


def _hull(places: Sequence[Lonlat | None]) -> BaseGeometry | None:
    """Return the area between the places known: a polygon, a line for two of them, a point for one."""
    known = [place for place in places if place is not None]
    if not known:
        return None
    hull = MultiPoint(known).convex_hull
    return orient(hull) if isinstance(hull, Polygon) else hull


SHAPES: Mapping[str, Callable[[Document, Sites], Iterator[Shape]]] = {
    "collection": _rounds,
    "transport": _trips,
    "allocation": _exchanges,
    "heat_cascade": _cascade,
    "water_cascade": _cascade,
    "space": _bookings,
    "groups": _groups,
    "purchase": _purchase,
    "jobs": _contracts,
    "training": _sessions,
}
