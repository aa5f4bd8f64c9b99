"""Why a pair of flows was not proposed, was ranked below others, or the synergy that it is."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.db.tables import Synergy
from app.repositories.flow_search import NamedFlow, flow_named, flows_with
from app.services.matches import why_not
from app.web.cards import cards
from app.web.search import Wanted, find_page
from app.web.visit import Visit, VisitOf

router = APIRouter()
OFFERED = 12
# How many of its best synergies are looked through for the pair, and shown beside it.
LOOKED_THROUGH = 200
BETTER = 3
SIDES = {"emetteur": "output", "receveur": "input"}


@router.get("/pourquoi-pas")
def explain(visit: VisitOf) -> Response:
    """Show the gates and the criteria of a pair, and the form that names it."""
    asked = {side: _side(visit, side) for side in SIDES}
    provider, receiver = (asked[side]["flow"] for side in SIDES)
    told: Any = None
    answer: dict[str, Any] = {}
    if provider is not None and receiver is not None:
        told = why_not(visit.session, provider.id, receiver.id, visit.language)
        answer = _place_in_list(visit, provider.id, receiver.id, proposed=told["proposed"])
    return visit.page("refused_pair.html", asked=asked, told=told, **answer)


def _side(visit: Visit, side: str) -> dict[str, Any]:
    """Return the flow that one side of the form names, or those among which to choose."""
    query = visit.request.query_params
    words, flow_id = query.get(f"{side}-dit", "").strip()[:200], query.get(side, "").strip()[:36]
    flow = flow_named(visit.session, visit.territory.id, flow_id) if flow_id else None
    if flow is not None and words in ("", flow.told):
        return {"flow": flow, "words": flow.told, "among": [], "none": False}
    among = _found(visit, side, words) if words else []
    only = among[0] if len(among) == 1 else None
    said = only.told if only is not None else words
    return {
        "flow": only,
        "words": said,
        "among": [] if only is not None else among,
        "none": bool(words) and not among,
    }


def _found(visit: Visit, side: str, words: str) -> list[NamedFlow]:
    return flows_with(visit.session, visit.territory.id, SIDES[side], words, OFFERED)


@router.get("/pourquoi-pas/flux/{side}")
def offer(visit: VisitOf, side: str) -> Response:
    """Return the flows that hold the words typed: a part for the list under the field."""
    query = visit.request.query_params
    words = query.get(f"{side}-dit", "").strip()[:200]
    offered = _found(visit, side, words) if side in SIDES else []
    return visit.page("refused_pair_options.html", side=side, offered=offered)


def _place_in_list(visit: Visit, provider_id: str, receiver_id: str, *, proposed: bool) -> dict[str, Any]:
    """Return the stored synergy of a pair, or what ranks before it."""
    wanted = Wanted(flow=provider_id, kind="substitution", shelved="all")
    rows = find_page(visit.session, visit.territory.id, wanted, size=LOOKED_THROUGH).rows
    own = next((row for row in rows if receiver_id in _flows(row)), None)
    before = rows[:BETTER] if proposed and own is None else ()
    return {
        "stored": cards(visit.session, [own], visit.language)[0] if own is not None else None,
        "place": rows.index(own) + 1 if own is not None else 0,
        "better": cards(visit.session, before, visit.language),
    }


def _flows(row: Synergy) -> set[str]:
    return {member["flow_id"] for member in row.document["members"]}
