"""The figures as a page, as a file to compare with, and the comparison."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality.figures import Figure
from benchmarks.quality.methods import ENGINE

START, END = "<!-- figures -->", "<!-- end of figures -->"


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table, the engine's first in each set."""
    lines = [
        "| set | work | method | share | 95 % interval | of |",
        "| --- | --- | --- | ---: | ---: | ---: |",
    ]
    for figure in sorted(figures, key=lambda f: (f.set_name, f.work, f.method != ENGINE, f.method)):
        s = figure.share
        cells = (f"{s.value:.2f}", f"{s.low:.2f} to {s.high:.2f}", f"{s.hits} / {s.total}")
        lines.append(f"| {' | '.join((figure.set_name, figure.work, figure.method, *cells))} |")
    return "\n".join(lines)


def write_page(page: Path, figures: Sequence[Figure]) -> None:
    """Put the table between the marks of the page, and leave the rest of it as it is."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(START, 1)
    after = rest.split(END, 1)[1]
    page.write_text(f"{before}{START}\n{table(figures)}\n{END}{after}", encoding="utf-8")


def write_record(record: Path, figures: Sequence[Figure]) -> None:
    """Keep the engine's figures, to compare later runs with."""
    kept = {
        f.key: {
            "share": round(f.share.value, 4),
            "low": round(f.share.low, 4),
            "high": round(f.share.high, 4),
        }
        for f in figures
        if f.method == ENGINE
    }
    record.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def worse_than(record: Path, figures: Sequence[Figure]) -> list[str]:
    """Return, in a sentence each, the figures that fell out of their recorded interval."""
    kept = json.loads(record.read_text(encoding="utf-8"))
    found = []
    for figure in figures:
        before = kept.get(figure.key)
        if before is None:
            continue
        value = figure.share.value
        fell = value > before["high"] if figure.lower_is_better else value < before["low"]
        if fell:
            interval = f"{before['low']:.2f} to {before['high']:.2f}"
            found.append(f"{figure.key}: {value:.2f}, was {before['share']:.2f} ({interval})")
    return found
