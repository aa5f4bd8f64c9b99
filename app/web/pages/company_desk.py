"""A company's own pages: its flows, who could take or give without names, what it shows, whom it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

from app.db.tables import Flow, Site
from app.errors import AppError, ConflictError, InvalidInputError, TooManyError
from app.problems import kind_of
from app.repositories import flows as flow_rows
from app.repositories.paging import Slice, listed
from app.repositories.records import find
from app.services import consent, introductions
from app.services.blind import BlindMatch, blind_matches
from app.services.consent import Level
from app.web.entrance import said
from app.web.search import whole
from app.web.trust_words import FIELDS, LEVELS
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()
HOME = "/mon-entreprise"
# Each flow is matched anew when its row is shown: a page of them is a second at most.
FLOWS, MATCHES = 8, 20
SHOWN_FIRST = ("company", "site", "label", "quantity", "contact")
DONE = frozenset({"niveau"})


@router.get(HOME)
def show(visit: VisitOf, apres: str = "") -> Response:
    """Show the company's flows, each with how many could take or give it, and the best of them."""
    sites = own_sites(visit)
    of_ours = Flow.site_id.in_([site.id for site in sites])
    page = listed(
        visit.session, Flow, Slice(FLOWS, apres or None), where=of_ours, territory_id=visit.territory.id
    )
    told = flow_rows.domain_of(visit.session, page.items)
    waiting = [row for row in introductions.visible_to(visit.session) if _waits(visit, row)]
    return visit.page(
        "company_desk.html",
        sites=sites,
        flows=[
            {
                "row": row,
                "told": flow,
                "matches": summary(blind_matches(visit.session, row.id), visit.language),
            }
            for row, flow in zip(page.items, told, strict=True)
        ],
        next=page.next,
        after=apres,
        levels=LEVELS,
        waiting=len(waiting),
    )


def _waits(visit: Visit, row: Any) -> bool:
    here = row.territory_id == visit.territory.id
    asked = here and row.asked_company_id in visit.principal.company_ids
    return asked and introductions.status_of(row) is introductions.Status.REQUESTED


def own_sites(visit: Visit) -> Sequence[Site]:
    """Return the sites of the companies that the visitor speaks for, in this territory."""
    of_ours = Site.company_id.in_(sorted(visit.principal.company_ids))
    return listed(visit.session, Site, Slice(200), where=of_ours, territory_id=visit.territory.id).items


def summary(matches: Sequence[BlindMatch], language: str) -> Mapping[str, Any]:
    """Return how many matches there are by class of score, the best first, and what is told of the best."""
    counts = Counter(one.score.number for one in matches)
    labels = {one.score.number: one.score.label.in_language(language) for one in matches}
    return {
        "count": len(matches),
        "classes": [(labels[number], counts[number]) for number in sorted(counts, reverse=True)],
        "best": matches[0].shown(language) if matches else None,
    }


@router.get(HOME + "/flux/{flow_id}")
def flow(visit: VisitOf, flow_id: str, apres: str = "", fait: str = "") -> Response:
    """Show who could take or give a flow, without names, and who is shown it."""
    return _flow(visit, flow_id, start=whole(apres) or 0, done=fait in DONE)


def _flow(visit: Visit, flow_id: str, start: int = 0, status: int = 200, **context: Any) -> HTMLResponse:
    row = consent.own_flow(visit.session, flow_id)
    (declared,) = flow_rows.domain_of(visit.session, [row])
    matches = blind_matches(visit.session, row.id)
    part = matches[start : start + MATCHES]
    return visit.page(
        "company_flow.html",
        status,
        row=row,
        flow=declared,
        site=find(visit.session, Site, row.site_id),
        summary=summary(matches, visit.language),
        matches=[one.shown(visit.language) | {"one": len(one.flow_ids) == 1} for one in part],
        next=str(start + MATCHES) if len(matches) > start + MATCHES else None,
        after=str(start) if start else "",
        levels=LEVELS,
        **{"done": False, **context},
    )


@router.post(HOME + "/flux/{flow_id}/niveau")
def level(visit: VisitOf, flow_id: str) -> Response:
    """Give a flow the level chosen: more or fewer people are shown it from now on."""
    wanted = visit.text("level")
    if wanted in set(Level):
        with visit.writing() as session:
            consent.set_level(session, flow_id, Level(wanted))
    return see_other(f"{HOME}/flux/{flow_id}?fait=niveau#niveau")


@router.get(HOME + "/flux/{flow_id}/demande")
def prepare(visit: VisitOf, flow_id: str, jeton: str = "") -> Response:
    """Show the form that asks for an introduction: what each will see, a message."""
    return _asking(visit, flow_id, jeton, SHOWN_FIRST, "")


def _asking(
    visit: Visit,
    flow_id: str,
    token: str,
    fields: Sequence[str],
    message: str,
    error: AppError | None = None,
) -> HTMLResponse:
    row = consent.own_flow(visit.session, flow_id)
    (declared,) = flow_rows.domain_of(visit.session, [row])
    match = next((one for one in blind_matches(visit.session, flow_id) if one.token == token), None)
    return visit.page(
        "company_asks.html",
        200 if error is None else kind_of(error).status,
        here=f"{HOME}/flux/{flow_id}",
        row=row,
        flow=declared,
        match=None if match is None else match.shown(visit.language),
        token=token,
        fields=FIELDS,
        chosen=frozenset(fields),
        message=message,
        longest=introductions.LONGEST_MESSAGE,
        error="" if error is None else said(visit.request, error),
    )


@router.post(HOME + "/flux/{flow_id}/demande")
def ask(visit: VisitOf, flow_id: str) -> Response:
    """Ask for an introduction, or say why not and keep what was typed."""
    fields = [str(one) for one in visit.form.getlist("fields")]
    token, message = visit.text("token"), visit.text("message")
    try:
        with visit.writing() as session:
            introductions.ask(session, flow_id, token, fields, message)
    except (InvalidInputError, ConflictError, TooManyError) as error:
        return _asking(visit, flow_id, token, fields, message, error)
    return see_other("/mises-en-relation?fait=demande#envoyees")
