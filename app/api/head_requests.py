"""``HEAD`` of any page and any reading of the API: the headers of ``GET``, without what they announce.

Watchers of servers ask so, and HTTP wants it of every address that can be read (RFC 9110, 9.1); the framework
answers it for files alone.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What an inner layer learns about a request, and an outer one tells in the log.
LEARNED = ("route", "endpoint", "path_params")


class HeadRequests:
    """Answers ``HEAD`` as ``GET``, less the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def headers_alone(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        read = {**scope, "method": "GET"}
        try:
            await self._app(read, receive, headers_alone)
        finally:
            scope.update({name: read[name] for name in LEARNED if name in read})
