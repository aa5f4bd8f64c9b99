"""What the scale bench writes about its figures."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.scale.case import GROWING, SQUARE, Case, Result, measure
from benchmarks.scale.peers import OURS
from benchmarks.scale.plot import svg
from benchmarks.scale.report import END, START, lines_of, page, write_page


def _result(peer: str, flows: int, seconds: float, **more: object) -> Result:
    whole = {"kind": SQUARE, "tables_s": seconds / 2, "search_s": seconds / 2, "share": 1.0, "peak_mb": 100.0}
    return {"peer": peer, "flows": flows, "seconds": seconds, **whole, **more}


def test_a_page_gives_time_ratio_growth_and_agreement() -> None:
    """The ratio is to the engine's time at the same size; growing as the flows do is N^1."""
    compared = {"outputs": 50, "same": 48, "same_scores": 50}
    text = page(
        [
            _result(OURS, 100, 0.5, cpu_s=0.8),
            _result(OURS, 10_000, 50.0, cpu_s=80.0),
            _result("polars", 100, 2.0, **compared),
            _result("polars", 10_000, 400.0, share=0.01, **compared),
        ]
    )
    assert "| this engine | 0.500 s | 50.0 s | 1.0 / 1.0 | 100 / 100 |  |" in text
    assert "2.0 s, × 4.0 | 400.0 s (from 1 %), × 8.0 | – / – |" in text
    assert "96 of 100 (100 with the same scores)" in text
    assert "this engine: grows as N^1.00" in text


def test_a_peer_that_failed_is_told_and_not_drawn() -> None:
    """Running out of memory is a result, and no point of the plot."""
    results = [_result(OURS, 100, 0.5), {"peer": "pandas", "flows": 100, "kind": SQUARE, "failed": "failed"}]
    assert "| pandas merge, chunked | failed |" in page(results)
    assert list(lines_of(results)) == ["this engine"]


def test_the_page_keeps_what_stands_around_the_figures(tmp_path: Path) -> None:
    """Only what lies between the marks is rewritten."""
    file = tmp_path / "performance.md"
    file.write_text(f"before\n{START}\nold\n{END}\nafter\n", encoding="utf-8")
    write_page(file, [_result(OURS, 100, 0.5)])
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{START}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    assert "0.500 s" in text


def test_the_plot_is_a_picture_with_a_line_for_each_way() -> None:
    """It is well formed, and the names do not lie upon each other."""
    lines = {"a & b": [(1e4, 0.02), (1e6, 3.0)], "c": [(1e4, 0.2), (1e6, 3.1)]}
    root = ElementTree.fromstring(svg(lines, "title"))  # noqa: S314 - made here
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}polyline")) == 2
    heights = [float(t.attrib["y"]) for t in root.findall(f"{space}text") if t.text in lines]
    assert abs(heights[0] - heights[1]) > 15


@pytest.mark.parametrize("kind", [SQUARE, GROWING])
def test_a_case_measures_its_steps_and_the_limit(kind: str, tmp_path: Path) -> None:
    """What the page needs is measured, and what was found is left for the peers to be compared with."""
    result = measure(Case(OURS, 1_000, kind, tmp_path / "found.npz"))
    assert result["seconds"] == pytest.approx(result["tables_s"] + result["search_s"])
    assert result["found"] > 0
    assert result["pairs"] >= result["found"]
    assert min(result["ns_a_pair"], result["bytes"], result["bytes_a_second"], result["answer_p99_us"]) > 0
    assert (tmp_path / "found.npz").exists()
