"""Refusals as pages: the same errors the API answers with problems, in words and with a way on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app import errors
from app.problems import kind_of
from app.translations import gettext, translate
from app.web.rendering import render
from app.web.visit import TerritoryNeededError, language_of, own_address, see_other
from matching.errors import MatchingError
from matching.messages import N_, Message

Handler = Callable[[Request, Exception], Response]
# What answers with data, whatever it is asked with.
DATA = ("/api/", "/health", "/metrics", "/ogc", "/static/", "/openapi.json", "/docs", "/redoc")
# What a browser sends a form as.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
EXPECTED = (errors.AppError, MatchingError, RequestValidationError, HTTPException)
ABSENT = N_("There is nothing at this address.")
FAILED = N_("The request failed. Nothing was stored; try again, then tell whoever runs this server.")


def install(application: FastAPI) -> None:
    """Answer with a page where a page was asked, and as before elsewhere."""
    handlers: dict[Any, Any] = application.exception_handlers
    for kind in (*EXPECTED, Exception):
        application.add_exception_handler(kind, _page_or(handlers[kind]))
    application.add_exception_handler(TerritoryNeededError, _choose_territory)


def _page_or(otherwise: Handler) -> Callable[[Request, Exception], Coroutine[Any, Any, Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        people = is_for_people(request)
        if people and isinstance(error, EXPECTED):
            return _refusal(request, error)
        # The usual handler also logs what nobody expected.
        answer = await run_in_threadpool(otherwise, request, error)
        return _page(request, 500, FAILED) if people else answer

    return handle


def is_for_people(request: Request) -> bool:
    """Tell whether a person asked: a page's own route, or a browser at an address that does not exist."""
    if request.url.path.startswith(DATA):
        return False
    endpoint = request.scope.get("endpoint")
    if endpoint is not None:
        return str(endpoint.__module__).startswith("app.web")
    if request.headers.get("content-type", "").startswith(FORMS):
        return True
    return "text/html" in request.headers.get("accept", "")


def _refusal(request: Request, error: Exception) -> Response:
    if isinstance(error, errors.NotSignedInError):
        return _sign_in(request)
    if isinstance(error, HTTPException):
        return _page(request, error.status_code, ABSENT)
    if isinstance(error, RequestValidationError):
        return _page(request, 404, ABSENT)
    message = getattr(error, "message", Message(FAILED))
    answer = _page(request, kind_of(error).status, translate(message, language_of(request)))
    if isinstance(error, errors.TooManyTriesError):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _page(request: Request, status: int, text: str) -> Response:
    language = language_of(request)
    return render("refusal.html", language, {"status": status, "text": gettext(text, language)}, status)


def _sign_in(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    back = own_address(f"{request.url.path}{query}") if request.method == "GET" else "/"
    address = "/connexion" if back == "/" else f"/connexion?{urlencode({'retour': back})}"
    response = see_other(address)
    if request.headers.get("hx-request") == "true":
        # A fragment cannot hold the sign-in page: the whole page goes there.
        return Response(status_code=200, headers={"HX-Redirect": address})
    return response


async def _choose_territory(request: Request, error: Exception) -> Response:
    return see_other("/territoires")
