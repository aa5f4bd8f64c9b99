"""A pool as a group of companies: who, how much, when, what each saves, what to do next."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.db.tables import Synergy
from app.errors import MissingError
from app.repositories.records import find
from app.services import synergies
from app.web import plan_words
from app.web.cards import card
from app.web.plan_form import offered
from app.web.plan_of_pool import told_of
from app.web.rendering import with_query
from app.web.visit import VisitOf

router = APIRouter()
POOL = "mutualisation"
MONTHS = tuple(range(1, 13))


@router.get("/groupes/{synergy_id}")
def show(visit: VisitOf, synergy_id: str) -> Response:
    """Show a pool as a group."""
    row = find(visit.session, Synergy, synergy_id)
    if row.kind != POOL:
        raise MissingError
    document = synergies.detail_of(visit.session, row, visit.language)
    flows = {flow.flow_id: flow for flow in synergies.flows_of(visit.session, [row])}
    group = card(document, flows)
    fitting = plan_words.FITTING.get(row.form or "", ("groups",))
    return visit.page(
        "group.html",
        here=f"/groupes/{row.id}",
        group=group,
        words=plan_words,
        told=told_of(visit.session, row.territory_id, group["members"], fitting),
        months=MONTHS,
        calendar=[_active(member) for member in group["members"]],
        starts=[(name, _start(name, row, group)) for name in fitting if name in offered()],
    )


def _active(member: dict[str, Any]) -> frozenset[int] | None:
    """Return the months in which a member's flow is active, None when they were not said."""
    flow = member["flow"]
    if flow is None or not flow.months:
        return None
    return frozenset(flow.months)


def _start(planner: str, row: Synergy, group: dict[str, Any]) -> str:
    """Return the address of the form that plans this group alone."""
    sites = dict.fromkeys(member["flow"].site.site_id for member in group["members"] if member["flow"])
    return with_query("/plans", {"planner": planner, "resource": row.resource, "sites": ",".join(sites)})
