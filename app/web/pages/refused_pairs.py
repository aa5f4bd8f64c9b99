"""Why a pair of flows was not proposed."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.db.tables import Flow
from app.repositories.paging import Slice, listed
from app.services.declared import shown
from app.services.matches import why_not
from app.web.visit import VisitOf

router = APIRouter()
# A longer list is no list: the page then asks to come from a flow.
MOST_CHOICES = 500


@router.get("/pourquoi-pas")
def explain(visit: VisitOf, emetteur: str = "", receveur: str = "") -> Response:
    """Show the gates and the criteria of a pair, and the form that names it."""
    choices = {
        direction: shown(
            visit.session,
            listed(
                visit.session,
                Flow,
                Slice(MOST_CHOICES),
                territory_id=visit.territory.id,
                direction=direction,
            ).items,
        )
        for direction in ("output", "input")
    }
    told = None
    if emetteur and receveur:
        told = why_not(visit.session, emetteur, receveur, visit.language)
    return visit.page("refused_pair.html", choices=choices, provider=emetteur, receiver=receveur, told=told)
