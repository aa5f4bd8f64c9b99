"""The charter in force and its versions, a company's mandate, where each company stands."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.db.principal import Role
from app.errors import InvalidInputError
from app.services import charters, consent
from app.services.audit import role_in
from app.web.entrance import said
from app.web.search import whole
from app.web.trust_words import ORIGINS
from app.web.visit import Visit, VisitOf, see_other
from matching.messages import N_

router = APIRouter()
HERE = "/charte"
COMPANIES = 50
LONGEST_CHARTER = 40_000
STATES = {
    charters.SIGNED: N_("Signed"),
    charters.RECORDED: N_("Recorded by the team"),
    charters.NONE: N_("No mandate"),
}
DONE = {
    "publie": N_("Published. What companies agreed to before keeps the version they read."),
    "donne": N_("Mandate given: the team reads your flows and looks for partners for you."),
    "repris": N_("Mandate taken back: the team no longer reads your flows."),
}


@router.get(HERE)
def show(visit: VisitOf, version: str = "", mandat: str = "", apres: str = "", fait: str = "") -> Response:
    """Show the charter, and the mandates that the visitor may read of."""
    number, start = (whole(text) or 0 for text in (version, apres))
    return _page(visit, number, mandat if mandat in STATES else "", start, done=DONE.get(fait, ""))


def _page(
    visit: Visit, number: int = 0, state: str = "", start: int = 0, status: int = 200, **context: Any
) -> Response:
    versions = charters.versions(visit.session, visit.territory.id)
    shown = next((row for row in versions if row.number == number), versions[0] if versions else None)
    return visit.page(
        "charter.html",
        status,
        here=HERE,
        versions=versions,
        shown=shown,
        origins=ORIGINS,
        states=STATES,
        longest=LONGEST_CHARTER,
        **_mandates(visit, state, start),
        **{"typed": "", "preview": False, "wrong": "", "done": "", **context},
    )


def _mandates(visit: Visit, state: str, start: int) -> dict[str, Any]:
    """Return the company's own mandates, or those of a territory that its staff read of."""
    if role_in(visit.principal, visit.territory.id) == Role.OBSERVER:
        return {"own": [], "standings": [], "withheld": 0, "query": {}, "next": None, "after": ""}
    every = charters.standings(visit.session, visit.territory.id)
    own = [one for one in every if one.company.id in visit.principal.company_ids]
    staff = visit.principal.is_staff_of(visit.territory.id)
    listed = [one for one in every if state in ("", one.state)] if staff else []
    return {
        "own": own,
        "standings": listed[start : start + COMPANIES],
        "withheld": charters.count_withheld(visit.session, visit.territory.id) if staff else 0,
        "query": {"mandat": state},
        "next": str(start + COMPANIES) if len(listed) > start + COMPANIES else None,
        "after": str(start) if start else "",
    }


@router.post(HERE)
def publish(visit: VisitOf) -> Response:
    """Show the new version as it will be read, or publish it."""
    body = visit.text("body")[:LONGEST_CHARTER]
    try:
        if not body:
            raise InvalidInputError.on("body", consent.NOTHING_WRITTEN)
        if visit.text("action") != "publier":
            return _page(visit, typed=body, preview=True)
        with visit.writing() as session:
            consent.publish_charter(session, visit.territory.id, body)
    except InvalidInputError as error:
        return _page(visit, status=422, typed=body, wrong=said(visit.request, error))
    return see_other(f"{HERE}?fait=publie")


@router.post(HERE + "/mandat")
def mandate(visit: VisitOf) -> Response:
    """Give the mandate of a company, or take it back."""
    company_id, gives = visit.text("company"), visit.text("action") == "donner"
    with visit.writing() as session:
        if gives:
            consent.give_mandate(session, company_id)
        else:
            consent.withdraw_mandate(session, company_id)
    return see_other(f"{HERE}?fait={'donne' if gives else 'repris'}")
