"""ASGI middleware that protects browsers: security headers on all answers, changes from our own pages."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.dependencies import SAFE_METHODS
from app.errors import AppError, ForgedRequestError

NONCE = "{nonce}"
# 'self' is for browsers that do not know 'strict-dynamic': the others then trust the nonce alone.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self'; "
    "script-src 'nonce-{nonce}' 'strict-dynamic' 'self'; connect-src 'self'{tiles}; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
# The mark of the scripts that our templates hold, for one answer; an injected script cannot know it.
_nonce: ContextVar[str] = ContextVar("nonce", default="")


def nonce() -> str:
    """Return the nonce of the answer being made."""
    return _nonce.get()


def content_policy(tiles_origin: str = "") -> str:
    """Return the content security policy; a tile service is the only other origin it may name."""
    policy = POLICY.replace("{tiles}", f" {tiles_origin}" if tiles_origin else "")
    return policy.replace("data: blob:;", f"data: blob: {tiles_origin};") if tiles_origin else policy


class SecurityHeaders:
    """Adds the headers that tell browsers to be careful."""

    def __init__(
        self,
        application: ASGIApp,
        policy: str,
        *,
        docs_paths: frozenset[str] = frozenset(),
        https_only: bool = False,
    ) -> None:
        self._application = application
        self._policy = policy
        self._docs_paths = docs_paths
        self._headers = {**HEADERS, **(HTTPS_ONLY if https_only else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the answer of an HTTP request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        mark = secrets.token_urlsafe(16)
        _nonce.set(mark)

        async def protect(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"] not in self._docs_paths:
                    headers.setdefault("Content-Security-Policy", self._policy.replace(NONCE, mark))
            await send(message)

        await self._application(scope, receive, protect)


class OriginGuard:
    """Refuses changes that a browser says another site asks for, before anything else looks at them.

    Browsers tell with ``Sec-Fetch-Site`` or ``Origin``; programs send neither, and hold no cookie of ours.
    A request that tells nothing still needs the token of our own page, where a session asks for a change.
    """

    def __init__(self, application: ASGIApp, own_origin: str = "") -> None:
        self._application = application
        self._own = urlsplit(own_origin).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer that it is refused."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or self._is_ours(Request(scope)):
            await self._application(scope, receive, send)
            return
        request = Request(scope, receive)
        answer: Response = await request.app.exception_handlers[AppError](request, ForgedRequestError())
        await answer(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None and site not in ("same-origin", "none"):
            return False
        if origin is None or site == "same-origin":
            return True
        # The scheme is not compared: behind a proxy this server does not know its own.
        return urlsplit(origin).netloc in {request.headers.get("host", ""), self._own} - {""}
