"""A number for each request, carried by its answer, its audit entries and every line it logs."""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import unexpected
from app.services.audit import request_id

HEADER = "X-Request-ID"
# What a proxy may have given: anything else could break a line of the log.
GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
log = logging.getLogger("entreflux.requests")


def current_request_id() -> str:
    """Return the number of the request under way, empty outside of one."""
    return request_id.get()


class RequestLog:
    """ASGI middleware that numbers each request and logs one line of it: never its body, query or headers."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under its number; an unforeseen error too, which is raised again."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        number = _number(Headers(scope=scope).get(HEADER, ""))
        # Never put back: the server gives each request a context of its own, which its last lines need.
        request_id.set(number)
        answer = _Answer(number, send)
        started = time.perf_counter()
        try:
            await self._application(scope, receive, answer.send)
        except Exception:
            if not answer.status:
                await unexpected(Request(scope))(scope, receive, answer.send)
            raise
        finally:
            _tell(scope, answer.status or 500, time.perf_counter() - started)


class _Answer:
    """Passes an answer on with the request's number, and keeps its status."""

    def __init__(self, number: str, send: Send) -> None:
        self.status = 0
        self._number = number
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self._number
        await self._send(message)


def _number(given: str) -> str:
    return given if GIVEN.fullmatch(given) else uuid.uuid4().hex


def _tell(scope: Scope, status: int, seconds: float) -> None:
    # The pattern of the route: an address may hold a one-time link, a query what somebody looked for.
    fields: dict[str, Any] = {
        "method": scope["method"] if len(scope["method"]) <= 10 else "?",
        "route": getattr(scope.get("route"), "path", "unknown"),
        "status": status,
        "ms": round(1000 * seconds, 1),
    }
    level = logging.ERROR if status >= 500 else logging.INFO
    log.log(level, "%(method)s %(route)s %(status)s %(ms)s ms", fields, extra={"fields": fields})
