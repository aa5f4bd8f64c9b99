"""What endpoints ask for: settings, who asks, a session, the language, versions."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends, Header, Query, Request, Security
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from app.db.engine import Database
from app.db.principal import Principal
from app.db.visibility import VisibleSession
from app.errors import ForgedRequestError, InvalidInputError, NotSignedInError, VersionMissingError
from app.repositories.paging import Slice
from app.services import accounts, answers, audit_requests
from app.services.gate import access_to, check_permitted
from app.services.passwords import csrf_token
from app.settings import Settings
from app.translations import pick_language
from matching.messages import N_, Message

SESSION_COOKIE = "entreflux_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="Clé : « Authorization: Bearer CLÉ »")


def settings_of(request: HTTPConnection) -> Settings:
    """Return the settings of the running application."""
    return cast(Settings, request.app.state.settings)


def database_of(request: Request) -> Database:
    """Return the database of the running application."""
    return cast(Database, request.app.state.database)


def cookie_name(settings: Settings, name: str) -> str:
    """Return what a cookie is called: over HTTPS with the prefix that keeps other hosts from setting it."""
    return f"__Host-{name}" if settings.web.secure_cookies else name


def session_cookie_of(request: HTTPConnection) -> str:
    """Return the token of the web session that the browser sent, empty when there is none."""
    return request.cookies.get(cookie_name(settings_of(request), SESSION_COOKIE), "")


class SessionCookie(APIKeyCookie):
    """The cookie of a web session, under the name the settings give it."""

    def __init__(self) -> None:
        super().__init__(name=SESSION_COOKIE, auto_error=False, scheme_name="session")

    async def __call__(self, request: HTTPConnection) -> str | None:
        """Return the token, None when there is none."""
        return session_cookie_of(request) or None


_cookie = SessionCookie()


# What takes no time is a coroutine: a plain function would wait for a thread.
async def settings_given(request: Request) -> Settings:
    """Return the settings, for functions that ask for them."""
    return settings_of(request)


async def database_given(request: Request) -> Database:
    """Return the database, for functions that ask for it."""
    return database_of(request)


SettingsOf = Annotated[Settings, Depends(settings_given)]
DatabaseOf = Annotated[Database, Depends(database_given)]


def signed_in(
    request: Request,
    database: DatabaseOf,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> Principal:
    """Return who asks, by key or by web session; ``NotPermittedError`` when the operation is not for them."""
    return permitted(request, recognised(request, database, bearer.credentials if bearer else None, cookie))


def permitted(request: Request, principal: Principal) -> Principal:
    """Return the principal, once the operation asked is known to be for one of its roles."""
    check_permitted(request.scope["endpoint"], principal)
    return principal


def recognised(request: Request, database: Database, key: str | None, cookie: str | None) -> Principal:
    """Return who asks; ``NotSignedInError`` when neither key nor web session tells."""
    if key is not None:
        changes = request.method not in SAFE_METHODS
        return accounts.principal_of_key(database, key, changes=changes)
    if not cookie:
        raise NotSignedInError
    if request.method not in SAFE_METHODS:
        check_own_page(request, cookie)
    return accounts.principal_of_session(database, cookie)


def check_own_page(request: Request, cookie: str) -> None:
    """Raise ``ForgedRequestError`` unless the change comes from a page of ours.

    Browsers say so themselves (``Sec-Fetch-Site``); the token covers those that do not.
    """
    if request.headers.get("sec-fetch-site") == "same-origin":
        return
    token = request.headers.get("x-csrf-token", "")
    if not secrets.compare_digest(token.encode(), csrf_token(cookie).encode()):
        raise ForgedRequestError


PrincipalOf = Annotated[Principal, Depends(signed_in)]


async def turn(request: Request) -> AsyncIterator[None]:
    """Wait for a turn, and hold it while the request has a session."""
    async with request.app.state.turns.here():
        yield


TurnOf = Annotated[None, Depends(turn, scope="function")]


async def session_of(
    request: Request, database: DatabaseOf, principal: PrincipalOf, _turn: TurnOf
) -> AsyncIterator[VisibleSession]:
    """Yield the request's one session: committed before the answer leaves, undone when anything fails."""
    if request.method in SAFE_METHODS:
        # To open and to close it asks nothing of the database: no thread is needed.
        with database.reading(principal) as session:
            yield session
            await noted(request, database, session)
        return
    async with contextmanager_in_threadpool(database.writing(principal)) as session:
        asked = getattr(request.state, "asked", None)
        if asked is not None:
            await run_in_threadpool(answers.check_not_answered, session, asked)
        request.state.session = session
        yield session
        await run_in_threadpool(audit_requests.note_changes, session, request.scope["endpoint"])


async def noted(request: Request, database: Database, session: VisibleSession) -> None:
    """Write down what was read, before the answer leaves; what is not to be written costs no thread."""
    if access_to(request.scope["endpoint"]).audit:
        await run_in_threadpool(note_read, request, database, session)


def note_read(request: Request, database: Database, session: VisibleSession) -> None:
    """Write down what was read, in the thread that read it."""
    endpoint = request.scope["endpoint"]
    if access_to(endpoint).audit:
        named = dict(request.path_params)
        where = request.query_params.get("territory") or named.get("territory_id")
        is_page = getattr(request.state, "gave_page", False)
        audit_requests.note_reading(session, database, endpoint, named, where, is_page=is_page)


SessionOf = Annotated[VisibleSession, Depends(session_of, scope="function")]


async def language(accept_language: Annotated[str | None, Header()] = None) -> str:
    """Return the language of the messages: ``Accept-Language``, French by default."""
    return pick_language(accept_language)


Language = Annotated[str, Depends(language)]


async def version_named(if_match: Annotated[str | None, Header()] = None) -> int:
    """Return the version in ``If-Match``, which a change needs."""
    if if_match is None:
        raise VersionMissingError
    return _version(if_match)


async def version_if_named(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """Return the version in ``If-Match``, if the client sent one."""
    return None if if_match is None else _version(if_match)


def _version(if_match: str) -> int:
    text = if_match.strip().removeprefix("W/").strip('"')
    # An ETag that is none of ours matches nothing.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


Version = Annotated[int, Depends(version_named)]
VersionIfNamed = Annotated[int | None, Depends(version_if_named)]


async def page_slice(
    limit: Annotated[int, Query(ge=1, le=500, description="Nombre de lignes au plus")] = 100,
    cursor: Annotated[str | None, Query(max_length=500, description="« next » de la page d’avant")] = None,
) -> Slice:
    """Return which page of a list is asked."""
    return Slice(limit, cursor)


PageSlice = Annotated[Slice, Depends(page_slice)]


async def bounding_box(
    bbox: Annotated[
        str | None, Query(max_length=200, description="ouest,sud,est,nord en degrés WGS 84")
    ] = None,
) -> tuple[float, float, float, float] | None:
    """Return the box asked, west, south, east, north."""
    if bbox is None:
        return None
    west, south, east, north = numbers("bbox", bbox, 4)
    return west, south, east, north


BoundingBox = Annotated[tuple[float, float, float, float] | None, Depends(bounding_box)]


def numbers(field: str, text: str, count: int) -> list[float]:
    """Return ``count`` finite numbers separated by commas; ``InvalidInputError`` on ``field`` otherwise."""
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if len(found) != count or not all(abs(number) <= 180 for number in found):
        template = N_("Give {count} numbers of degrees separated by commas.")
        raise InvalidInputError.on(field, Message(template, {"count": count}))
    return found
