"""Processes that give way to the requests from their start.

To load the application takes seconds of processor: it is done only once the priority is low. So nothing but
the standard library is imported here, and the work is known by its name until then.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from pkgutil import resolve_name
from typing import Any

# Who gives way so far works only while nobody else does.
LOWEST = 19


def low_process(
    priority: int, work: Callable[..., None], *arguments: Any, name: str, daemon: bool = False
) -> SpawnProcess:
    """Return a process, not yet started, that does some work at a low priority.

    Parameters
    ----------
    priority
        How far it gives way, from 0 to ``LOWEST`` (``nice``).
    work
        A function of a module.
    arguments
        Picklable; they are read before the priority is lowered, so that they had better be plain.
    """
    process: SpawnProcess = get_context("spawn").Process(
        target=_lowered, args=(priority, named(work), *arguments), name=name, daemon=daemon
    )
    return process


def named(work: Callable[..., None]) -> str:
    """Return where a function of a module is found again."""
    return f"{work.__module__}:{work.__qualname__}"


def _lowered(priority: int, where: str, *arguments: Any) -> None:
    _give_way(priority)
    resolve_name(where)(*arguments)


def _give_way(priority: int) -> None:
    os.nice(priority)
    if priority >= LOWEST and sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
