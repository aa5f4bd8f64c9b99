"""Signing in and out, the language, the territory."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from app.dependencies import SESSION_COOKIE, DatabaseOf, SettingsOf, cookie_name, session_cookie_of
from app.errors import AppError, ForgedRequestError, MissingError, NotSignedInError, TooManyTriesError
from app.services import accounts, mail, open_id, sessions
from app.services.passwords import csrf_token
from app.settings import Settings
from app.translations import gettext
from app.web.entrance import (
    PENDING_COOKIE,
    caller_of,
    check_outside_form,
    forget,
    keep_secret,
    let_in,
    outside,
    public_address,
    said,
)
from app.web.rendering import render
from app.web.visit import (
    LANGUAGE_COOKIE,
    TERRITORY_COOKIE,
    PageLanguage,
    PagePrincipal,
    Submitted,
    keep_cookie,
    own_address,
    see_other,
    territories_of,
)
from matching.messages import N_

router = APIRouter()
log = logging.getLogger(__name__)
WRONG = N_("This e-mail address and this password do not go together. Check both, then try again.")
STALE_FORM = N_("This form had expired. Nothing was lost: sign in again.")
# What one attempt at the provider keeps, and where it leads afterwards.
ATTEMPT_COOKIE, BACK_COOKIE = "entreflux_openid", "entreflux_openid_back"
ATTEMPT_S = 600
CALLBACK = "/connexion/openid/retour"


@router.get("/connexion")
def ask(request: Request, settings: SettingsOf, retour: str = "/") -> Response:
    """Show the sign-in form."""
    return _form(request, settings, {"back": own_address(retour)})


def _form(request: Request, settings: Settings, values: dict[str, Any], status: int = 200) -> Response:
    context = {
        "error": "",
        "email": "",
        "back": "/",
        "provider": (settings.openid.name or "OpenID Connect") if settings.openid.issuer else "",
        "mails": mail.can_send(settings),
        **values,
    }
    if context["error"]:
        context["here"] = "/connexion"
    return outside(request, "sign_in.html", context, status)


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
        check_outside_form(request, form)
        password = str(form.get("password", ""))
        entered = sessions.with_password(database, settings.web, email, password, caller_of(request))
    except ForgedRequestError:
        return _form(request, settings, {**typed, "error": gettext(STALE_FORM, language)}, 403)
    except NotSignedInError:
        return _form(request, settings, {**typed, "error": gettext(WRONG, language)}, 401)
    except TooManyTriesError as error:
        response = _form(request, settings, {**typed, "error": said(request, error)}, 429)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response
    return let_in(settings, entered, back)


@router.get("/connexion/openid")
def leave(request: Request, settings: SettingsOf, retour: str = "/") -> Response:
    """Go to the OpenID Connect provider."""
    if not settings.openid.issuer:
        raise MissingError
    try:
        address, attempt = open_id.begin(settings.openid, public_address(request, CALLBACK))
    except open_id.ProviderError as error:
        return _failed(request, settings, error)
    response = see_other(address)
    # The provider sends the browser back from its own site: a strict cookie would stay behind.
    keep_secret(response, settings, ATTEMPT_COOKIE, attempt.text(), ATTEMPT_S)
    keep_secret(response, settings, BACK_COOKIE, own_address(retour), ATTEMPT_S)
    return response


@router.get(CALLBACK)
def come_back(request: Request, database: DatabaseOf, settings: SettingsOf) -> Response:
    """Open a session for whom the provider names."""
    if not settings.openid.issuer:
        raise MissingError
    names = (cookie_name(settings, name) for name in (ATTEMPT_COOKIE, BACK_COOKIE))
    kept, back = (request.cookies.get(name, "") for name in names)
    try:
        attempt = open_id.Attempt.read(kept)
        where = public_address(request, CALLBACK)
        identity = open_id.identify(settings.openid, where, attempt, dict(request.query_params))
        user = open_id.person_of(database, identity)
    except (open_id.ProviderError, open_id.UnknownPersonError) as error:
        response = _failed(request, settings, error)
    else:
        entered = sessions.enter(database, settings.web, user, caller_of(request))
        response = let_in(settings, entered, own_address(back))
    forget(response, settings, ATTEMPT_COOKIE, BACK_COOKIE)
    return response


def _failed(request: Request, settings: Settings, error: AppError) -> Response:
    if isinstance(error, open_id.ProviderError):
        log.warning("OpenID Connect: %s", error.reason)
    status = 403 if isinstance(error, open_id.UnknownPersonError) else 502
    return _form(request, settings, {"error": said(request, error)}, status)


@router.post("/deconnexion")
def sign_out(
    request: Request, database: DatabaseOf, settings: SettingsOf, principal: PagePrincipal
) -> Response:
    """End the session."""
    accounts.sign_out(database, session_cookie_of(request))
    response = see_other("/connexion")
    forget(response, settings, SESSION_COOKIE, PENDING_COOKIE)
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
        if principal.is_operator and not territories:
            return see_other("/exploitation")
        context = {
            "choices": territories,
            "operates": principal.is_operator,
            "chosen": request.cookies.get(TERRITORY_COOKIE, ""),
            "csrf": csrf_token(session_cookie_of(request)),
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
