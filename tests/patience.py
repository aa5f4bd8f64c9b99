"""Waiting for what another process does, without taking the processor away from it."""

from __future__ import annotations

import time
from collections.abc import Iterator

# Soon at first, then ever less often: to ask a server may take as long as the pause (own choice).
SOON_S, SELDOM_S = 0.03, 0.8
GROWTH = 1.5


def tries(patience_s: float, seldom_s: float = SELDOM_S) -> Iterator[None]:
    """Yield each time it is worth looking again; the end fails the test.

    Parameters
    ----------
    seldom_s
        The longest pause between two looks.
    """
    end, pause_s = time.monotonic() + patience_s, SOON_S
    while time.monotonic() < end:
        yield
        time.sleep(pause_s)
        pause_s = min(GROWTH * pause_s, seldom_s)
    raise AssertionError("it never came")
