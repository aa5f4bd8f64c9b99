"""The site served as it is deployed, by one process kept on one core, and a reader who keeps a line open."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.service_cluster import free_port

STARTS_WITHIN_S = 120
# What a browser asks for when somebody opens a page.
BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Encoding": "gzip", "Accept-Language": "fr"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``weight`` in bytes on the wire, ``wall_s`` and ``cpu_s`` of the server."""

    status: int
    body: bytes
    weight: int
    wall_s: float
    cpu_s: float


@contextmanager
def served(url: str, core: int | None) -> Iterator[tuple[int, int]]:
    """Serve a database and yield the port and the number of the process.

    Parameters
    ----------
    core
        The processor the server stays on; None leaves it to the system.
    """
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "app.main:factory", "--workers", "1"]
    command += ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    server = subprocess.Popen(command, env=os.environ | {"ENTREFLUX_DATABASE_URL": url})
    if core is not None:
        os.sched_setaffinity(server.pid, {core})
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait(port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        try:
            if Reader(port, None).get("/health/ready").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the site does not start")


def cpu_s(process: int) -> float:
    """Return the processor seconds of a process so far, over all its threads."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


@dataclass(slots=True)
class Reader:
    """Somebody with cookies and one connection that stays open; ``server``: the process to time, if any."""

    port: int
    server: int | None
    cookies: dict[str, str] = field(default_factory=dict)
    _line: HTTPConnection | None = None

    def get(self, address: str, *, part: bool = False) -> Answer:
        """Ask for an address of the site, as a page does for a ``part`` of itself."""
        return self._ask("GET", address, b"", {"HX-Request": "true"} if part else {})

    def sign_in(self, email: str, password: str) -> None:
        """Enter by the form."""
        found = TOKEN.search(self.get("/connexion").body.decode())
        token = found[1] if found else ""
        form = {"csrf": token, "email": email, "password": password}
        answer = self._ask("POST", "/connexion", urlencode(form).encode(), FORM)
        if answer.status != 303:
            raise SystemExit(f"signing in: {answer.status}")

    def _ask(self, method: str, address: str, body: bytes, more: dict[str, str]) -> Answer:
        if self._line is None:
            self._line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = BROWSER | {"Cookie": cookies} | more
        cpu, wall = self._cpu_s(), time.perf_counter()
        self._line.request(method, quote(address, safe="/?=&%.~:,"), body or None, headers)
        answer = self._line.getresponse()
        content = answer.read()
        took_s = time.perf_counter() - wall
        used_s = self._cpu_s() - cpu
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        plain = gzip.decompress(content) if answer.headers.get("Content-Encoding") == "gzip" else content
        return Answer(answer.status, plain, len(content), took_s, used_s)

    def _cpu_s(self) -> float:
        return cpu_s(self.server) if self.server else 0.0
