"""Diagnostics: the form of a visit, typed standing on a phone; the drafts of it; what it has brought."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

from app.db.tables import Diagnostic, Flow, Site
from app.errors import InvalidInputError
from app.repositories.diagnostic_drafts import lately_stored
from app.repositories.paging import Slice, listed
from app.repositories.records import find, find_or_none
from app.services import drafts
from app.services.declared import shown
from app.services.visits import store_visit
from app.web import diagnostic_form as fields
from app.web.cards import cards
from app.web.diagnostic_parts import added, form_context, site_known, site_looked_up
from app.web.search import Wanted, find_page, whole
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()
FORM = "/diagnostics/nouveau"
SHOWN_DIAGNOSTICS = 25
BEST = 5
MOST_FLOWS = 200


@router.get("/diagnostics")
def show_all(visit: VisitOf) -> Response:
    """Show the visitor's drafts and the last diagnostics of the territory."""
    return visit.page(
        "diagnostics.html",
        drafts=drafts.own_drafts(visit.session, visit.territory.id),
        visited=lately_stored(visit.session, visit.territory.id, SHOWN_DIAGNOSTICS),
    )


@router.get(FORM)
def ask(visit: VisitOf, brouillon: str = "", site: str = "") -> Response:
    """Show the form: of a draft, of a known site, or empty under an address that the draft will have."""
    if not drafts.is_draft_id(brouillon):
        where = f"&site={site}" if drafts.is_draft_id(site) else ""
        return see_other(f"{FORM}?brouillon={drafts.new_draft_id()}{where}")
    stored = drafts.draft_of(visit.session, visit.territory.id, brouillon)
    typed = fields.typed_of((stored or {}).items())
    if stored is None and site:
        typed = site_known(visit, typed, site)
    return _form(visit, typed, brouillon, resumed=stored is not None)


def _form(
    visit: Visit,
    typed: fields.Typed,
    draft_id: str,
    wrong: dict[str, str] | None = None,
    status: int = 200,
    resumed: bool = False,
) -> HTMLResponse:
    here = f"{FORM}?brouillon={draft_id}"
    context = form_context(visit, fields.complete(typed), wrong or {})
    return visit.page("diagnostic.html", status, here=here, draft_id=draft_id, resumed=resumed, **context)


@router.post(FORM)
def act(visit: VisitOf) -> Response:
    """Store the visit, or do what a button of the form asks of a browser without scripts."""
    typed, draft_id = fields.typed_of(visit.form.items()), visit.text("brouillon")
    action, _, what = visit.text("action").partition(":")
    if action == "enregistrer":
        return _store(visit, typed, draft_id)
    wrong: dict[str, str] = {}
    if action == "chercher":
        typed, wrong = site_looked_up(visit, typed)
    elif action == "connu":
        typed = site_known(visit, typed, what)
    elif action == "autre":
        typed = {**typed, **dict.fromkeys(fields.SITE_FIELDS, "")}
    elif action in ("ajouter", "typique"):
        typed, _ = added(visit, typed)
    elif action == "retirer" and whole(what) is not None:
        typed = fields.without_flow(typed, int(what))
    _keep(visit, typed, draft_id)
    if action == "brouillon":
        return see_other("/diagnostics")
    return _form(visit, typed, draft_id, wrong, 422 if wrong else 200)


def _store(visit: Visit, typed: fields.Typed, draft_id: str) -> Response:
    typed = fields.with_answers(typed, visit.language)
    try:
        with visit.writing() as session:
            stored = store_visit(session, visit.territory.id, fields.visit_of(typed, draft_id)).id
    except InvalidInputError as error:
        _keep(visit, typed, draft_id)
        return _form(visit, typed, draft_id, fields.wrong_fields(error, typed, visit.language), 422)
    return see_other(f"/diagnostics/{stored}?fait=1")


def _keep(visit: Visit, typed: fields.Typed, draft_id: str) -> bool:
    if fields.is_empty(typed):
        return False
    with visit.writing() as session:
        drafts.keep_draft(session, visit.territory.id, draft_id, fields.title_of(typed), typed)
    return True


@router.post("/diagnostics/brouillon")
def keep(visit: VisitOf) -> Response:
    """Keep what was typed so far: the page sends it by itself."""
    if not _keep(visit, fields.typed_of(visit.form.items()), visit.text("brouillon")):
        return Response(status_code=204)
    return visit.page("diagnostic_kept.html")


@router.post("/diagnostics/brouillons/{draft_id}/abandonner")
def drop(visit: VisitOf, draft_id: str) -> Response:
    """Forget a draft."""
    with visit.writing() as session:
        drafts.drop_draft(session, visit.territory.id, draft_id)
    return see_other("/diagnostics")


@router.get("/diagnostics/{diagnostic_id}")
def show(visit: VisitOf, diagnostic_id: str, fait: str = "") -> Response:
    """Show what a diagnostic has brought, and what to do next."""
    row = find(visit.session, Diagnostic, diagnostic_id)
    flows = listed(visit.session, Flow, Slice(MOST_FLOWS), diagnostic_id=row.id).items
    found = find_page(visit.session, row.territory_id, Wanted(site=row.site_id), size=BEST)
    best = cards(visit.session, found.rows, visit.language)
    context: dict[str, Any] = {
        "diagnostic": row,
        "site": find_or_none(visit.session, Site, row.site_id),
        "flows": shown(visit.session, flows),
        "best": best,
        "more": found.next is not None,
        "unquantified": [flow for flow in flows if flow.quantity_low is None],
        "done": fait == "1",
    }
    return visit.page("diagnostic_stored.html", here=f"/diagnostics/{row.id}", **context)
