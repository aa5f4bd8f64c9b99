"""Who may read: the API's keys, also as HTTP Basic, which map programs offer to keep."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBearer
from fastapi.security.http import HTTPBasicCredentials

from app.db.principal import Principal
from app.db.visibility import VisibleSession
from app.dependencies import DatabaseOf, SessionCookie, TurnOf, noted, permitted, signed_in
from app.errors import InvalidInputError, NotSignedInError
from app.problems import INVALID, OTHERWISE, SHAPES, Kind, kind_of, language_of, problem
from app.services.accounts import KEY_PREFIX, principal_of_key
from app.translations import translate
from matching.messages import N_, Message

# The standard answers 400 where the API answers 422.
MALFORMED = Kind(400, INVALID.name, INVALID.title)
# Browsers and map programs ask for a name and a password when they read "Basic".
CHALLENGE = 'Basic realm="Entreflux", charset="UTF-8", Bearer'
NUL = "\0"

_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="Clé : « Authorization: Bearer CLÉ »")
_basic = HTTPBasic(auto_error=False, scheme_name="basic", description="La clé comme mot de passe")
_cookie = SessionCookie()


def reader(
    request: Request,
    database: DatabaseOf,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    basic: Annotated[HTTPBasicCredentials | None, Security(_basic)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> Principal:
    """Return who asks: by key, by key as the password (or the name) of HTTP Basic, or by web session."""
    if basic is None:
        return signed_in(request, database, bearer, cookie)
    keys = [part for part in (basic.password, basic.username) if part.startswith(KEY_PREFIX)]
    if not keys:
        raise NotSignedInError
    return permitted(request, principal_of_key(database, keys[0]))


async def _session(
    request: Request, database: DatabaseOf, principal: Annotated[Principal, Depends(reader)], _turn: TurnOf
) -> AsyncIterator[VisibleSession]:
    with database.reading(principal) as session:
        yield session
        await noted(request, database, session)


ReadingSession = Annotated[VisibleSession, Depends(_session, scope="function")]


class StandardRoute(APIRoute):
    """A route that refuses as the standard says: 400 for what is not understood."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        # The definition speaks French: docstrings are for those who read the code.
        self.description = options.get("description") or ""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, wrapped."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                if NUL in request.url.path or "%00" in f"{request.url.path}?{request.url.query}":
                    message = Message(N_("An address cannot hold the character 0."))
                    raise InvalidInputError.on("address", message)
                response = await handle(request)
            except NotSignedInError as error:
                response = _refusal(request, kind_of(error), error.message)
                response.headers["WWW-Authenticate"] = CHALLENGE
            except InvalidInputError as error:
                wrong = {one.field: one.message for one in error.errors}
                response = _refusal(request, MALFORMED, Message(OTHERWISE), wrong)
            except RequestValidationError as error:
                wrong = {str(one["loc"][-1]): _said(one) for one in error.errors()}
                response = _refusal(request, MALFORMED, Message(OTHERWISE), wrong)
            # The same address shows each key its own rows.
            response.headers["Cache-Control"] = "private, no-cache"
            response.headers["Vary"] = "Authorization, Cookie, Accept-Language"
            return response

        return answer


def _refusal(
    request: Request, kind: Kind, message: Message, wrong: Mapping[str, Message] | None = None
) -> Response:
    language = language_of(request)
    fields = [{"field": name, "message": translate(said, language)} for name, said in (wrong or {}).items()]
    return problem(request, kind, translate(message, language), fields)


def _said(one: Mapping[str, Any]) -> Message:
    """Return what is wrong with a parameter, from what pydantic says of it."""
    if one["type"] == "extra_forbidden":
        return Message(N_("This parameter does not exist here: see the definition under /ogc/api."))
    params = {"value": str(one.get("input", ""))[:100]}
    params |= {name: str(held).replace("'", "") for name, held in (one.get("ctx") or {}).items()}
    return Message(SHAPES.get(one["type"], OTHERWISE), params)
