"""Signing in and out, the language, the territory."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from app.dependencies import SESSION_COOKIE, DatabaseOf, SettingsOf
from app.errors import ForgedRequestError, MissingError, NotSignedInError
from app.services import accounts
from app.services.passwords import csrf_token, new_token
from app.web.rendering import render
from app.web.visit import (
    LANGUAGE_COOKIE,
    TERRITORY_COOKIE,
    PageLanguage,
    PagePrincipal,
    Submitted,
    check_own_form,
    keep_cookie,
    own_address,
    see_other,
    territories_of,
)
from matching.messages import N_

router = APIRouter()
# Holds the sign-in form's token while there is no session yet.
FORM_COOKIE = "entreflux_form"
WRONG = N_("This e-mail address and this password do not go together. Check both, then try again.")
STALE_FORM = N_("This form had expired. Nothing was lost: sign in again.")


@router.get("/connexion")
def ask(request: Request, settings: SettingsOf, language: PageLanguage, retour: str = "/") -> Response:
    """Show the sign-in form."""
    return _form(request, settings, language, {"back": own_address(retour)})


def _form(
    request: Request, settings: SettingsOf, language: str, values: dict[str, Any], status: int = 200
) -> Response:
    token = request.cookies.get(FORM_COOKIE) or new_token()
    context = {"error": "", "email": "", "back": "/", **values, "csrf": csrf_token(token)}
    response = render("sign_in.html", language, context, status)
    response.set_cookie(
        FORM_COOKIE, token, httponly=True, samesite="strict", secure=settings.web.secure_cookies
    )
    return response


@router.post("/connexion")
def sign_in(
    request: Request,
    database: DatabaseOf,
    settings: SettingsOf,
    language: PageLanguage,
    form: Submitted,
) -> Response:
    """Open a session, or say what is wrong beside what was typed."""
    email, back = str(form.get("email", "")), own_address(str(form.get("retour", "/")))
    typed = {"email": email, "back": back}
    try:
        check_own_form(request, form, request.cookies.get(FORM_COOKIE, ""))
        token = accounts.sign_in(database, settings.web, email, str(form.get("password", "")))
    except ForgedRequestError:
        return _form(request, settings, language, {**typed, "error": STALE_FORM}, 403)
    except NotSignedInError:
        return _form(request, settings, language, {**typed, "error": WRONG}, 401)
    response = see_other(back)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(settings.web.session_hours * 3600),
        httponly=True,
        samesite="lax",
        secure=settings.web.secure_cookies,
    )
    response.delete_cookie(FORM_COOKIE)
    return response


@router.post("/deconnexion")
def sign_out(request: Request, database: DatabaseOf, principal: PagePrincipal) -> Response:
    """End the session."""
    accounts.sign_out(database, request.cookies[SESSION_COOKIE])
    response = see_other("/connexion")
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(TERRITORY_COOKIE)
    return response


@router.get("/fr")
@router.get("/en")
def switch(request: Request, settings: SettingsOf, retour: str = "/") -> RedirectResponse:
    """Keep the language and go back where the switch was."""
    response = see_other(own_address(retour))
    keep_cookie(response, settings, LANGUAGE_COOKIE, request.url.path.strip("/"))
    return response


@router.get("/territoires")
def choose(
    request: Request, database: DatabaseOf, principal: PagePrincipal, language: PageLanguage
) -> Response:
    """Show the territories open to the visitor."""
    with database.reading(principal) as session:
        territories = territories_of(session)
        context = {
            "choices": territories,
            "chosen": request.cookies.get(TERRITORY_COOKIE, ""),
            "csrf": csrf_token(request.cookies[SESSION_COOKIE]),
        }
        return render("territories.html", language, context)


@router.post("/territoires")
def chosen(
    database: DatabaseOf, principal: PagePrincipal, settings: SettingsOf, form: Submitted
) -> RedirectResponse:
    """Keep the territory chosen, if it is open to the visitor."""
    territory_id = str(form.get("territory", ""))
    with database.reading(principal) as session:
        if territory_id not in {row.id for row in territories_of(session)}:
            raise MissingError
    response = see_other("/")
    keep_cookie(response, settings, TERRITORY_COOKIE, territory_id)
    return response
