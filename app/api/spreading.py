"""ASGI middleware of a process that shares its port with others: it sends callers on when it is behind.

The system gives a new connection to whichever process wakes first, and a connection stays with its process
for as long as the caller keeps it: of two processes, one was seen to do two thirds of the work while the
other waited (27.7 and 14.9 s of processor in 40 s of ``benchmarks.mixed``; so, 21.0 and 19.9). An answer that
closes its connection (RFC 9112, 9.6) lets the next one go to a process that has time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing import parent_process

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Requests in this process at once from which it is behind: those before a new one take 30 ms or so.
# Between two callers sent on: a new connection costs a caller a millisecond, and where all are behind alike
# nobody gains. Own estimates (``benchmarks.mixed``, 200 requests a second on two cores).
BEHIND = 5
BETWEEN_S = 0.05


class Spread:
    """Closes connections, one from time to time, while more requests wait here than this process can answer.

    Parameters
    ----------
    application
        What answers.
    alone
        No other process listens on the port: nobody is sent on. By default, whether this is a main process.
    clock
        Seconds, ever rising.
    """

    def __init__(
        self,
        application: ASGIApp,
        alone: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._application = application
        self._alone = parent_process() is None if alone is None else alone
        self._clock = clock
        self._inside = 0
        self._last = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if self._alone or scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and self._sends_on():
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        self._inside += 1
        try:
            await self._application(scope, receive, send_on)
        finally:
            self._inside -= 1

    def _sends_on(self) -> bool:
        now = self._clock()
        if self._inside < BEHIND or now - self._last < BETWEEN_S:
            return False
        self._last = now
        return True
