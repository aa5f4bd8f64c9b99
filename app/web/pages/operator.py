"""Who runs the server: its territories counted, and the way into one, told to those who are in it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.db.principal import Principal
from app.dependencies import DatabaseOf, SettingsOf, session_cookie_of
from app.errors import InvalidInputError
from app.services import operating, seats
from app.services.passwords import csrf_token
from app.web.entrance import said
from app.web.rendering import render
from app.web.search import whole
from app.web.visit import (
    TERRITORY_COOKIE,
    PageLanguage,
    PagePrincipal,
    Submitted,
    keep_cookie,
    see_other,
)

router = APIRouter()
HERE = "/exploitation"
# Half an hour to half a day: the API takes up to as long.
MINUTES = (30, 60, 240, 480)
LONGEST_REASON = 80


@router.get(HERE)
def show(
    request: Request, database: DatabaseOf, principal: PagePrincipal, language: PageLanguage
) -> Response:
    """Show the territories of the server with how much they hold."""
    return _page(request, database, principal, language)


def _page(
    request: Request,
    database: DatabaseOf,
    principal: Principal,
    language: str,
    status: int = 200,
    **context: Any,
) -> Response:
    with database.reading(principal) as session:
        sizes = operating.territories(session)
    values = {
        "here": HERE,
        "territories": sizes,
        "minutes": MINUTES,
        "longest": LONGEST_REASON,
        "csrf": csrf_token(session_cookie_of(request)),
        "wrong": {},
        "typed": {"territory": "", "reason": "", "minutes": "60"},
    }
    return render("operator.html", language, {**values, **context}, status)


@router.post(HERE)
def open_territory(
    request: Request,
    database: DatabaseOf,
    principal: PagePrincipal,
    settings: SettingsOf,
    language: PageLanguage,
    form: Submitted,
) -> Response:
    """Seat the operator in a territory for a while, for a reason that the territory reads."""
    typed = {name: str(form.get(name, "")).strip() for name in ("territory", "reason", "minutes")}
    minutes = whole(typed["minutes"]) or 0
    minutes = minutes if minutes in MINUTES else MINUTES[0]
    try:
        with database.writing(principal) as session:
            seats.break_glass(session, typed["territory"], typed["reason"], minutes)
    except InvalidInputError as error:
        wrong = {"reason": said(request, error)}
        return _page(request, database, principal, language, 422, typed=typed, wrong=wrong)
    response = see_other("/")
    keep_cookie(response, settings, TERRITORY_COOKIE, typed["territory"])
    return response
