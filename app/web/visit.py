"""Who visits a page, in which language and territory, and the proof that a form is our own."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from app.db.principal import Principal
from app.db.tables import Territory
from app.db.visibility import VisibleSession
from app.dependencies import SAFE_METHODS, DatabaseOf, TurnOf, permitted, session_cookie_of, settings_of
from app.errors import ForgedRequestError, NotSignedInError
from app.repositories.paging import Slice, listed
from app.services import accounts
from app.services.audit_requests import note_changes, note_reading
from app.services.passwords import csrf_token
from app.settings import Settings
from app.translations import DEFAULT_LANGUAGE, LANGUAGES
from app.web.menu import frame_of
from app.web.rendering import render, with_query

LANGUAGE_COOKIE = "entreflux_lang"
TERRITORY_COOKIE = "entreflux_territory"
COOKIE_YEAR_S = 365 * 24 * 3600
MOST_TERRITORIES = 200


class TerritoryNeededError(Exception):
    """The visitor has several territories, or none, and has not chosen one."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in person for a page; ``session`` reads, ``writing`` opens one that commits."""

    request: Request
    database: Any
    principal: Principal
    session: VisibleSession
    language: str
    territory: Territory
    territories: tuple[Territory, ...]
    form: FormData

    @property
    def settings(self) -> Settings:
        """The settings of the application."""
        return settings_of(self.request)

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of a page only."""
        headers = self.request.headers
        return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"

    def writing(self) -> AbstractContextManager[VisibleSession]:
        """Return a session whose changes are committed at its end, all or none, with their audit."""
        return self._writing()

    @contextmanager
    def _writing(self) -> Iterator[VisibleSession]:
        with self.database.writing(self.principal) as session:
            yield session
            note_changes(session, self.request.scope["endpoint"])

    def text(self, name: str) -> str:
        """Return a field of the form as typed, trimmed."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def page(self, name: str, status: int = 200, **context: Any) -> HTMLResponse:
        """Return a template with what the frame around it needs."""
        response = render(name, self.language, {**self.frame(), **context}, status)
        if self.is_fragment and "query" in context:
            # The address bar follows the filters, without those left empty.
            response.headers["HX-Push-Url"] = with_query(self.request.url.path, context["query"])
        return response

    def frame(self) -> dict[str, Any]:
        """Return what every page shows around its content."""
        url = self.request.url
        return {
            "here": f"{url.path}?{url.query}" if url.query else url.path,
            "path": url.path,
            "fragment": self.is_fragment,
            "visitor": self.principal.name,
            "territory": self.territory,
            "territories": self.territories,
            "csrf": csrf_token(session_cookie_of(self.request)),
            **frame_of(self.principal, self.territory.id),
        }


def language_of(request: Request) -> str:
    """Return the language chosen with the switch, French by default."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


PageLanguage = Annotated[str, Depends(language_of)]


async def submitted(request: Request) -> AsyncIterator[FormData]:
    """Yield the form sent, empty when the request only reads; its files are closed at the end."""
    if request.method in SAFE_METHODS:
        yield FormData()
        return
    async with request.form() as form:
        yield form


Submitted = Annotated[FormData, Depends(submitted)]


def check_own_form(request: Request, form: FormData, cookie: str) -> None:
    """Raise ``ForgedRequestError`` unless the form is one of our pages'.

    Browsers say so themselves (``Sec-Fetch-Site``) over HTTPS; the token covers the others.
    """
    if request.headers.get("sec-fetch-site") == "same-origin":
        return
    sent = request.headers.get("x-csrf-token") or form.get("csrf") or ""
    if not cookie or not isinstance(sent, str):
        raise ForgedRequestError
    if not secrets.compare_digest(sent.encode(), csrf_token(cookie).encode()):
        raise ForgedRequestError


def principal_of(request: Request, database: DatabaseOf, form: Submitted) -> Principal:
    """Return who visits, by the web session."""
    cookie = session_cookie_of(request)
    if not cookie:
        raise NotSignedInError
    if request.method not in SAFE_METHODS:
        check_own_form(request, form, cookie)
    return permitted(request, accounts.principal_of_session(database, cookie))


PagePrincipal = Annotated[Principal, Depends(principal_of)]


def territories_of(session: VisibleSession) -> tuple[Territory, ...]:
    """Return the territories open to the visitor, by name."""
    found = listed(session, Territory, Slice(MOST_TERRITORIES)).items
    return tuple(sorted(found, key=lambda row: row.name.casefold()))


def visit_of(
    request: Request,
    database: DatabaseOf,
    principal: PagePrincipal,
    language: PageLanguage,
    form: Submitted,
    _turn: TurnOf,
) -> Iterator[Visit]:
    """Yield the visit, in the territory chosen or the only one."""
    with database.reading(principal) as session:
        territories = territories_of(session)
        chosen = request.cookies.get(TERRITORY_COOKIE)
        wanted = [row for row in territories if row.id == chosen or len(territories) == 1]
        if not wanted:
            raise TerritoryNeededError
        yield Visit(request, database, principal, session, language, wanted[0], territories, form)
        if request.method in SAFE_METHODS:
            note_reading(session, database, request.scope["endpoint"], request.path_params, wanted[0].id)


VisitOf = Annotated[Visit, Depends(visit_of, scope="function")]


def see_other(address: str) -> RedirectResponse:
    """Return the answer that sends the browser to a page after a form."""
    return RedirectResponse(address, 303)


def own_address(address: str | None) -> str:
    """Return an address of this site, the home page when it is anybody else's."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc and "\\" not in address else "/"


def keep_cookie(response: RedirectResponse, settings: Settings, name: str, value: str) -> None:
    """Keep a preference for a year."""
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_YEAR_S,
        httponly=True,
        samesite="lax",
        secure=settings.web.secure_cookies,
    )
