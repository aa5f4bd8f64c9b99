"""Flow tables of France in Parquet, and the match on them: one process, then a cluster, then a lost worker.

python -m benchmarks.cluster table flows.parquet --flows 1000000
python -m benchmarks.cluster run flows.parquet --top 20 --workers 2
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from distributed import Client, LocalCluster

from app.services.cluster import match_table
from app.services.cluster_runners import Here, OnCluster, Runner
from benchmarks.cluster_table import write_table
from matching.engine import default_engine
from matching.parameters import MatchParameters


class Memory(threading.Thread):
    """The most that this process and its children hold together, in bytes (shared pages each time)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.used_s = 0.0
        self._start_s: dict[int, float] = {}
        self._last_s: dict[int, float] = {}
        self._over = threading.Event()

    def run(self) -> None:
        """Look five times a second."""
        own = psutil.Process()
        while not self._over.wait(0.2):
            total = 0
            for process in (own, *own.children(recursive=True)):
                try:
                    total += process.memory_info().rss
                    spent = process.cpu_times()
                    self._ran(process.pid, spent.user + spent.system)
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, total)

    def _ran(self, number: int, seconds: float) -> None:
        """Add up what each process has computed since it was first seen."""
        self._start_s.setdefault(number, seconds)
        self._last_s[number] = seconds
        self.used_s = sum(last - self._start_s[n] for n, last in self._last_s.items())

    def stop(self) -> int:
        """Stop looking and return the most seen."""
        self._over.set()
        self.join()
        return self.peak


@contextmanager
def _warm_cluster(workers: int) -> Iterator[tuple[OnCluster, LocalCluster]]:
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        client.run(_warm)
        yield OnCluster(client), cluster


def _warm() -> None:
    import app.services.cluster_tasks  # noqa: F401

    default_engine()


def _timed(name: str, source: Path, out: Path, top: int, runner: Runner, lose: Any = None) -> float:
    shutil.rmtree(out, ignore_errors=True)
    memory = Memory()
    memory.start()
    start = time.perf_counter()
    steps: list[tuple[str, float]] = []

    def told(step: str) -> None:
        steps.append((step, time.perf_counter() - start))
        if step == "substitution" and lose is not None:
            threading.Timer(2.0, lose).start()

    found = match_table(source, out, MatchParameters(top=top, kinds=("substitution",)), runner, progress=told)
    took = time.perf_counter() - start
    shown = ", ".join(f"{step} at {at:.1f}" for step, at in steps)
    print(
        f"{name}: {found.flows} flows, {found.pairs} pairs, {took:.1f} s, "
        f"{memory.used_s:.1f} s of processor, {memory.stop() / 1e9:.2f} GB ({shown})",
        flush=True,
    )
    return took


def rows_of(out: Path) -> pa.Table:
    """Return all pairs of a result, whatever their files, in the order of their rows."""
    tables = [pq.read_table(path) for path in sorted(out.glob("part-*.parquet"))]
    rows = pa.concat_tables([table.cast(_plain(table.schema)) for table in tables])
    return rows.sort_by([("provider_row", "ascending"), ("receiver_row", "ascending")]).combine_chunks()


def _plain(schema: pa.Schema) -> pa.Schema:
    return pa.schema(
        [
            (field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
            for field in schema
        ]
    )


def compare(source: Path, top: int, workers: int, *, alone: bool, lose: bool, alike: bool) -> None:
    """Match ``source`` on a warm cluster, and as asked in one process and with a worker killed midway."""
    folder = Path(tempfile.mkdtemp(prefix="entreflux-", dir=source.parent))
    try:
        if alone:
            default_engine()
            one = _timed("one process", source, folder / "one", top, Here())
        with _warm_cluster(workers) as (runner, cluster):
            many = _timed(f"{workers} workers", source, folder / "many", top, runner)
            if alone:
                print(f"ratio: {many / one:.2f}")
            if lose:
                victim = next(iter(cluster.workers.values())).pid
                _timed(
                    "a worker killed",
                    source,
                    folder / "lost",
                    top,
                    runner,
                    lambda: os.kill(victim, signal.SIGKILL),
                )
        if alike:
            first, *others = sorted(folder.iterdir())
            same = [rows_of(first).equals(rows_of(other)) for other in others]
            print(f"{first.name} the same as {[other.name for other in others]}: {same}")
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    table = commands.add_parser("table")
    table.add_argument("path", type=Path)
    table.add_argument("--flows", type=int, default=1_000_000)
    table.add_argument("--labels", action="store_true")
    run = commands.add_parser("run")
    run.add_argument("path", type=Path)
    run.add_argument("--top", type=int, default=20)
    run.add_argument("--workers", type=int, default=2)
    for name in ("alone", "lose", "alike"):
        run.add_argument(f"--{name}", action="store_true")
    asked = parser.parse_args()
    if asked.command == "table":
        write_table(asked.path, asked.flows, labels=asked.labels)
    else:
        compare(asked.path, asked.top, asked.workers, alone=asked.alone, lose=asked.lose, alike=asked.alike)


if __name__ == "__main__":
    main()
