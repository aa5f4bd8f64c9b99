"""``python -m benchmarks``: time and memory of a match, each case in a process of its own."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from app.services.matching import match_flows, positions_km
from benchmarks.generator import generated_flows
from benchmarks.reference import reference_pairs
from matching.engine import default_engine
from matching.model import Flow
from matching.parameters import MatchParameters
from matching.results import SynergyKind

SIZES = (1_000, 10_000)
ENGINE, PEER, WHOLE = "engine", "reference", "whole"
NAMES = {
    ENGINE: "engine: substitutions, gates and explanations",
    PEER: "plain Python: every pair, scores only",
    WHOLE: "engine: whole match, labels read for the first time",
}


def main() -> None:
    """Measure and print a table, or one case as JSON for the run that asked for it."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("--flows", type=int, nargs="+", default=SIZES, help="sizes of the territories")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--case", choices=tuple(NAMES), help="only this, as JSON")
    chosen = arguments.parse_args()
    if chosen.case:
        print(json.dumps(measure(chosen.case, generated_flows(chosen.flows[0], chosen.seed))))
        return
    table = Table("flows", "what", "found", "time, s", "peak, MB", "times the engine's time")
    for count in chosen.flows:
        results = {case: _in_own_process(case, count, chosen.seed) for case in NAMES}
        for case, result in results.items():
            ratio = "" if case == WHOLE else f"{result['seconds'] / results[ENGINE]['seconds']:.1f}"
            cells = (f"{result['found']:,}", f"{result['seconds']:.2f}", f"{result['peak_mb']:.0f}", ratio)
            table.add_row(f"{count:,}", NAMES[case], *cells)
        table.add_section()
    Console(width=120).print(table)


def _in_own_process(case: str, count: int, seed: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks", "--case", case, "--flows", str(count), "--seed", str(seed)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(case: str, flows: list[Flow]) -> dict[str, Any]:
    """Return the seconds, the peak memory of the process in MB and how many synergies were found."""
    work = _whole(flows) if case == WHOLE else _pairs(case, flows)
    started = time.perf_counter()
    found = work()
    seconds = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mb": peak_mb, "found": found}


def _whole(flows: list[Flow]) -> Callable[[], int]:
    default_engine()
    return lambda: len(match_flows(flows, MatchParameters()).synergies)


def _pairs(case: str, flows: list[Flow]) -> Callable[[], int]:
    """Read the labels first, which both sides need, and return the search for substitutions alone."""
    engine, places = default_engine(), positions_km(flows)
    alone = MatchParameters(kinds=(SynergyKind.SUBSTITUTION.value,))
    engine.columns(flows, places)
    if case == ENGINE:
        return lambda: len(engine.match(flows, places, alone).synergies)

    def search() -> int:
        columns, amounts = engine.columns(flows, places)
        return len(reference_pairs(columns, engine.catalogue, engine.compatibility, amounts, alone))

    return search


if __name__ == "__main__":
    main()
