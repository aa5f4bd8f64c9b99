"""The first screen: what to do today."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.web import overview
from app.web.cards import cards
from app.web.visit import VisitOf

router = APIRouter()


@router.get("/")
def home(visit: VisitOf) -> Response:
    """Show what to settle, whom to call, where synergies stand; teach the first step when all is empty."""
    session, territory_id = visit.session, visit.territory.id
    flows, synergies = overview.sizes(session, territory_id)
    if not flows and not synergies:
        return visit.page("home_empty.html")
    imported = overview.last_import(session, territory_id)
    shown = cards(session, overview.calls(session, territory_id), visit.language)
    findings = overview.to_settle(imported.report, visit.language) if imported else []
    return visit.page(
        "home.html",
        flows=flows,
        synergies=synergies,
        calls=shown,
        questions=overview.questions(shown),
        imported=imported,
        findings=findings[: overview.FINDINGS],
        more_findings=max(len(findings) - overview.FINDINGS, 0),
        rows=overview.flows_by_row(session, imported) if imported and findings else {},
        funnel=overview.funnel(session, territory_id, synergies),
    )
