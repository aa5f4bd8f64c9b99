"""The second factor at the door: the code of a telephone, or the first set-up where it is required."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.db.tables import User
from app.dependencies import DatabaseOf, SettingsOf, cookie_name
from app.errors import ForgedRequestError, InvalidInputError, TooManyTriesError
from app.services import second_factor, sessions
from app.translations import gettext
from app.web.entrance import (
    PENDING_COOKIE,
    caller_of,
    check_outside_form,
    keep_session,
    let_in,
    outside,
    said,
)
from app.web.pages.signing import STALE_FORM
from app.web.visit import PageLanguage, Submitted, own_address

router = APIRouter()


@router.get("/second-facteur")
def ask(request: Request, database: DatabaseOf, settings: SettingsOf, retour: str = "/") -> Response:
    """Ask for the code, or show how to have codes."""
    user = sessions.pending_user(database, request.cookies.get(cookie_name(settings, PENDING_COOKIE), ""))
    return _page(request, database, user, {"back": own_address(retour)})


@router.post("/second-facteur")
def answer(
    request: Request, database: DatabaseOf, settings: SettingsOf, language: PageLanguage, form: Submitted
) -> Response:
    """Open the session once the code is right."""
    pending = request.cookies.get(cookie_name(settings, PENDING_COOKIE), "")
    user = sessions.pending_user(database, pending)
    code, back = str(form.get("code", ""))[:40], own_address(str(form.get("retour", "/")))
    codes: list[str] = []
    try:
        check_outside_form(request, form)
        if second_factor.secret_to_show(database, user.id):
            codes = second_factor.confirm(database, user.id, code)
        else:
            second_factor.check(database, user.id, code)
    except ForgedRequestError:
        return _page(request, database, user, {"back": back, "error": gettext(STALE_FORM, language)}, 403)
    except InvalidInputError as error:
        return _page(request, database, user, {"back": back, "error": said(request, error)}, 401)
    except TooManyTriesError as error:
        response = _page(request, database, user, {"back": back, "error": said(request, error)}, 429)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response
    entered = sessions.finish(database, settings.web, pending, caller_of(request))
    if not codes:
        return let_in(settings, entered, back)
    response = outside(request, "recovery_codes.html", {"codes": codes, "back": back, "here": "/"})
    keep_session(response, settings, entered)
    return response


def _page(
    request: Request, database: DatabaseOf, user: User, values: dict[str, Any], status: int = 200
) -> Response:
    secret = second_factor.secret_to_show(database, user.id)
    context = {
        "error": "",
        "secret": secret,
        "picture": second_factor.picture(secret, user.email) if secret else "",
        "here": "/second-facteur",
        **values,
    }
    return outside(request, "second_factor.html", context, status)
