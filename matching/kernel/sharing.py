"""Work shared between threads: compiled parts that hold no lock of the interpreter."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Thread


def in_parts(work: Callable[[int, int], None], count: int, size: int, threads: int | None = None) -> None:
    """Call ``work(first, last)`` for runs of ``size`` that make up ``count``, on as many threads as cores.

    Raises
    ------
    Exception
        What the first part that failed has raised.
    """
    parts = iter(range(0, count, size))
    failed: list[BaseException] = []

    def take() -> None:
        # A range gives each of its numbers to one thread only.
        for first in parts:
            try:
                work(first, min(first + size, count))
            except BaseException as error:
                failed.append(error)
                return

    workers = min(threads or os.cpu_count() or 1, -(-count // size))
    others = [Thread(target=take) for _ in range(workers - 1)]
    for thread in others:
        thread.start()
    take()
    for thread in others:
        thread.join()
    if failed:
        raise failed[0]
