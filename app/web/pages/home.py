"""The first screen: what to do today."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.services.audit import role_in
from app.services.freshness import count_to_confirm
from app.web import overview
from app.web.cards import cards
from app.web.menu import HOMES
from app.web.visit import VisitOf, see_other

router = APIRouter()


@router.get("/")
def home(visit: VisitOf) -> Response:
    """Show what to settle, whom to call, where synergies stand; teach the first step when all is empty."""
    session, territory_id = visit.session, visit.territory.id
    other = HOMES.get(role_in(visit.principal, territory_id))
    if other is not None:
        return see_other(other)
    flows, synergies = overview.sizes(session, territory_id)
    if not flows and not synergies:
        return visit.page("home_empty.html")
    imported = overview.last_import(session, territory_id)
    shown = cards(session, overview.calls(session, territory_id), visit.language)
    findings = overview.to_settle(imported.report, visit.language) if imported else []
    seen = findings[: overview.FINDINGS]
    rows = [one["row"] for one in seen if one["row"] is not None]
    return visit.page(
        "home.html",
        flows=flows,
        to_confirm=count_to_confirm(session, territory_id),
        synergies=synergies,
        calls=shown,
        questions=overview.questions(shown),
        imported=imported,
        findings=seen,
        more_findings=max(len(findings) - overview.FINDINGS, 0),
        rows=overview.flows_by_row(session, imported, rows) if imported and rows else {},
        funnel=overview.funnel(session, territory_id),
    )
