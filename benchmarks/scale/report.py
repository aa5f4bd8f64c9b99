"""The figures as a page: who needs how long, where the engine's time goes, how far the limit is."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from math import log
from pathlib import Path
from typing import Any

from benchmarks.scale.case import GROWING, REAL, SQUARE, Result
from benchmarks.scale.peers import OURS, PEERS

START, END = "<!-- figures -->", "<!-- end of figures -->"
TITLES = {
    SQUARE: "A square of 300 km, whatever the number of flows",
    GROWING: "A square that grows with the flows (constant density)",
    REAL: "Around real establishments",
}
LIBRARIES = ("numpy", "numba", "polars", "duckdb", "pandas", "scikit-learn")


def page(results: Sequence[Result]) -> str:
    """Return everything measured, as Markdown."""
    parts = [_circumstances(results)]
    for kind, title in TITLES.items():
        own = [result for result in results if result["kind"] == kind]
        if own:
            parts.append(f"### {title}\n\n{_peers(own)}")
            grown = "\n".join(f"- {line}" for line in _growth(own))
            parts.extend([grown] if grown else [])
    engine = [result for result in results if result["peer"] == OURS and "pairs" in result]
    if engine:
        parts.append(f"### Where the engine's time goes, and the limit\n\n{_steps(engine)}")
        parts.append(f"### One flow against everything\n\n{_answers(engine)}")
    return "\n\n".join(parts)


def write_page(file: Path, results: Sequence[Result]) -> None:
    """Put the figures between the marks of the page, and leave the rest of it as it is."""
    before, rest = file.read_text(encoding="utf-8").split(START, 1)
    after = rest.split(END, 1)[1]
    file.write_text(f"{before}{START}\n\n{page(results)}\n\n{END}{after}", encoding="utf-8")


def _circumstances(results: Sequence[Result]) -> str:
    cores = next((result["cores"] for result in results if "cores" in result), os.cpu_count())
    load = next((result["load"] for result in results if "load" in result), 0.0)
    used = [f"Python {platform.python_version()}"]
    for name in LIBRARIES:
        try:
            used.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return f"{cores} cores, load {load:.1f} before the run (0 is an idle machine); {', '.join(used)}."


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column is text."""
    lines = [" | ".join(heads), " | ".join(["---", *["---:"] * (len(heads) - 1)])]
    return "\n".join(f"| {line} |" for line in [*lines, *(" | ".join(row) for row in rows)])


def _by_size(results: Sequence[Result], peer: str) -> dict[int, Result]:
    return {result["flows"]: result for result in results if result["peer"] == peer}


def _peers(results: Sequence[Result]) -> str:
    sizes = sorted({result["flows"] for result in results})
    ours = _by_size(results, OURS)
    rows = []
    for peer in PEERS:
        found = _by_size(results, peer.name)
        if found:
            cells = [_cell(found.get(size), ours.get(size)) for size in sizes]
            memory = " / ".join(_memory(found.get(size)) for size in sizes)
            work = " / ".join(_work(found.get(size), ours.get(size)) for size in sizes)
            rows.append([peer.title, *cells, work, memory, _same(list(found.values()))])
    heads = (*(f"{size:,} flows" for size in sizes), "× in processor time", "peak MB", "outputs alike")
    return _table(["way", *heads], rows)


def _cell(result: Result | None, ours: Result | None) -> str:
    if result is None:
        return "–"
    if "failed" in result:
        return str(result["failed"])
    about = "" if result["share"] == 1 else f" (from {100 * result['share']:.2g} %)"
    if result["peer"] == OURS or ours is None or "failed" in ours:
        return f"{_seconds(result['seconds'])}{about}"
    return f"{_seconds(result['seconds'])}{about}, × {result['seconds'] / ours['seconds']:,.1f}"


