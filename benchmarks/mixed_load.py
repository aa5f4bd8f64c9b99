"""An open-loop client that reads and writes: requests leave at their hour, whatever came back so far."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.service_load import Outcome

TIMEOUT_S = 60
ACCEPTED = frozenset({200, 201, 202, 204})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the kind it is reported under, and what is sent."""

    kind: str
    method: str
    target: str
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()


class Client:
    """Connections kept open to one server; a request takes a free one or opens another."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        """Return the status, the headers and the body of an answer."""
        while self._free:
            try:
                return await self._on(asked, *self._free.pop())
            except (asyncio.IncompleteReadError, ConnectionError):
                if asked.method == "POST" and not any(name == "Idempotency-Key" for name, _ in asked.headers):
                    raise
                continue
        return await self._on(asked, *await asyncio.open_connection("127.0.0.1", self._port))

    async def _on(
        self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[int, dict[str, str], bytes]:
        content = b"" if asked.body is None else json.dumps(asked.body).encode()
        lines = [
            f"{asked.method} {asked.target} HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self._key}",
            f"Content-Length: {len(content)}",
            "Content-Type: application/json",
            *(f"{name}: {value}" for name, value in asked.headers),
        ]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self._free.append((reader, writer))
        return int(head[0].split()[1]), headers, body

    def close(self) -> None:
        """Close every connection."""
        for _, writer in self._free:
            writer.close()


async def load(client: Client, draw: Callable[[], Asked], rate: float, duration_s: float) -> Outcome:
    """Send ``rate`` requests a second for ``duration_s``; seconds count from when each was due."""
    outcome, tasks = Outcome(), []
    start = time.perf_counter()
    for number in range(int(rate * duration_s)):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(_one(client, draw(), due, outcome)))
    await asyncio.gather(*tasks)
    return outcome


async def _one(client: Client, asked: Asked, due: float, outcome: Outcome) -> None:
    try:
        if asked.method == "PATCH":
            # As people do: read, then change what was read.
            _, seen, _ = await asyncio.wait_for(client.ask(Asked("", "GET", asked.target)), TIMEOUT_S)
            asked = Asked(
                asked.kind, "PATCH", asked.target, asked.body, (("If-Match", seen.get("etag", "")),)
            )
        status, _, body = await asyncio.wait_for(client.ask(asked), TIMEOUT_S)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        outcome.errors[f"{asked.kind} {type(error).__name__}"] += 1
        return
    outcome.seconds[asked.kind].append(time.perf_counter() - due)
    outcome.bytes += len(body)
    # Somebody else changed the row in between: an answer, not an error.
    if status not in ACCEPTED and status != 412:
        outcome.errors[f"{asked.kind} {status}"] += 1
