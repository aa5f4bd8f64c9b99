"""Notices: what the companies of a territory offer and seek, told by three at least and without names."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.services import teasers
from app.services.disclosure import FEWEST_COMPANIES
from app.web.search import whole
from app.web.visit import VisitOf

router = APIRouter()
HERE = "/annonces"
GROUPS = 60


@router.get(HERE)
def show(visit: VisitOf, direction: str = "", famille: str = "", apres: str = "") -> Response:
    """Show the groups told, by direction and family: there is no filter finer than a cell."""
    teasers.refresh(visit.database, visit.territory.id)
    with visit.database.reading(visit.principal) as session:
        home = teasers.home_cell(session)
        told = [group.shown(visit.language, home) for group in teasers.told(session, visit.territory.id)]
    families = {one["family"]: one["family_name"] or one["family"] for one in told}
    query = {
        "direction": direction if direction in ("input", "output") else "",
        "famille": famille if famille in families else "",
    }
    kept = [
        one
        for one in told
        if query["direction"] in ("", one["direction"]) and query["famille"] in ("", one["family"])
    ]
    start = whole(apres) or 0
    return visit.page(
        "notices.html",
        here=HERE,
        groups=kept[start : start + GROUPS],
        families=dict(sorted(families.items(), key=lambda entry: entry[1].casefold())),
        query=query,
        next=str(start + GROUPS) if len(kept) > start + GROUPS else None,
        after=str(start) if start else "",
        fewest=FEWEST_COMPANIES,
    )
