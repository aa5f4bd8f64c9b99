"""Long work shared out between processes that start as copies of this one.

A copy knows what this process knows, at no cost in time and little in memory: only what it is asked and what
it answers travels. Where the system makes no safe copy (only Linux does) the work is done here: same answers.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

# More copies write no faster: what they make goes through one process, which packs it.
MOST_PROCESSES = 4
# Tasks handed out before the first answer is taken: enough to keep copies busy, few enough to hold in memory.
AHEAD = 4


def usable_processes() -> int:
    """Return how many processes are worth starting: as many as cores, one where none can be copied."""
    if sys.platform != "linux":
        return 1
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def shared_out(work: Callable[[T], R], tasks: Iterable[T], processes: int) -> Iterator[R]:
    """Return ``work`` of each task, in the order of the tasks.

    Copies start at once and work ahead of what is read. They know what this process holds now: later changes
    here are unknown to them, and theirs are lost. For a program of its own, never for a server: what another
    thread held when a copy was made stays held there for ever.

    Parameters
    ----------
    work
        Any callable; its tasks and answers must be picklable, itself need not.
    processes
        How many copies; below 2 the work is done here, task after task as answers are read.
    """
    if processes < 2 or sys.platform != "linux":
        return map(work, tasks)
    return _answers(*_started(work, iter(tasks), processes))


def apart(work: Callable[[], R], processes: int) -> Callable[[], R]:
    """Start ``work`` in a copy of its own and return what waits for it; below 2 it is done then, here."""
    if processes < 2 or sys.platform != "linux":
        return work
    answers = _answers(*_started(lambda _: work(), iter([None]), 1))

    def answer() -> R:
        (only,) = answers  # to its end, which closes the copy
        return only

    return answer


def aside(work: Callable[[], None], processes: int) -> None:
    """Start ``work`` in a copy of its own that nobody waits for: it ends with this process, done or not.

    Below 2 nothing is started, nor where no copy is safe.
    """
    if processes < 2 or sys.platform != "linux":
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        get_context("fork").Process(target=_work_aside, args=(work,), daemon=True).start()


def _work_aside(work: Callable[[], None]) -> None:
    _begin(lambda _: work())
    _work_here(None)


def _started(
    work: Callable[[T], R], tasks: Iterator[T], processes: int
) -> tuple[ProcessPoolExecutor, deque[Future[R]], Iterator[T]]:
    pool = ProcessPoolExecutor(processes, get_context("fork"), _begin, (work,))
    with warnings.catch_warnings():
        # Python warns of threads at a fork: a copy has none of them, and asks for nothing they may hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        given = deque(pool.submit(_work_here, task) for task in islice(tasks, AHEAD * processes))
    return pool, given, tasks


def _answers(pool: ProcessPoolExecutor, given: deque[Future[R]], tasks: Iterator[T]) -> Iterator[R]:
    try:
        while given:
            answer = given.popleft().result()
            given.extend(pool.submit(_work_here, task) for task in islice(tasks, 1))
            yield answer
    finally:
        pool.shutdown(cancel_futures=True)


_work: Callable[[Any], Any]


def _begin(work: Callable[[Any], Any]) -> None:
    """Make a copy ready: it leaves with its parent, and never looks through what it inherited."""
    global _work
    _work = work
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # stopped from the keyboard it leaves at once, silently
    leave_with_parent()


def leave_with_parent() -> None:
    """Have this process end as soon as the one that started it does, whatever it is doing then."""
    Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work_here(task: Any) -> Any:
    return _work(task)
