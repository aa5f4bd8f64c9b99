"""Synergies: the list, its files, one synergy and its moves."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

from app.db.tables import Contact, Synergy
from app.errors import InvalidInputError, StaleVersionError
from app.repositories.paging import Slice, listed
from app.repositories.records import find
from app.services import desk, exports, freshness, saved_views, synergies
from app.services.exports import LARGEST_FILE, MEDIA_TYPES, Format
from app.services.statuses import STOPPED, Status, obstacles
from app.translations import translate
from app.web.cards import card, cards
from app.web.desk import back_with, desk_of, done_of, told_history
from app.web.filters import filters_of
from app.web.overview import sizes
from app.web.pages.synergies_desk import selection_choices
from app.web.pages.synergies_views import ALL, shown_views
from app.web.rendering import with_query
from app.web.search import Wanted, find_all, find_page, whole
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()
# One page a synergy: a stack that still fits a folder.
MOST_PDF_PAGES = 100


@router.get("/synergies")
def show_all(visit: VisitOf, apres: str = "") -> Response:
    """Show the synergies that the query string asks, or the part htmx asks for."""
    first = saved_views.first_query(visit.session, visit.territory.id)
    if first and not visit.request.url.query:
        return see_other(with_query("/synergies", first))
    wanted = Wanted.read(visit.request.query_params)
    found = find_page(visit.session, visit.territory.id, wanted, apres)
    context = {
        **filters_of(visit, wanted),
        **selection_choices(visit),
        "shown": cards(visit.session, found.rows, visit.language),
        "desk": desk_of(visit.session, found.rows),
        "done": done_of(visit),
        "views": shown_views(visit, wanted),
        "next": found.next,
        "after": apres,
        "total": sizes(visit.session, visit.territory.id)[1],
        "back": with_query("/synergies", wanted.query or (ALL if first else {}), apres=apres),
    }
    page = visit.page("synergies_results.html" if visit.is_fragment else "synergies.html", **context)
    if visit.is_fragment:
        page.headers["HX-Push-Url"] = with_query("/synergies", wanted.query or (ALL if first else {}))
    return page


@router.get("/synergies/export.{form}")
def export(visit: VisitOf, form: Format) -> Response:
    """Return every synergy that the query string asks, as a file."""
    wanted = Wanted.read(visit.request.query_params)
    most = MOST_PDF_PAGES if form is Format.PDF else LARGEST_FILE
    rows = find_all(visit.session, visit.territory.id, wanted, most)
    content = exports.rendered(visit.session, rows, form, visit.language)
    disposition = f'attachment; filename="synergies.{form.value}"'
    return Response(content, media_type=MEDIA_TYPES[form], headers={"Content-Disposition": disposition})


@router.get("/synergies/{synergy_id}")
def show(visit: VisitOf, synergy_id: str) -> Response:
    """Show one synergy."""
    return _page(visit, synergy_id)


@router.get("/synergies/{synergy_id}/fiche.pdf")
def sheet(visit: VisitOf, synergy_id: str) -> Response:
    """Return one synergy as a page to print."""
    row = find(visit.session, Synergy, synergy_id)
    content = exports.rendered(visit.session, [row], Format.PDF, visit.language)
    disposition = f'attachment; filename="synergie-{row.id[:8]}.pdf"'
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": disposition})


@router.post("/synergies/{synergy_id}/statut")
def move(visit: VisitOf, synergy_id: str) -> Response:
    """Move a synergy, or say beside the field what is missing."""
    typed = {name: visit.text(name) for name in ("status", "obstacle", "comment", "version")}
    if typed["status"] not in set(Status) or whole(typed["version"]) is None:
        return _page(visit, synergy_id, typed, status=422)
    status = Status(typed["status"])
    # An obstacle left in its list says nothing of a synergy that goes on.
    obstacle = typed["obstacle"] if status in STOPPED else ""
    try:
        with visit.writing() as session:
            version = int(typed["version"])
            row = find(session, Synergy, synergy_id)
            action = synergies.move_row(session, row, status, version, obstacle, typed["comment"])
    except InvalidInputError as error:
        wrong = {one.field: translate(one.message, visit.language) for one in error.errors}
        return _page(visit, synergy_id, typed, wrong, 422)
    except StaleVersionError as error:
        return _page(visit, synergy_id, typed, {"status": translate(error.message, visit.language)}, 409)
    return see_other(back_with(visit.text("back") or f"/synergies/{synergy_id}#suivi", action))


def _page(
    visit: Visit,
    synergy_id: str,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    row = find(visit.session, Synergy, synergy_id)
    document = synergies.detail_of(visit.session, row, visit.language)
    flows = {flow.flow_id: flow for flow in synergies.flows_of(visit.session, [row])}
    return visit.page(
        "synergy.html",
        status,
        here=f"/synergies/{synergy_id}",
        synergy=card(document, flows),
        contacts=_contacts(visit, {flow.site.site_id for flow in flows.values()}),
        obstacles={code: label.in_language(visit.language) for code, label in obstacles().items()},
        stopped=sorted(STOPPED),
        stale=freshness.to_confirm(visit.session, flows),
        desk=desk_of(visit.session, [row])[row.id],
        people=desk.people_of(visit.session, row.territory_id),
        me=visit.principal.subject,
        told=told_history(visit, row),
        done=done_of(visit),
        typed=typed or {},
        wrong=wrong or {},
    )


def _contacts(visit: Visit, site_ids: set[str]) -> dict[str, list[Any]]:
    """Return the people to call at each site."""
    return {
        site_id: list(listed(visit.session, Contact, Slice(5), site_id=site_id).items)
        for site_id in sorted(site_ids)
    }
