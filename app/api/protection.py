"""ASGI middleware that protects browsers: security headers on every answer."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self'; "
    "script-src 'self'; connect-src 'self'{tiles}; font-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()",
}


def content_policy(tiles_origin: str = "") -> str:
    """Return the content security policy; a tile service is the only other origin it may name."""
    policy = POLICY.replace("{tiles}", f" {tiles_origin}" if tiles_origin else "")
    return policy.replace("data: blob:;", f"data: blob: {tiles_origin};") if tiles_origin else policy


class SecurityHeaders:
    """Adds the headers that tell browsers to be careful."""

    def __init__(
        self, application: ASGIApp, policy: str, *, docs_paths: frozenset[str] = frozenset()
    ) -> None:
        self._application = application
        self._policy = policy
        self._docs_paths = docs_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the answer of an HTTP request."""

        async def protect(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"] not in self._docs_paths:
                    headers.setdefault("Content-Security-Policy", self._policy)
            await send(message)

        await self._application(scope, receive, protect if scope["type"] == "http" else send)
