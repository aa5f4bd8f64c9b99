"""Turns: how many requests hold a session at once."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

# Each holds three connections at most and one thread, of the 40 that there are of either. More at once answer
# fewer in all, since they take Python's lock from one another (benchmarks.mixed on two cores, asked for 200 a
# second: 6 answered 115, 12 answered 74).
TURNS = 6


class Turns:
    """A session keeps its connection, and on SQLite the only place of a writer, between the threads it gets.

    Were all threads taken by requests that wait for these, nobody would ever go on.
    """

    def __init__(self, most: int = TURNS) -> None:
        self._most = most
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    def here(self) -> asyncio.Semaphore:
        """Return the turns of the running loop: threads are a loop's own too."""
        return self._by_loop.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._most))
