"""Clients that write all the time, remember what was acknowledged, and ask again after a cut."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException

from tests.trust.serving import Served

PATIENCE_S = 0.05


@dataclass
class Writer:
    """One client: each site under a key of its own, asked again until the answer says yes or no."""

    served: Served
    token: str
    name: str
    acknowledged: list[str] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)
    asked_again: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            self._write(f"{self.name}-{number}")

    def _write(self, name: str) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": name}
        while True:
            try:
                status, _ = self.served.ask("POST", "/api/v1/sites", {"name": name}, headers)
            except (OSError, HTTPException):
                # Cut off: nobody knows whether it was stored, so the same thing is asked once more.
                self.asked_again += 1
                if self.stopped.is_set():
                    return
                time.sleep(PATIENCE_S)
                continue
            if status == 201:
                self.acknowledged.append(name)
            else:
                self.refused[status] = self.refused.get(status, 0) + 1
            return


def started(served: Served, token: str, count: int) -> list[tuple[Writer, threading.Thread]]:
    """Return so many writers at work."""
    found = []
    for number in range(count):
        writer = Writer(served, token, f"w{number}")
        thread = threading.Thread(target=writer.run, name=writer.name)
        thread.start()
        found.append((writer, thread))
    return found


def stop(writers: list[tuple[Writer, threading.Thread]]) -> None:
    """Have every writer finish what it is at."""
    for writer, _ in writers:
        writer.stopped.set()
    for _, thread in writers:
        thread.join(120)
