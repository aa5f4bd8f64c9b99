"""Introductions: who asks to meet whom, what each would see, the answers, what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from app.db.tables import Flow
from app.errors import ConflictError, InvalidInputError, StaleVersionError, TooManyError
from app.problems import kind_of
from app.services import introductions
from app.services.introductions import Side, Status
from app.web.entrance import said
from app.web.pages.company_desk import SHOWN_FIRST
from app.web.search import whole
from app.web.trust_words import FIELDS, STATES
from app.web.visit import Visit, VisitOf, see_other
from matching.messages import N_

router = APIRouter()
HERE = "/mises-en-relation"
MOST_OVER = 50
ANSWERS = {"accepter": Status.ACCEPTED, "refuser": Status.REFUSED, "terminer": Status.REVOKED}
DONE: Mapping[str, str] = {
    "demande": N_(
        "Asked. The other company sees who you are and what you would show; it has a month to answer."
    ),
    "accepter": N_("Accepted: each now sees the fields listed."),
    "refuser": N_("Refused. The other company learns nothing about you."),
    "terminer": N_("Ended: nobody sees the other's fields any more."),
}


@router.get(HERE)
def show(visit: VisitOf, fait: str = "") -> Response:
    """Show what waits for an answer, what was asked, who has met, what is over."""
    return _page(visit, done=DONE.get(fait, ""))


def _page(visit: Visit, status: int = 200, done: str = "", error: str = "") -> Response:
    # The visit's own session began before what has just been changed.
    with visit.database.reading(visit.principal) as session:
        here = [
            introductions.shown(session, row)
            for row in introductions.visible_to(session)
            if row.territory_id == visit.territory.id
        ]
        labels = {
            one["own_flow_id"]: row.label
            for one in here
            if one["own_flow_id"] and (row := session.get(Flow, one["own_flow_id"])) is not None
        }
    over = [one for one in here if one["status"] not in (Status.REQUESTED, Status.ACCEPTED)]
    return visit.page(
        "introductions.html",
        status,
        here=HERE,
        received=_of(here, Status.REQUESTED, Side.ASKED, Side.STAFF),
        sent=_of(here, Status.REQUESTED, Side.ASKING),
        met=_of(here, Status.ACCEPTED, *Side),
        over=over[:MOST_OVER],
        labels=labels,
        fields=FIELDS,
        states=STATES,
        done=done,
        error=error,
    )


def _of(rows: list[dict[str, Any]], status: Status, *sides: Side) -> list[dict[str, Any]]:
    return [one for one in rows if one["status"] == status and one["side"] in sides]


@router.post(HERE + "/{introduction_id}")
def answer(visit: VisitOf, introduction_id: str) -> Response:
    """Accept, refuse or end, as one of the two companies or for it under mandate."""
    chosen, version = visit.text("answer"), visit.text("version")
    if chosen not in ANSWERS:
        return see_other(HERE)
    try:
        with visit.writing() as session:
            seen = whole(version)
            introductions.answer(session, introduction_id, ANSWERS[chosen], seen)
    except (ConflictError, StaleVersionError) as error:
        return _page(visit, kind_of(error).status, error=said(visit.request, error))
    return see_other(f"{HERE}?fait={chosen}")


@router.post("/synergies/{synergy_id}/mise-en-relation")
def propose(visit: VisitOf, synergy_id: str) -> Response:
    """Propose an introduction in the name of one company of a synergy, by the staff under its mandate."""
    flow_id, other_flow_id = visit.text("flow"), visit.text("other_flow")
    try:
        with visit.writing() as session:
            introductions.propose(session, flow_id, other_flow_id, SHOWN_FIRST, visit.text("message"))
    except (ConflictError, TooManyError, InvalidInputError) as error:
        return _page(visit, kind_of(error).status, error=said(visit.request, error))
    return see_other(f"{HERE}?fait=demande")
