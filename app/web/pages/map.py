"""The map, and the list beside it."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Response

from app.db.tables import Flow, Site
from app.db.visibility import VisibleSession
from app.repositories import sites
from app.repositories.paging import Slice, listed
from app.repositories.records import find_or_none
from app.services.declared import shown
from app.web import drawing
from app.web.cards import cards
from app.web.filters import filters_of
from app.web.search import Wanted, find_page
from app.web.visit import VisitOf

router = APIRouter()
# Lines are few: those drawn are the ones worth most.
DRAWN_FIRST = "-saving_eur_per_year"


@router.get("/carte")
def show(visit: VisitOf) -> Response:
    """Show the map with the synergies that the query string asks, or the part htmx asks for."""
    wanted = Wanted.read(visit.request.query_params, DRAWN_FIRST)
    found = find_page(visit.session, visit.territory.id, wanted, size=drawing.MOST_DRAWN)
    context = {
        **filters_of(visit, wanted),
        "shown": cards(visit.session, found.rows, visit.language),
        "more": found.next is not None,
        "picked": _picked(visit.session, wanted.site),
    }
    if visit.is_fragment:
        return visit.page("map_results.html", **context)
    return visit.page(
        "map.html",
        **context,
        tiles_url=visit.settings.web.tiles_url,
        tiles_attribution=visit.settings.web.tiles_attribution,
    )


@router.get("/carte/sites")
def table(visit: VisitOf) -> Response:
    """Return the sites as a table, those worth most first: a part that the page fetches when it is opened."""
    worth = drawing.worth_by_site(visit.session, visit.territory.id)
    places = sites.of_territory(visit.session, visit.territory.id)
    rows = sorted(places.items(), key=lambda entry: (-worth.get(entry[0], 0.0), entry[1].name))
    return visit.page("map_sites.html", table=rows, worth=worth)


def _picked(session: VisibleSession, site_id: str) -> dict[str, Any] | None:
    site = find_or_none(session, Site, site_id) if site_id else None
    if site is None:
        return None
    rows = listed(session, Flow, Slice(200), site_id=site.id).items
    return {"site": site, "flows": shown(session, rows)}


@router.get("/carte/donnees")
def data(visit: VisitOf) -> Response:
    """Return what the map draws for the same query string, as GeoJSON."""
    wanted = Wanted.read(visit.request.query_params, DRAWN_FIRST)
    rows = find_page(visit.session, visit.territory.id, wanted, size=drawing.MOST_DRAWN).rows
    content = drawing.drawn(visit.session, visit.territory.id, rows, visit.language)
    headers = {"Cache-Control": "private, no-cache"}
    return Response(orjson.dumps(content), media_type="application/json", headers=headers)
