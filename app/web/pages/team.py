"""What a coordinator changes of the people of a territory: another role, a place taken away."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app.db.principal import Role
from app.errors import ConflictError, InvalidInputError
from app.services import seats
from app.translations import translate
from app.web.pages.invitations import TEAM, team_page
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()


@router.post("/equipe/changer")
def change(visit: VisitOf) -> Response:
    """Give somebody another role; one coordinator stays."""
    role = visit.text("role")
    company_id = visit.text("company") if role == Role.COMPANY else None
    try:
        with visit.writing() as session:
            # A role that is none of ours comes from no form of ours.
            asked = Role(role) if role in set(Role) else Role.OBSERVER
            seats.change_seat(session, visit.territory, visit.text("seat"), asked, company_id)
    except (ConflictError, InvalidInputError) as error:
        return _refused(visit, error)
    return see_other(TEAM)


@router.post("/equipe/enlever")
def take_away(visit: VisitOf) -> Response:
    """Take somebody's place away; the account stays, and one coordinator."""
    try:
        with visit.writing() as session:
            seats.remove_seat(session, visit.territory, visit.text("seat"))
    except ConflictError as error:
        return _refused(visit, error)
    return see_other(TEAM)


def _refused(visit: Visit, error: ConflictError | InvalidInputError) -> Response:
    messages = [one.message for one in error.errors] if isinstance(error, InvalidInputError) else []
    why = translate(messages[0] if messages else error.message, visit.language)
    status = 422 if messages else 409
    return team_page(visit, status, refused={"seat": visit.text("seat"), "why": why})
