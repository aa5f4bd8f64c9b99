"""Callers of a process that is behind are sent on to another one, from time to time."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from app.api.spreading import BEHIND, BETWEEN_S, Spread

SCOPE: Scope = {"type": "http", "method": "GET", "path": "/"}


class Waiting:
    """Answers all requests at once, as soon as it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b""})


async def _nothing() -> Message:
    return {"type": "http.request"}


def _closed(requests: int, *, alone: bool = False, step_s: float = 0.0) -> int:
    """Return how many of some requests, all there at once, are answered with an end of their connection."""
    now, closed = 0.0, 0

    def clock() -> float:
        nonlocal now
        now += step_s
        return now

    async def send(message: Any) -> None:
        nonlocal closed
        if message["type"] == "http.response.start":
            assert (b"a", b"b") in message["headers"]
            closed += (b"connection", b"close") in message["headers"]

    async def all_of_them() -> None:
        waiting = Waiting()
        spread = Spread(waiting, alone=alone, clock=clock)
        asked = [asyncio.create_task(spread(dict(SCOPE), _nothing, send)) for _ in range(requests)]
        await asyncio.sleep(0)
        waiting.go.set()
        await asyncio.gather(*asked)

    asyncio.run(all_of_them())
    return closed


def test_a_process_that_keeps_up_keeps_its_connections() -> None:
    assert _closed(BEHIND - 1, step_s=2 * BETWEEN_S) == 0


def test_a_process_that_is_behind_sends_one_caller_on_at_a_time() -> None:
    assert _closed(4 * BEHIND) == 1


def test_one_that_stays_behind_sends_on_until_it_keeps_up() -> None:
    # The last few of them no longer find it behind.
    assert _closed(3 * BEHIND, step_s=2 * BETWEEN_S) == 2 * BEHIND + 1


def test_a_process_alone_on_its_port_sends_nobody_on() -> None:
    assert _closed(4 * BEHIND, alone=True, step_s=2 * BETWEEN_S) == 0
