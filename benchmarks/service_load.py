"""An open-loop client: requests leave at their hour, whether or not the earlier ones have come back."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

Query = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request: the kind it is reported under, its path, and what its answer leads to."""

    kind: str
    path: str
    query: Query = field(default_factory=dict)
    on_next: Callable[[str], None] | None = None

    @property
    def target(self) -> str:
        """The path with its query string."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(slots=True)
class Outcome:
    """What came back, by kind: seconds since each request was due, and what failed."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bytes: int = 0


class Connections:
    """Connections kept open to one server; a request takes a free one or opens another."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, target: str) -> tuple[int, bytes]:
        """Return the status and the body of a GET."""
        while self._free:
            try:
                return await self._ask(target, *self._free.pop())
            except (asyncio.IncompleteReadError, ConnectionError):
                # The server closes what lies idle; as any client does, ask again on another one.
                continue
        return await self._ask(target, *await asyncio.open_connection("127.0.0.1", self._port))

    async def _ask(
        self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[int, bytes]:
        head = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self._key}\r\n\r\n"
        writer.write(head.encode())
        lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        length = next(int(line[15:]) for line in lines if line.lower().startswith(b"content-length:"))
        body = await reader.readexactly(length)
        self._free.append((reader, writer))
        return int(lines[0].split()[1]), body

    def close(self) -> None:
        """Close every connection."""
        for _, writer in self._free:
            writer.close()


async def load(port: int, key: str, requests: Callable[[], Sent], rate: float, duration_s: float) -> Outcome:
    """Send ``rate`` requests a second for ``duration_s`` and return what came back."""
    connections, outcome = Connections(port, key), Outcome()
    tasks: list[asyncio.Task[None]] = []
    start = time.perf_counter()
    for number in range(int(rate * duration_s)):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(_one(connections, requests(), due, outcome)))
    await asyncio.gather(*tasks)
    connections.close()
    return outcome


async def _one(connections: Connections, sent: Sent, due: float, outcome: Outcome) -> None:
    try:
        status, body = await asyncio.wait_for(connections.get(sent.target), 30)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, StopIteration, RuntimeError):
        outcome.errors[sent.kind] += 1
        return
    outcome.seconds[sent.kind].append(time.perf_counter() - due)
    outcome.bytes += len(body)
    if status != 200:
        outcome.errors[f"{sent.kind} {status}"] += 1
    elif sent.on_next is not None:
        cursor = _next(body)
        if cursor:
            sent.on_next(cursor)


def _next(body: bytes) -> str | None:
    """Return the cursor at the end of a page without parsing the page."""
    tail: str | None = json.loads(b"{" + body[body.rindex(b'"next":') :])["next"]
    return tail


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the sorted values lie, in the values' unit."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
