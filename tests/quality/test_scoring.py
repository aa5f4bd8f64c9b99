"""The quality bench counts what it says it counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.quality.figures import Figure
from benchmarks.quality.intervals import share
from benchmarks.quality.report import worse_than, write_record
from benchmarks.quality.scenarios import Proposal, Scenario, score

A, B, C, D = (("Site A", "a"), ("Site B", "b"), ("Site C", "c"), ("Site D", "d"))
IS_OUTPUT = {A: True, B: False, C: False, D: True}


def _member(key: tuple[str, str]) -> dict[str, str]:
    return {"site": key[0], "label": key[1]}


def _scenario(must: list[object], must_not: list[object]) -> Scenario:
    return Scenario("s", (), {"max_km": 10, "must_find": must, "must_not_find": must_not}, IS_OUTPUT)


def _pair(first: tuple[str, str], second: tuple[str, str], top: int = 1) -> dict[str, object]:
    return {"kind": "substitution", "members": [_member(first), _member(second)], "top": top}


def test_a_receiver_counts_only_among_the_first_it_is_expected_in() -> None:
    proposals = [Proposal("substitution", (A, C)), Proposal("substitution", (A, B))]
    assert score(_scenario([_pair(A, B)], []), proposals).found == 0
    assert score(_scenario([_pair(A, B, top=2)], []), proposals).found == 1


def test_a_wrong_pair_is_forgiven_only_below_everything_expected() -> None:
    right, wrong = Proposal("substitution", (A, B)), Proposal("substitution", (D, C))
    scenario = _scenario([_pair(A, B)], [_pair(D, C)])
    assert score(scenario, [right, wrong]).violated == 0
    assert score(scenario, [wrong, right]).violated == 1
    assert score(scenario, [wrong]).violated == 1


def test_a_group_of_more_than_half_the_territory_finds_nothing() -> None:
    group = {"kind": "mutualisation", "members": [_member(B), _member(C)]}
    assert score(_scenario([group], []), [Proposal("mutualisation", (B, C))]).found == 1
    assert score(_scenario([group], []), [Proposal("mutualisation", (A, B, C))]).found == 0


def test_a_loop_counts_as_each_of_its_exchanges() -> None:
    loop = Proposal("loop", (A, B, D, C))
    assert score(_scenario([_pair(A, B), _pair(D, C)], []), [loop]).found == 2
    whole = {"kind": "loop", "members": [_member(key) for key in (A, B, D, C)]}
    assert score(_scenario([whole], []), [loop]).found == 1


def test_an_interval_holds_its_share_and_narrows_with_more_clusters() -> None:
    few, many = share([(1, 2), (2, 2)]), share([(1, 2), (2, 2)] * 50)
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low
    assert share([]).total == 0


@pytest.mark.parametrize(("hits", "fell"), [(1, True), (9, False)])
def test_a_figure_that_falls_out_of_its_interval_is_told(tmp_path: Path, hits: int, fell: bool) -> None:
    record = tmp_path / "quality.json"
    before = Figure("test", "expected synergies found", "engine", share([(4, 5), (5, 5)]))
    write_record(record, [before])
    assert json.loads(record.read_text(encoding="utf-8"))[before.key]["share"] == 0.9
    after = Figure("test", "expected synergies found", "engine", share([(hits, 10)]))
    assert bool(worse_than(record, [after])) is fell


def test_more_mistakes_than_the_interval_allows_are_told(tmp_path: Path) -> None:
    record = tmp_path / "quality.json"
    work = "wrong proposed above right"
    write_record(record, [Figure("test", work, "engine", share([(0, 5), (1, 5)]))])
    assert worse_than(record, [Figure("test", work, "engine", share([(5, 10)]))])
