"""Plans: the form that starts one, the list, one plan and its results."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

from app.db.tables import Plan
from app.errors import ConflictError, InvalidInputError, MissingError, TooManyError
from app.exports.plan_sheets import PURCHASE, SHEETS, places_of, sheet_pdf
from app.exports.plan_workbook import plan_workbook
from app.problems import kind_of
from app.repositories.paging import Slice
from app.repositories.plans import DONE, listed
from app.repositories.records import find
from app.services import stored_plans
from app.services.exports import MEDIA_TYPES, Format
from app.services.plan_requests import flows_of
from app.translations import translate
from app.web import plan_words
from app.web.plan_form import Typed, choices, of_request
from app.web.plan_places import drawn
from app.web.plan_shown import result_of, view_of
from app.web.rendering import resource_name
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()
PAGE_ROWS = 25
# Results of one plan shown at once.
PAGE_RESULTS = 25
PAPERS = frozenset({*SHEETS, PURCHASE})


@router.get("/plans")
def show_all(visit: VisitOf, apres: str = "") -> Response:
    """Show the form, filled in as the query string says, and the plans of the territory."""
    return _list(visit, Typed.read(visit.request.query_params), after=apres)


@router.post("/plans")
def start(visit: VisitOf) -> Response:
    """Start a plan, or say beside each field what is wrong."""
    typed = Typed.read({name: visit.text(name) for name in Typed.__slots__})
    try:
        asked = typed.asked()
        with visit.writing() as session:
            plan_id = stored_plans.start_plan(session, visit.territory.id, typed.planner, asked).id
    except InvalidInputError as error:
        wrong = {one.field: translate(one.message, visit.language) for one in error.errors}
        return _list(visit, typed, wrong, 422)
    except (ConflictError, TooManyError) as error:
        refused = {"": translate(error.message, visit.language)}
        return _list(visit, typed, refused, kind_of(error).status)
    visit.request.app.state.plan_queue.wake()
    return see_other(f"/plans/{plan_id}")


def _list(
    visit: Visit, typed: Typed, wrong: dict[str, str] | None = None, status: int = 200, after: str = ""
) -> HTMLResponse:
    page = listed(visit.session, Slice(PAGE_ROWS, after or None), visit.territory.id)
    return visit.page(
        "plans.html",
        status,
        here="/plans",
        words=plan_words,
        typed=typed,
        wrong=wrong or {},
        choices=choices(visit.session, visit.territory.id, typed, visit.language),
        shown=[_summary(row, visit.language) for row in page.items],
        next=page.next,
        after=after,
    )


def _summary(row: Plan, language: str) -> dict[str, Any]:
    shown = stored_plans.plan_summary(row, language)
    return shown | {"about": resource_name(row.request.get("resource"), language)}


@router.get("/plans/{plan_id}")
def show(visit: VisitOf, plan_id: str, resultat: int = 0, apres: int = 0) -> Response:
    """Show where a plan stands; once it is ready, its results after those seen, or the one asked for."""
    return _page(visit, plan_id, resultat, max(apres, 0))


def _page(
    visit: Visit, plan_id: str, number: int = 0, after: int = 0, status: int = 200, problem: str = ""
) -> HTMLResponse:
    row = find(visit.session, Plan, plan_id)
    context: dict[str, Any] = {
        "here": f"/plans/{row.id}?resultat={number}" if number else f"/plans/{row.id}",
        "words": plan_words,
        "plan": stored_plans.plan_summary(row, visit.language),
        "again": of_request(row.planner, row.request).query,
        "problem": problem,
        "result": None,
        "results": [],
        "number": number,
    }
    if row.status == DONE:
        context |= _results(visit, row, number, after)
    return visit.page("plan_body.html" if visit.is_fragment else "plan.html", status, **context)


def _results(visit: Visit, row: Plan, number: int, after: int) -> dict[str, Any]:
    """Return the result asked for, or a page of them in short when there are several."""
    told: dict[str, Any] = {"count": len(row.documents)}
    if number or len(row.documents) == 1:
        shown = result_of(row.planner, _nth(row, number or 1, visit.language), visit.language)
        web = visit.settings.web
        tiles = {"tiles_url": web.tiles_url, "tiles_attribution": web.tiles_attribution}
        return told | tiles | {"number": number or 1, "result": shown, "printable": row.planner in PAPERS}
    end = after + PAGE_RESULTS
    documents = stored_plans.plan_documents(row, visit.language, after, end)
    views = [view_of(row.planner, one, visit.language) for one in documents]
    return told | {"results": views, "after": after, "next": end if end < len(row.documents) else None}


def _nth(row: Plan, number: int, language: str) -> dict[str, Any]:
    if not 1 <= number <= len(row.documents):
        raise MissingError
    return stored_plans.plan_documents(row, language, number - 1, number)[0]


@router.get("/plans/{plan_id}/ligne")
def line(visit: VisitOf, plan_id: str) -> Response:
    """Return a plan's card of the list: a part that refreshes itself until the plan is ready."""
    row = find(visit.session, Plan, plan_id)
    return visit.page("plan_card.html", words=plan_words, plan=_summary(row, visit.language))


