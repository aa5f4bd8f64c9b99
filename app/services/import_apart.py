"""Long imports in a process of their own: in a server's they would hold up every request.

That process may also share its work with copies of itself, which a server never makes (``matching.sharing``).
It ends with its import and leaves with the process that started it: what it did not commit is then undone.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

from app.low_priority import low_process, named
from app.services import matching as engine
from matching.ahead import begin_ahead
from matching.sharing import leave_with_parent, usable_processes

# To start a process and have it load the engine takes some seconds of processor: smaller files are imported
# before (own estimate; a thousand flows of a CSV are about 250 kB).
APART_BYTES = 1024 * 1024
# Of more flows than so long a file holds machine code is made.
MANY_BYTES = 2 * APART_BYTES
# Requests come before imports, imports before plans (``planning_apart``).
PRIORITY = 10


class ImportLostError(Exception):
    """The process of an import ended before its import did."""


def is_worth(content: bytes) -> bool:
    """Tell whether a file is long enough for a process of its own, where one can share its work."""
    return len(content) >= APART_BYTES and usable_processes() > 1


def done_apart(work: Callable[..., None], *arguments: Any, many: bool = False) -> None:
    """Do some work in a process of its own and wait for its end.

    Parameters
    ----------
    work
        A function of a module; its arguments must be picklable.
    many
        Whether so many flows come that machine code is worth making for them.

    Raises
    ------
    ImportLostError
        When the process was stopped, or the work failed: its own log tells why.
    """
    process = low_process(PRIORITY, work_alone, named(work), many, *arguments, name="import")
    process.start()
    process.join()
    status = process.exitcode
    process.close()
    if status != 0:
        raise ImportLostError(status)


def begin_alone(many: bool) -> None:
    """Make a process ready that lives for one import: the engine is loaded while the file is read."""
    # Looking for garbage among a hundred thousand flows takes longer than to store them.
    gc.disable()
    # Before there is a thread: a copy keeps for ever what another thread holds when it is made.
    if many:
        begin_ahead(usable_processes())
    engine.warm_up()


def work_alone(where: str, many: bool, *arguments: Any) -> None:
    """Do the work of a function (``low_priority.named``) in this process, which lives for nothing else."""
    leave_with_parent()
    begin_alone(many)
    resolve_name(where)(*arguments)
