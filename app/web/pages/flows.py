"""Flows: the table, the form that corrects one or declares a new one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

from app.db.tables import Flow, Site
from app.errors import InvalidInputError, StaleVersionError
from app.repositories import flows as flow_rows
from app.repositories.confirmations import older_than
from app.repositories.paging import Slice, listed
from app.repositories.records import find
from app.services import consent, flows, freshness, matching
from app.services.classification import outlet_rows
from app.services.declared import shown
from app.services.directory import sites_near
from app.services.reference import units
from app.translations import translate
from app.web import wording
from app.web.cards import cards
from app.web.flow_form import changed_fields, shown_fields, typed_fields, wrong_fields
from app.web.search import Wanted, find_page, whole
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()
PAGE_ROWS = 50
SYNERGIES = 5
OUTLETS = 5
NEW = {"direction": "output", "kind": "material", "period": "year"}
DONE = frozenset({"corrige", "declare", "confirme"})
PERIODS = tuple(wording.PERIODS)


@router.get("/flux")
def show_all(
    visit: VisitOf,
    q: str = "",
    direction: str = "",
    kind: str = "",
    site: str = "",
    a_confirmer: str = "",
    apres: str = "",
) -> Response:
    """Show the flows of the territory as they were declared."""
    query = {
        "q": q.strip()[:200],
        "direction": direction if direction in wording.DIRECTIONS else "",
        "kind": kind if kind in wording.FLOW_KINDS else "",
        "site": site,
        "a_confirmer": "1" if a_confirmer else "",
    }
    page = listed(
        visit.session,
        Flow,
        Slice(PAGE_ROWS, apres or None),
        words=query["q"] or None,
        where=older_than(freshness.limit()) if query["a_confirmer"] else None,
        territory_id=visit.territory.id,
        direction=query["direction"] or None,
        kind=query["kind"] or None,
        site_id=site or None,
    )
    context: dict[str, Any] = {
        "shown": flow_rows.domain_of(visit.session, page.items),
        "stale": freshness.to_confirm(visit.session, [row.id for row in page.items]),
        "query": query,
        "next": page.next,
        "after": apres,
        "site": find(visit.session, Site, site) if site else None,
    }
    return visit.page("flows_results.html" if visit.is_fragment else "flows.html", **context)


@router.get("/flux/nouveau")
def ask(visit: VisitOf, site: str) -> Response:
    """Show the empty form of a flow of a site."""
    return _new(visit, find(visit.session, Site, site), NEW)


@router.post("/flux/nouveau")
def declare(visit: VisitOf, site: str) -> Response:
    """Store a new flow, or say beside each field what is wrong."""
    row, typed = find(visit.session, Site, site), typed_fields(visit.text)
    try:
        fields = {"direction": "", "kind": "", **changed_fields(typed, {})}
        with visit.writing() as session:
            flow_id = flows.declare_flow(session, row.id, fields).id
    except InvalidInputError as error:
        return _new(visit, row, typed, wrong_fields(error, visit.language), 422)
    return see_other(f"/flux/{flow_id}?fait=declare")


def _new(
    visit: Visit, site: Site, typed: Any, wrong: dict[str, str] | None = None, status: int = 200
) -> HTMLResponse:
    context = {"site": site, "typed": {**dict.fromkeys(shown_fields({}, "fr"), ""), **typed}}
    return visit.page("flow_new.html", status, **context, wrong=wrong or {}, units=units())


@router.get("/flux/{flow_id}")
def show(visit: VisitOf, flow_id: str, fait: str = "") -> Response:
    """Show a flow, its form, and what it could become."""
    return _page(visit, flow_id, done=fait if fait in DONE else "")


@router.post("/flux/{flow_id}")
def correct(visit: VisitOf, flow_id: str) -> Response:
    """Store the correction, or say beside each field what is wrong and keep what was typed."""
    stored = shown(visit.session, [find(visit.session, Flow, flow_id)])[0]
    typed, version = typed_fields(visit.text), whole(visit.text("version"))
    # No version is that of nothing.
    seen = -1 if version is None else version
    try:
        changes = changed_fields(typed, shown_fields(stored, visit.language))
        if changes:
            with visit.writing() as session:
                flows.change_flow(session, flow_id, changes, seen)
    except InvalidInputError as error:
        return _page(visit, flow_id, typed, wrong_fields(error, visit.language), 422)
    except StaleVersionError as error:
        return _page(visit, flow_id, typed, {"": translate(error.message, visit.language)}, 409)
    return see_other(f"/flux/{flow_id}?fait=corrige")


@router.get("/flux/{flow_id}/debouches")
def outlets(visit: VisitOf, flow_id: str) -> Response:
    """Return the activities that could take a flow: a part that its page fetches once it is shown."""
    flow = flows.flow_of(visit.session, find(visit.session, Flow, flow_id))
    found = matching.outlets(flow.label, flow.waste_code, flow.site.activity_code, OUTLETS)
    near = sites_near(visit.settings.matching, flow.site, found)
    return visit.page("flow_outlets.html", outlets=outlet_rows(found, visit.language, near))


@router.post("/flux/{flow_id}/confirmer")
def confirm(visit: VisitOf, flow_id: str) -> Response:
    """Take note that a flow still holds."""
    with visit.writing() as session:
        freshness.confirm(session, flow_id)
    return see_other(f"/flux/{flow_id}?fait=confirme")


@router.post("/flux/{flow_id}/supprimer")
def delete(visit: VisitOf, flow_id: str) -> Response:
    """Delete a flow."""
    with visit.writing() as session:
        flows.delete_flow(session, flow_id, None)
    return see_other("/flux")


def _page(
    visit: Visit,
    flow_id: str,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    status: int = 200,
    done: str = "",
) -> HTMLResponse:
    row = find(visit.session, Flow, flow_id)
    stored = shown(visit.session, [row])[0]
    found = find_page(visit.session, row.territory_id, Wanted(flow=row.id), size=SYNERGIES)
    return visit.page(
        "flow.html",
        status,
        here=f"/flux/{flow_id}",
        flow=stored,
        typed=typed or shown_fields(stored, visit.language),
        wrong=wrong or {},
        done=done,
        synergies=cards(visit.session, found.rows, visit.language),
        more=found.next is not None,
        stale=freshness.to_confirm(visit.session, [row.id]).get(row.id),
        ours=consent.decides(visit.session, row),
        units=units(),
    )
