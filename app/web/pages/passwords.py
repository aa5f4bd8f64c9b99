"""A forgotten password: asked for, and chosen anew through a link that works once."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, BackgroundTasks, Request, Response

from app.dependencies import DatabaseOf, SettingsOf
from app.errors import ForgedRequestError, InvalidInputError, TooManyTriesError
from app.services import mail, resets
from app.services.passwords import MINIMUM_LENGTH
from app.translations import gettext
from app.web.entrance import caller_of, check_outside_form, outside, said
from app.web.pages.signing import STALE_FORM
from app.web.visit import PageLanguage, Submitted

router = APIRouter()


@router.get("/mot-de-passe")
def ask(request: Request, settings: SettingsOf) -> Response:
    """Ask whose password is to be new, or say whom to ask where no mail leaves."""
    return _asking(request, settings, {})


def _asking(request: Request, settings: SettingsOf, values: dict[str, Any], status: int = 200) -> Response:
    context = {"error": "", "email": "", "sent": False, "mails": mail.can_send(settings), **values}
    return outside(request, "password_forgotten.html", context, status)


@router.post("/mot-de-passe")
def send(
    request: Request,
    database: DatabaseOf,
    settings: SettingsOf,
    language: PageLanguage,
    form: Submitted,
    later: BackgroundTasks,
) -> Response:
    """Say that a link is on its way, whether or not anybody has this address."""
    email = str(form.get("email", ""))[:300]
    try:
        check_outside_form(request, form)
        later.add_task(resets.ask(database, settings, email, caller_of(request), language))
    except ForgedRequestError:
        return _asking(request, settings, {"email": email, "error": gettext(STALE_FORM, language)}, 403)
    except TooManyTriesError as error:
        response = _asking(request, settings, {"email": email, "error": said(request, error)}, 429)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response
    response = _asking(request, settings, {"email": email, "sent": True})
    response.background = later
    return response


@router.get("/mot-de-passe/{token}")
def choose(request: Request, database: DatabaseOf, token: str) -> Response:
    """Show the form of the new password."""
    return _choosing(request, resets.email_of(database, token, caller_of(request)))


def _choosing(request: Request, email: str, error: str = "", status: int = 200) -> Response:
    context = {"email": email, "error": error, "least": MINIMUM_LENGTH}
    return outside(request, "password_new.html", context, status)


@router.post("/mot-de-passe/{token}")
def change(
    request: Request,
    database: DatabaseOf,
    settings: SettingsOf,
    language: PageLanguage,
    token: str,
    form: Submitted,
) -> Response:
    """Set the new password; every session of the person ends."""
    email = resets.email_of(database, token, caller_of(request))
    try:
        check_outside_form(request, form)
        resets.use(database, settings.web, token, str(form.get("password", "")))
    except ForgedRequestError:
        return _choosing(request, email, gettext(STALE_FORM, language), 403)
    except InvalidInputError as error:
        return _choosing(request, email, said(request, error), 422)
    return outside(request, "password_changed.html", {"here": "/connexion"})
