"""Counters in Prometheus' text format: requests and their time, by route and status, in this process."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Lock

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.db.room import free_bytes

Label = tuple[str, str, int]
# Anybody may invent a method: each would be one more counter, kept for ever.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Counts of requests and of the seconds they took.

    Parameters
    ----------
    folder
        Where the server writes: the room left there is told too.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.gettempdir())
        self._lock = Lock()
        self._requests: Counter[Label] = Counter()
        self._seconds: dict[Label, float] = {}

    def count(self, label: Label, seconds: float) -> None:
        """Count one request of (method, route, status)."""
        with self._lock:
            self._requests[label] += 1
            self._seconds[label] = self._seconds.get(label, 0.0) + seconds

    def text(self) -> str:
        """Return the counters as Prometheus reads them."""
        with self._lock:
            rows = sorted(self._requests.items())
            lines = ["# TYPE entreflux_requests_total counter"]
            lines += [f"entreflux_requests_total{_labels(label)} {count}" for label, count in rows]
            lines.append("# TYPE entreflux_request_seconds_total counter")
            lines += [
                f"entreflux_request_seconds_total{_labels(label)} {self._seconds[label]:.6f}"
                for label, _ in rows
            ]
        free = free_bytes(self.folder)
        lines += ["# TYPE entreflux_disk_free_bytes gauge", f"entreflux_disk_free_bytes {free}"]
        return "\n".join(lines) + "\n"


def _labels(label: Label) -> str:
    method, route, status = label
    return f'{{method="{method}",route="{route}",status="{status}"}}'


class Measure:
    """ASGI middleware that counts each request under the route that answered it."""

    def __init__(self, application: ASGIApp, metrics: Metrics) -> None:
        self._application = application
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request; other kinds of connection pass untouched."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        status = 500
        start = time.perf_counter()

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._application(scope, receive, watch)
        finally:
            # The pattern of the route, never the address: identifiers would make a counter each.
            route = getattr(scope.get("route"), "path", "unknown")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.count((method, route, status), time.perf_counter() - start)
