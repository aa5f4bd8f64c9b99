"""``python -m benchmarks.whole``: seconds and peak memory of each step from a CSV to a file of synergies.

The table (see ``benchmarks.flow_table``) has about 5,000 distinct labels and a site for each five flows, all
over France. Processor seconds, the writing processes' included, are given beside elapsed ones: on a shared
machine only the former compare. ``--rows 100000 --format xlsx`` is the goal: under 60 s and 2 GB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from unittest.mock import patch

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.reading import flow_table_in_own_process

SIZES = (10_000, 100_000)
WATCHED_EVERY_S = 0.5
FORMATS = ("xlsx", "csv", "json", "geojson")
Step = tuple[str, float, float, float]


def main() -> None:
    """Measure and print a table, or one size as JSON for the run that asked for it."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.whole", description=__doc__)
    arguments.add_argument("--rows", type=int, nargs="+", default=SIZES)
    arguments.add_argument("--format", choices=FORMATS, default="xlsx")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--one", metavar="CSV", help="measure this file alone, as JSON")
    chosen = arguments.parse_args()
    if chosen.one:
        print(json.dumps(measure(Path(chosen.one), chosen.format)))
        return
    table = Table("rows", "step", "elapsed, s", "processor, s", "peak of the first process, MB")
    for rows in chosen.rows:
        with TemporaryDirectory() as folder:
            source = Path(folder) / "flows.csv"
            source.write_bytes(flow_table_in_own_process(rows, chosen.seed))
            command = [sys.executable, "-m", "benchmarks.whole", "--one", str(source)]
            steps, held_mb = _watched([*command, "--format", chosen.format])
        for step, elapsed, used, peak_mb in steps:
            table.add_row(f"{rows:,}", step, f"{elapsed:.1f}", f"{used:.1f}", f"{peak_mb:.0f}")
        table.add_row(f"{rows:,}", "held by all processes at once", "", "", f"{held_mb:.0f}")
        table.add_section()
    Console(width=100).print(table)


def _watched(command: list[str]) -> tuple[list[Step], float]:
    """Return what a run says of its steps, and the most MB that it and its processes held at once."""
    with TemporaryFile() as said, subprocess.Popen(command, stdout=said) as running:
        held_mb = 0.0
        while running.poll() is None:
            held_mb = max(held_mb, _held_mb(running.pid))
            time.sleep(WATCHED_EVERY_S)
        said.seek(0)
        if running.returncode:
            raise subprocess.CalledProcessError(running.returncode, command)
        return json.loads(said.read()), held_mb


def _held_mb(pid: int) -> float:
    """Return what a process and those it started hold, each page they share counted once (Linux; else 0)."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0.0
    held = 0
    for process in family:
        with suppress(psutil.Error, AttributeError):
            held += process.memory_full_info().pss
    return held / 1e6


def measure(source: Path, format_: str) -> list[Step]:
    """Return what each step of ``entreflux match`` took, as the command runs it, and the whole of it."""
    start, used = time.perf_counter(), _processor_seconds()
    steps = Steps()
    from app.commands import matching as command

    @contextmanager
    def told(language: str) -> Iterator[Steps]:
        yield steps

    target = source.with_suffix(f".{format_}")
    with patch.object(command, "progress", told):
        command.match(str(source), format_=format_, out=target, skip_errors=True, lang="fr")
    steps("end")
    total = ("whole", time.perf_counter() - start, _processor_seconds() - used, _peak_mb())
    size = (f"{target.stat().st_size / 1e6:.0f} MB written", 0.0, 0.0, 0.0)
    return [*steps.done, total, size]


class Steps:
    """Closes the running step each time another one is told."""

    def __init__(self) -> None:
        self.done: list[Step] = []
        self._name, self._since, self._used = "read", time.perf_counter(), _processor_seconds()

    def __call__(self, name: str) -> None:
        """Note what the running step took; how far a step has come is not another step."""
        if " " in name:
            return
        now, used = time.perf_counter(), _processor_seconds()
        self.done.append((self._name, now - self._since, used - self._used, _peak_mb()))
        self._name, self._since, self._used = name, now, used


def _processor_seconds() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def _peak_mb() -> float:
    """Return the largest memory held by this process alone."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
