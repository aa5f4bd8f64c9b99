"""One case, in a process of its own: one way of searching one territory, timed and compared."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scale.limits import bytes_a_second, nanoseconds_a_pair, pairs_in_reach
from benchmarks.scale.peers import OURS, Search, peer_named
from benchmarks.scale.rules import Found, agreement
from benchmarks.scale.territory import Ints, Territory, real_points, territory

SQUARE, GROWING, REAL = "square", "growing", "real"
KINDS = (SQUARE, GROWING, REAL)
WARM_FLOWS = 2_000
ANSWERS = 3_000
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
    outputs = _share(np.flatnonzero(rows.is_output), peer.share_of(case.flows))
    with peer.server() as server:
        # Libraries loaded and code compiled: what a server that runs has behind it.
        small = territory(WARM_FLOWS)
        peer.prepare(small, server)(np.flatnonzero(small.is_output))
        started = time.perf_counter()
        search = peer.prepare(rows, server)
        ready = time.perf_counter()
        found = search(outputs)
        done = time.perf_counter()
        peak = _peak_mb() + getattr(search, "memory_mb", float)()
    share = len(outputs) / max(int(rows.is_output.sum()), 1)
    tables, searched = ready - started, (done - ready) / share
    result = {
        **{name: value for name, value in asdict(case).items() if name in ("peer", "flows", "kind")},
        "tables_s": tables,
        "search_s": searched,
        "seconds": tables + searched,
        "share": share,
        "peak_mb": peak,
        "found": len(found),
    }
    if case.peer == OURS:
        np.savez(case.answers, output=found.output, input=found.input, score=found.score)
        return result | _limits(rows, search) | _answers(search)
    with np.load(case.answers) as kept:
        ours = Found(kept["output"], kept["input"], kept["score"])
    return result | asdict(agreement(ours, found, outputs))


def _share(outputs: Ints, share: float) -> Ints:
    if share >= 1:
        return outputs
    return np.sort(np.random.default_rng(0).choice(outputs, round(len(outputs) * share), replace=False))


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


def _answers(search: Search | Any) -> Result:
    """Return the microseconds of one flow's answer against the whole territory: the middle and the worst."""
    answered = []
    for output in np.random.default_rng(1).choice(len(search.outputs), ANSWERS).tolist():
        started = time.perf_counter()
        search.answer(search.problem.flows["rank"][output])
        answered.append(time.perf_counter() - started)
    middle, worst = np.quantile(answered, [0.5, 0.99]) * 1e6
    return {"answer_p50_us": float(middle), "answer_p99_us": float(worst)}
