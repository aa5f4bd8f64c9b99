"""Who enters a territory: its people, invitations made, taken back and accepted."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, BackgroundTasks, Request, Response

from app.db.principal import Role
from app.dependencies import DatabaseOf, SettingsOf, session_cookie_of
from app.errors import (
    ConflictError,
    ForgedRequestError,
    InvalidInputError,
    MissingError,
    NotSignedInError,
)
from app.services import accounts, invitations, mail, people
from app.services.passwords import MINIMUM_LENGTH, csrf_token
from app.translations import gettext, translate
from app.web.entrance import caller_of, check_outside_form, outside, public_address, said
from app.web.pages.signing import STALE_FORM
from app.web.visit import PageLanguage, Submitted, Visit, VisitOf, check_own_form, see_other
from matching.messages import N_

router = APIRouter()
TEAM = "/equipe"
SUBJECT = N_("You are invited to {territory} on Entreflux")
TEXT = N_(
    "{author} opens the territory {territory} to you on Entreflux.\n\n"
    "Choose a password and come in within a week: {link}"
)


@router.get(TEAM)
def show(visit: VisitOf) -> Response:
    """Show who has a place in the territory, and who is invited."""
    return team_page(visit)


def team_page(visit: Visit, status: int = 200, **context: Any) -> Response:
    """Return the page of the territory's people, with what has just been typed, made or refused."""
    # The visit's own session began before what has just been changed.
    with visit.database.reading(visit.principal) as session:
        invitations.check_may_invite(session, visit.territory.id)
        shown = people.of_territory(session, visit.territory.id)
        invited = people.invited(session, visit.territory.id)
        companies = people.companies(session, visit.territory.id)
    values = {
        "people": shown,
        "invited": invited,
        "companies": companies,
        "roles": invitations.ROLES,
        "told": invitations.ROLES_TOLD,
        "typed": {"email": "", "role": Role.FACILITATOR.value, "company": ""},
        "wrong": {},
        "link": "",
        "mailed": False,
        "refused": {"seat": "", "why": ""},
    }
    return visit.page("team.html", status, **{**values, **context})


@router.post(TEAM)
def invite(visit: VisitOf, later: BackgroundTasks) -> Response:
    """Make an invitation and show its link, once; mail it where mail leaves."""
    typed = {name: visit.text(name) for name in ("email", "role", "company")}
    role = typed["role"] if typed["role"] in set(Role) else Role.FACILITATOR.value
    company = typed["company"] if role == Role.COMPANY else ""
    try:
        with visit.writing() as session:
            token = invitations.invite(session, visit.territory, typed["email"], Role(role), company)
    except InvalidInputError as error:
        wrong = {one.field: translate(one.message, visit.language) for one in error.errors}
        return team_page(visit, 422, typed=typed, wrong=wrong)
    link = public_address(visit.request, invitations.path_of(token))
    mails = mail.can_send(visit.settings)
    if mails:
        words = {"author": visit.principal.name, "territory": visit.territory.name, "link": link}
        subject, text = (gettext(template, visit.language, **words) for template in (SUBJECT, TEXT))
        later.add_task(mail.send_or_log, visit.settings.mail, typed["email"], subject, text)
    response = team_page(visit, link=link, mailed=mails, invitee=typed["email"])
    response.headers["Cache-Control"] = "no-store"
    response.background = later
    return response


@router.post("/equipe/retirer")
def withdraw(visit: VisitOf) -> Response:
    """Take an invitation back."""
    with visit.writing() as session:
        invitations.withdraw(session, visit.territory, visit.text("invitation"))
    return see_other(f"{TEAM}#invitations")


@router.get("/invitation/{token}")
def read(request: Request, database: DatabaseOf, token: str) -> Response:
    """Show what an invitation opens, and how to accept it."""
    return _invitation(request, database, invitations.read(database, token, caller_of(request)))


def _invitation(
    request: Request,
    database: DatabaseOf,
    invited: invitations.Invited,
    values: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    email = _signed_in_as(request, database)[0]
    context = {
        "invited": invited,
        "role": invitations.ROLES[invited.role],
        "signed_in": email == invited.email,
        "error": "",
        "name": "",
        "least": MINIMUM_LENGTH,
        "here": request.url.path,
        "token": csrf_token(session_cookie_of(request)) if email == invited.email else "",
        **(values or {}),
    }
    return outside(request, "invitation.html", context, status)


def _signed_in_as(request: Request, database: DatabaseOf) -> tuple[str, str]:
    """Return the address and the identifier of who is signed in, empty when nobody is."""
    cookie = session_cookie_of(request)
    try:
        principal = accounts.principal_of_session(database, cookie)
    except NotSignedInError:
        return "", ""
    return principal.name, principal.subject.removeprefix("user:")


@router.post("/invitation/{token}")
def accept(
    request: Request,
    database: DatabaseOf,
    settings: SettingsOf,
    language: PageLanguage,
    token: str,
    form: Submitted,
) -> Response:
    """Create the account, or open the territory to who is signed in."""
    invited = invitations.read(database, token, caller_of(request))
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    try:
        if invited.has_account:
            return _accept_signed_in(request, database, invited, token, form)
        check_outside_form(request, form)
        invitations.accept(database, settings.web, token, name, password)
    except ForgedRequestError:
        return _invitation(
            request, database, invited, {"error": gettext(STALE_FORM, language), "name": name}, 403
        )
    except (InvalidInputError, ConflictError) as error:
        return _invitation(request, database, invited, {"error": said(request, error), "name": name}, 422)
    return outside(request, "invitation_accepted.html", {"invited": invited, "here": "/connexion"})


def _accept_signed_in(
    request: Request, database: DatabaseOf, invited: invitations.Invited, token: str, form: Submitted
) -> Response:
    email, user_id = _signed_in_as(request, database)
    if email != invited.email:
        raise MissingError
    check_own_form(request, form, session_cookie_of(request))
    invitations.accept_signed_in(database, token, user_id)
    return see_other("/territoires")
