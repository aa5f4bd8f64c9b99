"""The map, what it draws, and the same content as lists and a table."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from fastapi import APIRouter, Response

from app.db.tables import Flow, Park, Site
from app.repositories.paging import Slice, listed
from app.repositories.records import find_or_none
from app.repositories.synergies import listed as synergies_listed
from app.repositories.synergy_criteria import Criteria
from app.services.declared import shown
from app.web import drawing, map_data, wording
from app.web.atlas import Atlas, Shown, atlas_of
from app.web.cards import Card, cards
from app.web.filters import MOST_PARKS
from app.web.map_asked import MapAsked
from app.web.map_rounds import plans_with_rounds, rounds_of
from app.web.search import Wanted, find_page
from app.web.visit import Visit, VisitOf

router = APIRouter()
# Lines are few: those drawn are the ones worth most.
DRAWN_FIRST = "-saving_eur_per_year"
TABLE_ROWS = 100
MOST_FLOWS = 200
# The browser goes back by itself: the address is there already.
GOING_BACK = "x-going-back"


@router.get("/carte")
def show(visit: VisitOf) -> Response:
    """Show the map with what the query string asks, or the part htmx asks for."""
    atlas = atlas_of(visit.session, visit.territory.id)
    asked = map_data.resolved(MapAsked.read(visit.request.query_params), atlas)
    context = _results(visit, atlas, asked) | _criteria(visit, asked)
    if visit.is_fragment:
        answer = visit.page("map_part.html", **context)
        if GOING_BACK in visit.request.headers:
            del answer.headers["HX-Push-Url"]
        return answer
    web = visit.settings.web
    tiles: dict[str, Any] = {"tiles_url": web.tiles_url, "tiles_attribution": web.tiles_attribution}
    return visit.page("map.html", **context, **tiles)


def _results(visit: Visit, atlas: Atlas, asked: MapAsked) -> dict[str, Any]:
    """Return the list beside the map, and which numbers the map shows for it."""
    found = atlas.narrowed(asked)
    numbers = found.synergies[: drawing.MOST_DRAWN]
    listed_here = _cards(visit, atlas, numbers)
    names = {card["id"]: card["explanation"] for card in listed_here}
    sites, flows = _sites(atlas, found), found.flows
    rounds = rounds_of(visit.session, atlas, asked.plan, visit.language)
    routes = [[one["title"], one["points"]] for one in rounds]
    return {
        "shown": listed_here,
        "more": len(found.synergies) - len(numbers),
        "counts": _counts(atlas, found, sites),
        "rounds": rounds,
        "drawn": {
            "digest": atlas.digest,
            "sites": "" if sites is None else map_data.bits(sites, len(atlas.sites)),
            "flows": "" if flows is None else map_data.bits(flows, len(atlas.flows)),
            "lines": orjson.dumps(map_data.lines(atlas, numbers, names)).decode(),
            "routes": orjson.dumps(routes).decode(),
        },
        **_selected(visit, atlas, asked),
    }


def _sites(atlas: Atlas, found: Shown) -> frozenset[int] | None:
    """Return the sites shown: a line that is drawn has both its ends."""
    if found.sites is None:
        return None
    return found.sites | map_data.ends_of(atlas, found.synergies[: drawing.MOST_DRAWN])


def _counts(atlas: Atlas, found: Shown, sites: frozenset[int] | None) -> dict[str, int]:
    return {
        "sites": len(atlas.sites if sites is None else sites),
        "flows": len(atlas.flows if found.flows is None else found.flows),
        "synergies": len(found.synergies),
    }


def _cards(visit: Visit, atlas: Atlas, numbers: tuple[int, ...]) -> list[Card]:
    ids = frozenset(atlas.synergies[number].id for number in numbers)
    criteria = Criteria(territory_id=visit.territory.id, ids=ids)
    rows = synergies_listed(visit.session, criteria, Slice(drawing.MOST_DRAWN)).items if ids else ()
    return cards(visit.session, map_data.in_order(rows, atlas, numbers), visit.language)


def _selected(visit: Visit, atlas: Atlas, asked: MapAsked) -> dict[str, Any]:
    """Return what the panel shows: a site with its flows, or a flow; the synergy is the only card then."""
    flow = find_or_none(visit.session, Flow, asked.flow) if asked.flow else None
    site_id = flow.site_id if flow is not None else asked.site
    site = find_or_none(visit.session, Site, site_id) if site_id else None
    if site is None:
        return {"picked": None}
    rows = listed(visit.session, Flow, Slice(MOST_FLOWS), site_id=site.id).items
    flows = shown(visit.session, rows)
    number = next((n for n, row in enumerate(atlas.sites) if row.id == site.id), None)
    return {
        "picked": {
            "site": site,
            "flow": next((one for one in flows if flow is not None and one["id"] == flow.id), None),
            "flows": sorted(flows, key=_giving_first),
            "number": number,
            "worth": atlas.worth[number] if number is not None else 0.0,
        }
    }


def _giving_first(flow: dict[str, Any]) -> tuple[bool, str, str]:
    return flow["direction"] != "output", flow["kind"], flow["label"]


def _criteria(visit: Visit, asked: MapAsked) -> dict[str, Any]:
    """Return the criteria as the form, the legend and the chips show them."""
    parks = listed(visit.session, Park, Slice(MOST_PARKS), territory_id=visit.territory.id).items
    return {
        "asked": asked,
        "query": asked.query,
        "wanted": asked,
        "parks": sorted(parks, key=lambda park: park.name.casefold()),
        "plans": plans_with_rounds(visit.session, visit.territory.id, visit.language),
        "chips": _chips(visit, asked),
        "flow_kinds": wording.FLOW_KINDS,
        "synergy_kinds": wording.SYNERGY_KINDS,
    }


def _chips(visit: Visit, asked: MapAsked) -> dict[str, str]:
    """Return the names of what is selected."""
    site = find_or_none(visit.session, Site, asked.site) if asked.site else None
    flow = find_or_none(visit.session, Flow, asked.flow) if asked.flow else None
    return {
        name: text
        for name, text in (("site", site.name if site else ""), ("flow", flow.label if flow else ""))
        if text
    }


@router.get("/carte/sites")
def table(visit: VisitOf, apres: int = 0) -> Response:
    """Return the sites that the map shows as a table, those worth most first."""
    asked = MapAsked.read(visit.request.query_params)
    atlas = atlas_of(visit.session, visit.territory.id)
    found = atlas.narrowed(asked)
    sites = _sites(atlas, found)
    numbers = sorted(
        range(len(atlas.sites)) if sites is None else sites,
        key=lambda number: (-atlas.worth[number], atlas.sites[number].name, number),
    )
    start = min(max(apres, 0), len(numbers))
    rows = [_row(atlas, found, number) for number in numbers[start : start + TABLE_ROWS]]
    context: dict[str, Any] = {
        "table": rows,
        "count": len(numbers),
        "start": start,
        "following": start + TABLE_ROWS if start + TABLE_ROWS < len(numbers) else None,
        "asked_query": asked.query,
    }
    return visit.page("map_sites.html" if visit.is_fragment else "map_table.html", **context)


def _row(atlas: Atlas, found: Shown, number: int) -> dict[str, Any]:
    """Return a site with how many of its flows are shown, by direction and kind."""
    counted: dict[tuple[str, str], int] = {}
    for flow in atlas.flows_at(number):
        if found.flows is None or flow in found.flows:
            key = (atlas.flows[flow].direction, atlas.flows[flow].kind)
            counted[key] = counted.get(key, 0) + 1
    site = atlas.sites[number]
    park = next((park.name for park in atlas.parks if park.id == site.park_id), "")
    worth = atlas.worth[number]
    return {"site": site, "park": park, "worth": worth, "flows": sorted(counted.items(), reverse=True)}


@router.get("/carte/points")
def points(visit: VisitOf) -> Response:
    """Return the sites, parks and communes of the map, as columns that the browser fetches once."""
    atlas = atlas_of(visit.session, visit.territory.id)
    return map_data.answer(visit.request, map_data.points(atlas), atlas.digest)


@router.get("/carte/flux")
def glyphs(visit: VisitOf) -> Response:
    """Return the flows of the map, as columns that the browser fetches once it is near enough."""
    atlas = atlas_of(visit.session, visit.territory.id)
    return map_data.answer(visit.request, map_data.glyphs(atlas), atlas.digest)


@router.get("/carte/donnees")
def data(visit: VisitOf) -> Response:
    """Return a map of a few lines for a page about something else, as GeoJSON."""
    wanted = Wanted.read(visit.request.query_params, DRAWN_FIRST)
    rows = find_page(visit.session, visit.territory.id, wanted, size=drawing.MOST_DRAWN).rows
    content = drawing.drawn(visit.session, visit.territory.id, rows, visit.language)
    digest = hashlib.sha256(orjson.dumps(content)).hexdigest()[:16]
    return map_data.answer(visit.request, content, digest)
