"""My account: password, second factor, sessions, keys."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.dependencies import session_cookie_of
from app.errors import InvalidInputError, TooManyTriesError
from app.services import keys, own_account, second_factor
from app.services.passwords import MINIMUM_LENGTH, hashed
from app.translations import translate
from app.web.entrance import outside
from app.web.visit import Visit, VisitOf, see_other
from matching.messages import N_

router = APIRouter()
ACCOUNT = "/compte"
DAYS = {"30": N_("30 days"), "90": N_("90 days"), "365": N_("A year")}
TYPED = {"name": "", "days": "90", "scopes": ["read"]}
DONE = {
    "mot-de-passe": N_("Your password is changed. Every other session is over."),
    "sessions": N_("Done: that session is over."),
    "cle": N_("Done: that key opens nothing any more."),
    "facteur": N_("The second factor is off."),
}


@router.get(ACCOUNT)
def show(visit: VisitOf, fait: str = "") -> Response:
    """Show the visitor's own account."""
    return _page(visit, done=fait)


def _page(visit: Visit, status: int = 200, done: str = "", **context: Any) -> Response:
    # The visit's own session began before what has just been changed.
    with visit.database.reading(visit.principal) as session:
        own = own_account.read(session, visit.settings.web, visit.principal)
    values: dict[str, Any] = {
        "own": own,
        "present": hashed(session_cookie_of(visit.request)),
        "wrong": {},
        "typed": TYPED,
        "new_key": "",
        "scopes": keys.SCOPES,
        "days": DAYS,
        "least": MINIMUM_LENGTH,
        "done": DONE.get(done, ""),
        "secret": "",
        "picture": "",
        "coordinates": visit.territory.id in visit.principal.coordinated,
    }
    secret = second_factor.secret_to_show(visit.database, own.user.id)
    if secret:
        values |= {"secret": secret, "picture": second_factor.picture(secret, own.user.email)}
    return visit.page("account.html", status, **{**values, **context})


def _refused(
    visit: Visit, error: InvalidInputError | TooManyTriesError, part: str, **context: Any
) -> Response:
    """Show the page again with what is wrong beside its field."""
    if isinstance(error, TooManyTriesError):
        said = {f"{part}-present": translate(error.message, visit.language)}
        response = _page(visit, 429, wrong=said, **context)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response
    wrong = {f"{part}-{one.field}": translate(one.message, visit.language) for one in error.errors}
    return _page(visit, 422, wrong=wrong, **context)


@router.post("/compte/mot-de-passe")
def change_password(visit: VisitOf) -> Response:
    """Change the password, once the present one was given."""
    settings, token = visit.settings.web, session_cookie_of(visit.request)
    present, new = str(visit.form.get("present", "")), str(visit.form.get("password", ""))
    try:
        own_account.check_it_is_you(visit.database, settings, visit.principal, present)
        with visit.writing() as session:
            own_account.change_password(session, settings, visit.principal, token, new)
    except (InvalidInputError, TooManyTriesError) as error:
        return _refused(visit, error, "password")
    return see_other(f"{ACCOUNT}?fait=mot-de-passe")


@router.post("/compte/sessions")
def end_session(visit: VisitOf) -> Response:
    """End one of the visitor's sessions, or all the others."""
    with visit.writing() as session:
        token = session_cookie_of(visit.request)
        own_account.end_sessions(session, visit.principal, token, visit.text("session") or None)
    return see_other(f"{ACCOUNT}?fait=sessions#sessions")


@router.post("/compte/second-facteur")
def change_factor(visit: VisitOf) -> Response:
    """Begin, confirm or drop the second factor, as the button pressed says."""
    action = visit.text("action")
    try:
        if action == "confirmer":
            return _confirm(visit)
        present = str(visit.form.get("present", ""))
        own_account.check_it_is_you(visit.database, visit.settings.web, visit.principal, present)
        with visit.writing() as session:
            if action == "retirer":
                own_account.drop_factor(session, visit.principal)
            else:
                own_account.begin_factor(session, visit.principal)
    except (InvalidInputError, TooManyTriesError) as error:
        return _refused(visit, error, "factor")
    return see_other(f"{ACCOUNT}?fait=facteur#facteur" if action == "retirer" else f"{ACCOUNT}#facteur")


def _confirm(visit: Visit) -> Response:
    user_id = own_account.user_id_of(visit.principal)
    codes = second_factor.confirm(visit.database, user_id, visit.text("code")[:40])
    with visit.writing() as session:
        own_account.note_factor(session, visit.principal)
    return outside(visit.request, "recovery_codes.html", {"codes": codes, "back": ACCOUNT, "here": ACCOUNT})


@router.post("/compte/cles")
def create_key(visit: VisitOf) -> Response:
    """Create a key and show it, once."""
    scopes = [value for value in visit.form.getlist("scopes") if isinstance(value, str)]
    typed = {"name": visit.text("name"), "days": visit.text("days"), "scopes": scopes}
    days = int(typed["days"]) if typed["days"] in DAYS else 0
    try:
        with visit.writing() as session:
            user_id = own_account.user_id_of(visit.principal)
            token = keys.create_own_key(session, user_id, visit.text("name"), scopes, days)
    except InvalidInputError as error:
        return _refused(visit, error, "key", typed=typed)
    response = _page(visit, new_key=token)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/compte/cles/fin")
def revoke_key(visit: VisitOf) -> Response:
    """End one of the visitor's keys."""
    with visit.writing() as session:
        keys.revoke_own_key(session, own_account.user_id_of(visit.principal), visit.text("key"))
    return see_other(f"{ACCOUNT}?fait=cle#cles")
