"""A server of its own process, as it is hosted, that a test may kill; and clients that never give up."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

START_S = 90.0
# Set in a shell, which then becomes the server: no file it writes grows beyond this.
LIMITED = 'ulimit -f {blocks}; exec "$@"'


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """``entreflux serve`` on a database, started and killed again and again on one port."""

    url: str
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    workers: int = 1
    file_blocks: int = 0
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-c",
            "from app.cli import main; main()",
            "serve",
            "--port",
            str(self.port),
        ]
        command += ["--workers", str(self.workers)]
        if self.file_blocks:
            command = ["bash", "-c", LIMITED.format(blocks=self.file_blocks), "bash", *command]
        environment = os.environ | {"ENTREFLUX_DATABASE_URL": self.url} | self.environment
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stderr=log, start_new_session=True)
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            try:
                if self.ask("GET", "/health/live")[0] == 200:
                    return
            except (OSError, HTTPException):
                assert self.process.poll() is None, self.log.read_text()[-2000:]
                time.sleep(0.1)
        raise AssertionError("the server does not start")

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Return the status and the document of one answer, on a connection of its own."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"Content-Type": "application/json"} | (headers or {}))
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
