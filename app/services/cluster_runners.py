"""Who runs the tasks: this process one after the other, or the workers of a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

# A worker that dies costs its tasks another run; a task that kills this many workers is at fault itself.
RETRIES = 2


class Runner(Protocol):
    """Runs functions; what ``submit`` returns may be given to further calls in place of its value."""

    workers: int

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function, now or as soon as its arguments are there."""

    def values(self, submitted: Sequence[Any]) -> list[Any]:
        """Return the values of what was submitted."""


class Here:
    """One process, this one, with one task after the other."""

    workers = 1

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function now."""
        return function(*arguments)

    def values(self, submitted: Sequence[Any]) -> list[Any]:
        """Return the values as they are."""
        return list(submitted)


class OnCluster:
    """The workers of a Dask cluster."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.workers = max(1, sum(client.nthreads().values()))

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Send a function to the cluster; its value stays there."""
        return self._client.submit(function, *arguments, pure=False, retries=RETRIES)

    def values(self, submitted: Sequence[Any]) -> list[Any]:
        """Wait for values and fetch them."""
        return list(self._client.gather(list(submitted)))


@contextmanager
def cluster(scheduler: str | None) -> Iterator[OnCluster]:
    """Connect to a cluster, or start one of as many worker processes as this machine has cores."""
    from distributed import Client, LocalCluster

    if scheduler is not None:
        with Client(scheduler) as client:
            yield OnCluster(client)
        return
    workers = os.cpu_count() or 1
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as started,
        Client(started) as client,
    ):
        yield OnCluster(client)
