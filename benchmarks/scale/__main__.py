"""``python -m benchmarks.scale``: the engine beside its peers, each case in a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.scale.case import GROWING, KINDS, REAL, SQUARE, Case, Result, measure
from benchmarks.scale.peers import OURS, PEERS
from benchmarks.scale.plot import svg
from benchmarks.scale.report import lines_of, page, write_page

DOCS = Path(__file__).parents[2] / "docs"
PAGE, PICTURE = DOCS / "performance.md", DOCS / "images" / "performance.svg"
SIZES = (10_000, 100_000, 1_000_000)
REAL_FLOWS = 100_000


def main() -> None:
    """Measure everything and print it, or one case as JSON for the run that asked for it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--flows", type=int, nargs="+", default=SIZES, help="sizes of the territories")
    parser.add_argument("--peers", nargs="+", choices=[peer.name for peer in PEERS], help="only these")
    parser.add_argument("--points", type=Path, help="CSV of real places (lon, lat) for one more territory")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=3600, help="seconds after which a case is given up")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and its picture")
    parser.add_argument("--case", nargs=2, metavar=("PEER", "KIND"), help="only this, as JSON")
    parser.add_argument("--answers", type=Path, help="where the engine leaves what it found (with --case)")
    chosen = parser.parse_args()
    # So that a run that is stopped stops what it started: a case, a database server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if chosen.case:
        peer, kind = chosen.case
        if kind not in KINDS or chosen.answers is None:
            parser.error("--case needs a known kind and --answers")
        case = Case(peer, chosen.flows[0], kind, chosen.answers, chosen.points, chosen.seed)
        print(json.dumps(measure(case)))
        return
    print(page(_all(chosen)))


def _write(results: Sequence[Result]) -> None:
    write_page(PAGE, results)
    PICTURE.write_text(svg(lines_of(results), "Top 20 of each output, full score"), encoding="utf-8")


def _all(chosen: argparse.Namespace) -> list[Result]:
    load = os.getloadavg()[0]
    peers = [peer.name for peer in PEERS if peer.installed and peer.name in (chosen.peers or (peer.name,))]
    results = []
    with tempfile.TemporaryDirectory(prefix="entreflux-bench-") as folder:
        for case in _cases(chosen, peers, Path(folder)):
            result = _in_own_process(case, chosen.patience)
            said = result.get("failed") or f"{result['seconds']:.3f} s, {result['peak_mb']:.0f} MB"
            print(f"{case.kind} {case.flows:,} {case.peer}: {said}", file=sys.stderr, flush=True)
            results.append(result | {"load": load})
            # After each, so that an interrupted run keeps what it measured.
            if chosen.write and lines_of(results):
                _write(results)
    return results


def _cases(chosen: argparse.Namespace, peers: Sequence[str], folder: Path) -> Iterator[Case]:
    """Yield the cases, the engine first on each territory: the others are compared with what it found."""
    others = [peer for peer in peers if peer != OURS]
    territories = [(SQUARE, flows, others) for flows in chosen.flows]
    territories += [(GROWING, flows, []) for flows in chosen.flows]
    if chosen.points:
        territories.append((REAL, min(max(chosen.flows), REAL_FLOWS), others))
    for kind, flows, compared in territories:
        for peer in [OURS, *compared]:
            yield Case(peer, flows, kind, folder / f"{kind}-{flows}.npz", chosen.points, chosen.seed)


def _in_own_process(case: Case, patience: float) -> Result:
    """Return what a case measured, or how it failed: one peer out of memory is a result too."""
    command = [sys.executable, "-m", "benchmarks.scale", "--case", case.peer, case.kind]
    command += ["--flows", str(case.flows), "--answers", str(case.answers), "--seed", str(case.seed)]
    if case.points:
        command += ["--points", str(case.points)]
    named: Result = {"peer": case.peer, "flows": case.flows, "kind": case.kind}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            said, complained = running.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            running.terminate()
            return named | {"failed": f"over {patience:,.0f} s"}
        except BaseException:
            running.terminate()
            raise
    if running.returncode:
        print((complained.strip().splitlines() or ["killed"])[-1], file=sys.stderr)
        return named | {"failed": "failed"}
    result: Result = json.loads(said)
    return result


if __name__ == "__main__":
    main()