@router.get("/plans/{plan_id}/carte")
def map_data(visit: VisitOf, plan_id: str, resultat: int = 1) -> Response:
    """Return what the map of one result draws, as GeoJSON."""
    row = find(visit.session, Plan, plan_id)
    document = _document(visit, plan_id, resultat)
    names = view_of(row.planner, document, visit.language).sites
    content = drawn(visit.session, row.territory_id, document, names)
    headers = {"Cache-Control": "private, no-cache"}
    return Response(orjson.dumps(content), media_type="application/json", headers=headers)


@router.get("/plans/{plan_id}/fiche.pdf")
def sheet(visit: VisitOf, plan_id: str, resultat: int = 1) -> Response:
    """Return one result as a paper to print."""
    row = find(visit.session, Plan, plan_id)
    document = _document(visit, plan_id, resultat)
    places = places_of(flows_of(visit.session, row.territory_id, row.request))
    content = sheet_pdf(row.planner, document, visit.language, places)
    if content is None:
        raise MissingError
    return _file(content, "application/pdf", f"plan-{row.id[:8]}-{resultat}.pdf")


@router.get("/plans/{plan_id}/plan.json")
def data(visit: VisitOf, plan_id: str) -> Response:
    """Return the plan with all its documents, as the API gives them."""
    row = find(visit.session, Plan, plan_id)
    content = orjson.dumps(stored_plans.plan_detail(row, visit.language), option=orjson.OPT_INDENT_2)
    return _file(content, "application/json", f"plan-{row.id[:8]}.json")


@router.get("/plans/{plan_id}/plan.xlsx")
def workbook(visit: VisitOf, plan_id: str) -> Response:
    """Return every result of the plan as a workbook."""
    row = find(visit.session, Plan, plan_id)
    documents = stored_plans.plan_detail(row, visit.language)["documents"]
    return _file(
        plan_workbook(documents, visit.language), MEDIA_TYPES[Format.XLSX], f"plan-{row.id[:8]}.xlsx"
    )


def _document(visit: Visit, plan_id: str, number: int) -> dict[str, Any]:
    return _nth(find(visit.session, Plan, plan_id), number, visit.language)


def _file(content: bytes, media_type: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


@router.post("/plans/{plan_id}/annuler")
def cancel(visit: VisitOf, plan_id: str) -> Response:
    """Cancel a plan that waits or is being computed."""
    try:
        with visit.writing() as session:
            stored_plans.cancel_plan(session, plan_id)
    except ConflictError as error:
        return _page(visit, plan_id, status=409, problem=translate(error.message, visit.language))
    return see_other(f"/plans/{plan_id}")


@router.post("/plans/{plan_id}/supprimer")
def delete(visit: VisitOf, plan_id: str) -> Response:
    """Delete a plan with its results."""
    with visit.writing() as session:
        stored_plans.delete_plan(session, plan_id)
    return see_other("/plans#plans")
