"""One request as a quick read knows it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast
from urllib.parse import parse_qsl

from fastapi import Request, Response

from app.db.principal import Principal
from app.db.visibility import VisibleSession
from app.dependencies import permitted, recognised, session_cookie_of

SCHEME = "bearer"


class NotQuickError(Exception):
    """A request that is for the framework to answer, or to refuse."""


class Asking:
    """What the functions of a route ask for, found when the first of them does.

    Attributes
    ----------
    session
        Opened by the one who answers, when the route needs one.
    body
        What the body says, once it is read.
    given
        What dependencies have returned, so that each is called once.
    """

    def __init__(self, request: Request, path: Mapping[str, str]) -> None:
        self.request = request
        self.path = path
        self.session: VisibleSession | None = None
        self.body: Any = None
        self.given: dict[Any, Any] = {}

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query by name; of a name said twice, the last."""
        asked = self.request.scope["query_string"]
        return dict(parse_qsl(asked.decode("latin-1"), keep_blank_values=True)) if asked else {}

    @cached_property
    def response(self) -> Response:
        """What the functions write headers on."""
        response = Response()
        del response.headers["content-length"]
        # As the framework has it: a number only once a function has set one.
        response.status_code = cast(int, None)
        return response

    @cached_property
    def principal(self) -> Principal:
        """Who asks, once the operation is known to be for them."""
        said = self.request.headers.get("authorization")
        key = None
        if said is not None:
            scheme, _, key = said.partition(" ")
            if scheme.lower() != SCHEME or not key:
                raise NotQuickError
        cookie = session_cookie_of(self.request) or None
        database = self.request.app.state.database
        return permitted(self.request, recognised(self.request, database, key, cookie))