def _work(result: Result | None, ours: Result | None) -> str:
    """Return the ratio of what the processor had to do, which shows less of what else a machine does."""
    if result is None or ours is None or "cpu_s" not in result or "cpu_s" not in ours:
        return "–"
    return f"{result['cpu_s'] / ours['cpu_s']:,.1f}"


def _seconds(value: float) -> str:
    return f"{value:.3f} s" if value < 1 else f"{value:,.1f} s"


def _memory(result: Result | None) -> str:
    return "–" if result is None or "failed" in result else f"{result['peak_mb']:,.0f}"


def _same(results: Sequence[Result]) -> str:
    """Return for how many outputs all receivers, their order and their scores are the engine's."""
    compared = [result for result in results if "same" in result]
    if not compared:
        return ""
    totals = {name: sum(result[name] for result in compared) for name in ("outputs", "same", "same_scores")}
    text = f"{totals['same']:,} of {totals['outputs']:,}"
    if totals["same"] < totals["outputs"]:
        text += f" ({totals['same_scores']:,} with the same scores)"
    return text


def _growth(results: Sequence[Result]) -> Iterator[str]:
    """Yield, for each way, the exponent by which its time grows from the fewest flows to the most."""
    for peer in PEERS:
        found = [r for _, r in sorted(_by_size(results, peer.name).items()) if "failed" not in r]
        if len(found) < 2:
            continue
        first, last = found[0], found[-1]
        scale = log(last["flows"] / first["flows"])
        whole, search = (log(last[name] / first[name]) / scale for name in ("seconds", "search_s"))
        sizes = f"from {first['flows']:,} to {last['flows']:,} flows"
        yield f"{peer.title}: grows as N^{whole:.2f} {sizes} (its search alone N^{search:.2f})"


def _steps(results: Sequence[Result]) -> str:
    heads = (
        "territory", "tables", "search", "outputs a second", "pairs within reach", "ns a pair, searched",
        "floor by pairs", "floor by bytes", "search ÷ floor",
    )  # fmt: skip
    rows = []
    for r in results:
        floors = floor_by_pairs(r), r["bytes"] / r["bytes_a_second"]
        rows.append(
            [
                f"{r['flows']:,}, {r['kind']}",
                *(f"{_seconds(r[s])} ({100 * r[s] / r['seconds']:.0f} %)" for s in ("tables_s", "search_s")),
                f"{r['flows'] / 2 / r['search_s']:,.0f}",
                f"{r['pairs'] / 1e6:,.1f} million",
                f"{1e9 * r['search_s'] * r['cores'] / r['pairs']:.2f}",
                f"{_seconds(floors[0])} ({r['ns_a_pair']:.2f} ns)",
                f"{_seconds(floors[1])} ({r['bytes_a_second'] / 1e9:.0f} GB/s)",
                f"{r['search_s'] / max(floors):,.1f}",
            ]
        )
    return _table(heads, rows)


def floor_by_pairs(result: Result) -> float:
    """Return the seconds that measuring each pair within reach once would take on all cores."""
    return float(result["pairs"] * result["ns_a_pair"] * 1e-9 / result["cores"])


def _answers(results: Sequence[Result]) -> str:
    rows = [
        [f"{r['flows']:,}, {r['kind']}", f"{r['answer_p50_us']:,.0f} µs", f"{r['answer_p99_us']:,.0f} µs"]
        for r in results
    ]
    return _table(["territory", "half within", "99 % within"], rows)


def lines_of(results: Sequence[Result]) -> dict[str, list[tuple[float, float]]]:
    """Return (flows, seconds) of each way on the square, for the plot."""
    found: dict[str, list[tuple[float, float]]] = {}
    for peer in PEERS:
        own: list[Any] = [r for r in results if r["peer"] == peer.name and r["kind"] == SQUARE]
        points = sorted((float(r["flows"]), float(r["seconds"])) for r in own if "failed" not in r)
        if points:
            found[peer.title] = points
    return found
