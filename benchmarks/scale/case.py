"""One case, in a process of its own: one way of searching one territory, timed and compared."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.scale.limits import bytes_a_second, nanoseconds_a_pair, pairs_in_reach
from benchmarks.scale.peers import OURS, Search, peer_named
from benchmarks.scale.rules import Found, agreement
from benchmarks.scale.territory import Floats, Ints, Territory, real_points, territory

SQUARE, GROWING, REAL = "square", "growing", "real"
KINDS = (SQUARE, GROWING, REAL)
WARM_FLOWS = 5_000
ANSWERS = 3_000
RUNS, REPEATED_WITHIN_S = 5, 6.0
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """What one process measures.

    Attributes
    ----------
    kind
        ``square``: always the same square; ``growing``: one that grows with the flows; ``real``: around the
        places of ``points``.
    answers
        File where the engine leaves what it found, for the others to be compared with.
    """

    peer: str
    flows: int
    kind: str
    answers: Path
    points: Path | None = None
    seed: int = 1

    def rows(self) -> Territory:
        """Return the territory."""
        points = real_points(self.points) if self.kind == REAL and self.points else None
        return territory(self.flows, self.seed, constant_density=self.kind == GROWING, points=points)


def measure(case: Case) -> Result:
    """Return the seconds of each step, the peak memory in MB, what was found and how far it agrees."""
    peer, rows = peer_named(case.peer), case.rows()
    outputs = np.flatnonzero(rows.is_output)
    if case.flows > peer.whole_up_to:
        outputs = _sample(outputs, peer.sample)
    with peer.server() as server:
        # Libraries loaded and code compiled: what a server that runs has behind it.
        small = territory(WARM_FLOWS)
        peer.prepare(small, server)(np.flatnonzero(small.is_output))
        run = _fastest(lambda: peer.prepare(rows, server), outputs)
    share = len(outputs) / max(int(rows.is_output.sum()), 1)
    result = {
        **{name: value for name, value in asdict(case).items() if name in ("peer", "flows", "kind")},
        "tables_s": run.tables_s,
        "search_s": run.search_s / share,
        "seconds": run.tables_s + run.search_s / share,
        "share": share,
        "peak_mb": run.peak_mb,
        "found": len(run.found),
    }
    if not peer.has_server:
        result["cpu_s"] = run.tables_cpu_s + run.search_cpu_s / share
    if case.peer == OURS:
        np.savez(case.answers, output=run.found.output, input=run.found.input, score=run.found.score)
        return result | _limits(rows, run.search) | _answers(run.search)
    with np.load(case.answers) as kept:
        ours = Found(kept["output"], kept["input"], kept["score"])
    return result | asdict(agreement(ours, run.found, outputs))


class Run(NamedTuple):
    """What one run found, with the seconds of loading and of searching, and the peak memory.

    ``…_cpu_s`` are the processor's seconds of this process, on all cores together.
    """

    search: Search
    found: Found
    tables_s: float
    search_s: float
    tables_cpu_s: float
    search_cpu_s: float
    peak_mb: float


def _fastest(prepare: Callable[[], Search], outputs: Ints) -> Run:
    """Return the fastest run, with the peak memory of the first.

    What takes long runs once; a short run is repeated, since whatever else the machine does shows in it.
    """
    taken: list[tuple[float, ...]] = []
    peak_mb = 0.0
    while len(taken) < RUNS and sum(run[0] + run[2] for run in taken) < REPEATED_WITHIN_S:
        started = _clocks()
        search = prepare()
        ready = _clocks()
        found = search(outputs)
        taken.append((*(ready - started), *(_clocks() - ready)))
        peak_mb = peak_mb or _peak_mb() + getattr(search, "memory_mb", float)()
    tables_s, tables_cpu_s, search_s, search_cpu_s = min(taken, key=lambda run: run[0] + run[2])
    return Run(search, found, tables_s, search_s, tables_cpu_s, search_cpu_s, peak_mb)


def _clocks() -> Floats:
    """Return the seconds of the wall and of the processor."""
    return np.array([time.perf_counter(), time.process_time()])


def _sample(outputs: Ints, count: int) -> Ints:
    return np.sort(np.random.default_rng(0).choice(outputs, min(count, len(outputs)), replace=False))


def _peak_mb() -> float:
    """Return the most memory that this process held; Linux's own figure leaves out what its parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(text for text in status.read_text().splitlines() if text.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _limits(rows: Territory, search: Any) -> Result:
    return {
        "cores": os.cpu_count() or 1,
        "pairs": pairs_in_reach(rows),
        "ns_a_pair": nanoseconds_a_pair(),
        "bytes": search.nbytes(),
        "bytes_a_second": bytes_a_second(),
    }


def _answers(search: Any) -> Result:
    """Return the microseconds of one flow's answer against the whole territory: the middle and the worst."""
    answered = []
    for output in np.random.default_rng(1).choice(len(search.outputs), ANSWERS).tolist():
        started = time.perf_counter()
        search.answer(search.problem.flows["rank"][output])
        answered.append(time.perf_counter() - started)
    middle, worst = np.quantile(answered, [0.5, 0.99]) * 1e6
    return {"answer_p50_us": float(middle), "answer_p99_us": float(worst)}
