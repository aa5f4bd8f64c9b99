"""Parts of the form of a diagnostic, fetched while one types."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.errors import InvalidInputError
from app.services import suggestions
from app.services.visits import site_declared, sites_called
from app.web import diagnostic_form as fields
from app.web import diagnostic_parts as parts
from app.web import wording
from app.web.visit import Visit, VisitOf

router = APIRouter()
SHORTEST = 2
SHOWN_MATCHES = 3
KNOWN_SITES = 4


@router.get("/diagnostics/suggestions")
def suggest(visit: VisitOf, n: Annotated[int, Query(ge=0, le=9999)]) -> Response:
    """Return what the words of a flow may mean, as the options of its list."""
    flow = fields.flow_of(fields.typed_of(visit.request.query_params.items()), n)
    side = flow["direction"] if flow["direction"] in wording.DIRECTIONS else ""
    offered = suggestions.suggestions(flow["label"], side, visit.language)
    return visit.page("diagnostic_options.html", number=n, offered=offered)


@router.post("/diagnostics/flux")
def add(visit: VisitOf) -> Response:
    """Return one more flow for the form, empty or as a question's answer says."""
    typed, number = parts.added(visit, fields.typed_of(visit.form.items()))
    answered = visit.text("action").removeprefix("typique:") if "typique" in visit.text("action") else ""
    context = parts.form_context(visit, typed, {})
    return visit.page("diagnostic_added.html", number=number, answered=answered.replace(":", "-"), **context)


@router.post("/diagnostics/site")
def fill_in(visit: VisitOf) -> Response:
    """Return the site's part of the form, filled in from its SIRET or from the site that was picked."""
    typed = fields.typed_of(visit.form.items())
    wrong: dict[str, str] = {}
    action, _, what = visit.text("action").partition(":")
    if action == "chercher":
        typed, wrong = parts.site_looked_up(visit, typed)
    elif action == "connu":
        typed = parts.site_known(visit, typed, what)
    elif action == "autre":
        typed = {**typed, **dict.fromkeys(fields.SITE_FIELDS, "")}
    return visit.page("diagnostic_filled.html", **parts.form_context(visit, typed, wrong))


@router.post("/diagnostics/questions")
def ask(visit: VisitOf) -> Response:
    """Return what to ask a firm of the activity that was typed."""
    typed = fields.typed_of(visit.form.items())
    return visit.page("diagnostic_questions.html", **parts.form_context(visit, typed, {}))


@router.post("/diagnostics/lieu")
def place(visit: VisitOf) -> Response:
    """Return how exactly the site would be placed, and the sites of the territory that bear its name."""
    typed = fields.typed_of(visit.form.items())
    words = typed["name"]
    known = (
        sites_called(visit.session, visit.territory.id, words, KNOWN_SITES) if len(words) > SHORTEST else ()
    )
    return visit.page("diagnostic_place.html", known=known, **parts.form_context(visit, typed, {}))


@router.post("/diagnostics/apercu")
def preview(visit: VisitOf) -> Response:
    """Return how many matches a flow would have here, and the best of them."""
    number = visit.text("numero")
    typed = fields.typed_of(visit.form.items())
    found = _matches(visit, typed, int(number)) if fields.NUMBER.fullmatch(number) else None
    return visit.page("diagnostic_preview.html", found=found, best=(found or [])[:SHOWN_MATCHES])


def _matches(visit: Visit, typed: fields.Typed, number: int) -> list[dict[str, Any]] | None:
    """Return the matches, None while too little was said or something of it is wrong."""
    if len(fields.flow_of(typed, number)["label"]) <= SHORTEST:
        return None
    named = {**fields.site_fields(typed), "siret": "", "name": typed["name"] or "?"}
    declared = fields.declared_fields(typed, number)
    try:
        site = site_declared(visit.session, visit.territory.id, typed["site_id"], named)
        found = suggestions.preview_at(visit.session, visit.territory, site, declared, visit.language)
    except InvalidInputError:
        return None
    return [_with_partners(document) for document in found]


def _with_partners(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with the members that are stored: those that are not the flow being typed."""
    return {**document, "partners": [one for one in document["members"] if one["flow_id"]]}
