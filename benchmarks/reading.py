"""``python -m benchmarks.reading``: time and memory of each step from a CSV to read flows.

Each size is measured in a process of its own. Processor seconds are given beside elapsed ones: on a shared
machine only the former compare.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table

SIZES = (1_000, 10_000, 100_000)
KEPT_READINGS = 4
Steps = list[tuple[str, float, float, float, str]]


def main() -> None:
    """Measure and print a table, or one size as JSON for the run that asked for it."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    arguments.add_argument("--rows", type=int, nargs="+", default=SIZES)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--one", action="store_true", help="only the first size, as JSON")
    chosen = arguments.parse_args()
    if chosen.one:
        print(json.dumps(measure(flow_table_in_own_process(chosen.rows[0], chosen.seed))))
        return
    table = Table("rows", "step", "elapsed, s", "processor, s", "peak, MB", "what")
    for rows in chosen.rows:
        command = [sys.executable, "-m", "benchmarks.reading", "--one", "--seed", str(chosen.seed)]
        done = subprocess.run([*command, "--rows", str(rows)], check=True, capture_output=True, text=True)
        for step, elapsed, used, peak_mb, what in json.loads(done.stdout):
            table.add_row(f"{rows:,}", step, f"{elapsed:.2f}", f"{used:.2f}", f"{peak_mb:.0f}", what)
        table.add_section()
    Console(width=120).print(table)


def flow_table_in_own_process(rows: int, seed: int) -> bytes:
    """Return the table as another process makes it: what that one loads must not be loaded here."""
    command = [sys.executable, "-m", "benchmarks.flow_table", str(rows), str(seed)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def measure(content: bytes) -> Steps:
    """Return what each step took, one after the other in this process, imports included."""
    steps: Steps = []
    with _timed(steps, "gazetteer") as tell:
        from geo.geocoding import offline_geocoder

        geocoder = offline_geocoder()
        tell("communes indexed")
    with _timed(steps, "read") as tell:
        from app.readers.reading import placed, read_unplaced

        result = read_unplaced(content, "table.csv")
        tell(f"{len(result.flows):,} flows, {len(result.errors):,} errors")
    with _timed(steps, "geocode") as tell:
        unplaced = sum(not site.placed for site in result.sites)
        result = placed(result, geocoder)
        tell(f"{unplaced:,} sites of {len(result.sites):,}")
    with _timed(steps, "engine") as tell:
        from matching.engine import default_engine

        classifier = default_engine().classifier
        tell("catalogue and index")
    with _timed(steps, "classify") as tell:
        found = classifier.classify_all(result.flows, KEPT_READINGS)
        texts = len({(flow.label, flow.comment) for flow in result.flows})
        tell(f"{sum(map(bool, found)):,} read, {texts:,} distinct texts")
    return steps


@contextmanager
def _timed(steps: Steps, name: str) -> Iterator[Callable[[str], None]]:
    notes: list[str] = []
    elapsed, used = time.perf_counter(), time.process_time()
    yield notes.append
    elapsed, used = time.perf_counter() - elapsed, time.process_time() - used
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    steps.append((name, elapsed, used, peak_mb, " ".join(notes)))


if __name__ == "__main__":
    main()
