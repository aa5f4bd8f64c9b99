"""ASGI middleware that answers the reads and changes it can, and lets everything else through.

Whatever goes wrong is let through too: the framework then finds the same, and tells it as it always does.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.quick.answering import QuickRead, quick_read
from app.api.quick.asking import NotQuickError
from app.api.quick.changing import (
    COLLECTIONS,
    METHODS,
    QuickChange,
    may_be_quick,
    quick_change,
    read_body,
)
from app.errors import AppError
from app.services.answers import AnsweredError
from app.turns import TURNS, Turns
from matching.errors import MatchingError

log = logging.getLogger("entreflux.requests")
PREFIX = "/api/v1/"
# Reads at once, in threads of their own: more take Python's lock from one another (benchmarks.mixed on two
# cores, asked for 200 a second, two runs of either one after the other: half of all within 0.6 and 7.7 s with
# 2, within 0.06 and 0.2 s with 1). What may take long, such as a file, waits among the other requests.
AT_ONCE = 1


class QuickAnswers:
    """Answers the requests of the API whose functions wait for nothing but the database."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._table: Table | None = None
        self._turns = Turns(AT_ONCE)
        self._reads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="quick")
        self._changes = ThreadPoolExecutor(TURNS, thread_name_prefix="change")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._application(scope, receive, send)
            return
        if self._table is None:
            self._table = Table(scope["app"])
        response = None
        found = self._table.find(scope) if _wants_json(scope) else None
        if found is not None:
            body: bytes | None = b""
            if scope["method"] in METHODS:
                body, receive = await read_body(receive) if may_be_quick(scope) else (None, receive)
            response = None if body is None else await self._answer(scope, *found, body)
        if response is None:
            await self._application(scope, receive, send)
        else:
            await response(scope, receive, send)

    async def _answer(self, scope: Scope, route: QuickRead, path: dict[str, str], body: bytes) -> Any:
        known = {"route": route.original, "endpoint": route.endpoint, "path_params": path}
        request = Request({**scope, **known})
        run = copy_context().run
        changes = isinstance(route, QuickChange)
        turns, threads = (scope["app"].state.turns, self._changes) if changes else (self._turns, self._reads)
        async with turns.here():
            try:
                response = await asyncio.get_running_loop().run_in_executor(
                    threads, run, route.answer, request, path, body
                )
            except (NotQuickError, AppError, AnsweredError, MatchingError):
                return None
            except Exception:
                # Should the framework answer after all, only this line tells that something is wrong here.
                log.warning("a quick answer to %s failed", route.original.path, exc_info=True)
                return None
        # What the log and the counters tell of it.
        scope.update(known)
        return response


def _wants_json(scope: Scope) -> bool:
    """Tell whether a request names no other form than JSON: files are written by the framework's way."""
    said = next((value for name, value in scope["headers"] if name == b"accept"), b"*/*")
    return said in (b"*/*", b"") or b"application/json" in said


class Table:
    """The quick routes of an application, found by their method and the parts of an address."""

    def __init__(self, application: Any) -> None:
        self._routes: dict[tuple[str, int, str], list[tuple[list[str], QuickRead | None]]] = {}
        self._overridden = application.dependency_overrides
        for route in _routes(application.routes):
            parts = route.path.split("/")
            for method in route.methods or ():
                if route.path.startswith(PREFIX):
                    known = self._routes.setdefault((method, len(parts), parts[3]), [])
                    known.append((parts, _quick(method, route, parts[3])))

    def find(self, scope: Scope) -> tuple[QuickRead, dict[str, str]] | None:
        """Return the route of an address with its parameters, None when it is not a quick one."""
        address = scope["path"]
        query = scope["query_string"]
        if "\0" in address or b"%00" in query or b"format=" in query or self._overridden:
            return None
        said = address.split("/")
        # The first that fits answers, as everywhere.
        for parts, route in self._routes.get((scope["method"], len(said), said[3]), ()):
            path = _parameters(parts, said)
            if path is not None:
                return None if route is None else (route, path)
        return None


def _parameters(parts: list[str], said: list[str]) -> dict[str, str] | None:
    """Return the parameters of an address by name, None when it is not of this form."""
    found = {}
    for part, word in zip(parts, said, strict=True):
        if part.startswith("{"):
            if not word:
                return None
            found[part[1:-1]] = word
        elif part != word:
            return None
    return found


def _quick(method: str, route: Any, collection: str) -> QuickRead | None:
    if method == "GET":
        return quick_read(route)
    return quick_change(route) if method in METHODS and collection in COLLECTIONS else None


def _routes(routes: Any) -> Any:
    for route in routes:
        inside = getattr(route, "effective_candidates", None)
        if inside is not None:
            yield from _routes(inside())
        elif getattr(route, "dependant", None) is not None:
            yield route
