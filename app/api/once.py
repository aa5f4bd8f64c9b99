"""``Idempotency-Key``: a POST repeated with its key gets the first answer again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute

from app.db.visibility import VisibleSession
from app.errors import InvalidInputError
from app.services.answers import Answer, AnsweredError, Asked, remember_answer
from matching.messages import N_, Message

HEADER = "idempotency-key"
LONGEST_KEY = 200
KEPT_HEADERS = ("etag", "location", "content-type")


class OnceRoute(APIRoute):
    """A route whose POST is done once for each key: the answer is stored with what it did."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        # The documentation speaks French: docstrings are for those who read the code.
        self.description = options.get("description") or ""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, wrapped."""
        handle = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            _refuse_nul(request)
            key = request.headers.get(HEADER)
            if request.method != "POST" or key is None:
                return await handle(request)
            request.state.asked = asked = asked_with(request, key, await request.body())
            try:
                response = await handle(request)
            except AnsweredError as answered:
                return _again(answered.answer)
            session = getattr(request.state, "session", None)
            if session is not None:
                await run_in_threadpool(keep, session, asked, response)
            return response

        return handle_once


def _refuse_nul(request: Request) -> None:
    """Refuse the character 0 in an address: it names nothing, and PostgreSQL cannot hold it."""
    if "\0" in request.url.path or "%00" in f"{request.url.path}?{request.url.query}":
        raise InvalidInputError.on("address", Message(N_("An address cannot hold the character 0.")))


def asked_with(request: Request, key: str, body: bytes) -> Asked:
    """Return what a request asks under a key; ``InvalidInputError`` when the key has a wrong length."""
    if not 1 <= len(key) <= LONGEST_KEY:
        text = N_("An Idempotency-Key has 1 to {count} characters.")
        raise InvalidInputError.on("Idempotency-Key", Message(text, {"count": LONGEST_KEY}))
    what = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return Asked(key, hashlib.sha256(what + _stable(request, body)).hexdigest())


def keep(session: VisibleSession, asked: Asked, response: Response) -> None:
    """Keep an answer in the transaction that did what it tells."""
    # What nobody may keep, a secret told once, is not kept here either: it is then made anew.
    if response.status_code < 300 and response.headers.get("cache-control") != "no-store":
        remember_answer(session, asked, _answer(response))


def _stable(request: Request, body: bytes) -> bytes:
    """Return the body without the boundary of its parts, which clients draw anew for each attempt."""
    _, marked, boundary = request.headers.get("content-type", "").partition("boundary=")
    return body.replace(boundary.strip('"').encode(), b"") if marked else body


def _answer(response: Response) -> Answer:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, headers, bytes(response.body).decode())


def _again(answer: Answer) -> Response:
    return Response(answer.body, answer.status, {**answer.headers, "Idempotent-Replayed": "true"})
