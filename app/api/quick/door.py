"""ASGI middleware that answers the reads it can, and lets everything else through.

Whatever goes wrong is let through too: the framework then finds the same, and tells it as it always does.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.quick.answering import QuickRoute, is_plain
from app.api.quick.asking import NotQuickError
from app.api.quick.plan import plan_of
from app.errors import AppError
from app.turns import Turns
from matching.errors import MatchingError

log = logging.getLogger("entreflux.requests")
PREFIX = "/api/v1/"
# Reads at once, in threads of their own: more take Python's lock from one another (benchmarks.mixed on two
# cores, asked for 200 a second, two runs of either one after the other: half of all within 0.6 and 7.7 s with
# 2, within 0.06 and 0.2 s with 1). What may take long, such as a file, waits among the other requests.
AT_ONCE = 1


class QuickReads:
    """Answers the reads of the API whose functions wait for nothing but the database."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._table: Table | None = None
        self._turns = Turns(AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="quick")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(PREFIX):
            await self._application(scope, receive, send)
            return
        if self._table is None:
            self._table = Table(scope["app"])
        found = self._table.find(scope) if _wants_json(scope) else None
        response = None if found is None else await self._answer(scope, *found)
        if response is None:
            await self._application(scope, receive, send)
        else:
            await response(scope, receive, send)

    async def _answer(self, scope: Scope, route: QuickRoute, path: dict[str, str]) -> Any:
        known = {"route": route.original, "endpoint": route.endpoint, "path_params": path}
        request = Request({**scope, **known})
        run = copy_context().run
        async with self._turns.here():
            try:
                response = await asyncio.get_running_loop().run_in_executor(
                    self._threads, run, route.answer, request, path
                )
            except (NotQuickError, AppError, MatchingError):
                return None
            except Exception:
                # Should the framework answer after all, only this line tells that something is wrong here.
                log.warning("a quick read of %s failed", route.original.path, exc_info=True)
                return None
        # What the log and the counters tell of it.
        scope.update(known)
        return response


def _wants_json(scope: Scope) -> bool:
    """Tell whether a request names no other form than JSON: files are written by the framework's way."""
    said = next((value for name, value in scope["headers"] if name == b"accept"), b"*/*")
    return said in (b"*/*", b"") or b"application/json" in said


class Table:
    """The quick routes of an application, found by the parts of an address."""

    def __init__(self, application: Any) -> None:
        self._routes: dict[tuple[int, str], list[tuple[list[str], QuickRoute | None]]] = {}
        self._overridden = application.dependency_overrides
        for route in _routes(application.routes):
            if "GET" in (route.methods or ()) and route.path.startswith(PREFIX):
                parts = route.path.split("/")
                key = (len(parts), parts[3])
                self._routes.setdefault(key, []).append((parts, _quick(route)))

    def find(self, scope: Scope) -> tuple[QuickRoute, dict[str, str]] | None:
        """Return the route of an address with its parameters, None when it is not a quick one."""
        address = scope["path"]
        query = scope["query_string"]
        if "\0" in address or b"%00" in query or b"format=" in query or self._overridden:
            return None
        said = address.split("/")
        # The first that fits answers, as everywhere.
        for parts, route in self._routes.get((len(said), said[3]), ()):
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


def _quick(route: Any) -> QuickRoute | None:
    if not is_plain(route) or iscoroutinefunction(route.endpoint):
        return None
    plan = plan_of(route.dependant)
    return None if plan is None else QuickRoute(route, plan)


def _routes(routes: Any) -> Any:
    for route in routes:
        inside = getattr(route, "effective_candidates", None)
        if inside is not None:
            yield from _routes(inside())
        elif getattr(route, "dependant", None) is not None:
            yield route
