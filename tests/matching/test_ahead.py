"""Machine code is made ahead of its use, by one process at a time."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import pytest

from benchmarks.scale import ours
from benchmarks.scale.territory import territory
from matching import ahead
from matching.kernel import adding, best, meeting, ranking, search, together
from matching.kernel.compiling import is_kept, one_at_a_time

# In one process: each other one would compile the search anew.
pytestmark = pytest.mark.xdist_group("kernel")

USED: tuple[Any, ...] = (
    adding.add_up,
    adding.add_to_some,
    adding.weigh_runs,
    search.search,
    together.search_together,
    ranking.hand_out,
    meeting.fill_materials,
)


def _forms() -> list[int]:
    return [len(function.signatures) for function in USED]


def test_a_match_of_many_flows_finds_all_its_machine_code_made() -> None:
    """Whatever is compiled ahead is what a match calls, with the same types; and it is kept."""
    ahead.compile_ahead()
    made = _forms()
    assert all(made)
    assert all(is_kept(function) for function in USED)
    problem, outputs = ours.problem_of(territory(5_000, seed=1))
    best.run(problem, outputs, 20, 0.1)
    best.run(problem, outputs, 3, 0.3, distinct=True)
    assert _forms() == made


def test_two_processes_do_not_compile_at_once() -> None:
    """Who comes second waits, and then finds what the first one made."""
    tried, entered = Event(), Event()

    def second() -> None:
        tried.set()
        with one_at_a_time():
            entered.set()

    with one_at_a_time():
        waiting = Thread(target=second)
        waiting.start()
        assert tried.wait(10)
        assert not entered.wait(0.2)
    assert entered.wait(10)
    waiting.join()


def test_a_machine_that_has_its_code_starts_no_copy(monkeypatch: Any) -> None:
    """Nor does a program that may have none."""
    ahead.compile_ahead()
    started: list[int] = []
    monkeypatch.setattr(ahead, "aside", lambda work, processes: started.append(processes))
    ahead.begin_ahead(2)
    assert started == []
    monkeypatch.setattr("matching.kernel.compiling.is_kept", lambda function: False)
    ahead.begin_ahead(1)
    assert started == []
    ahead.begin_ahead(2)
    assert started == [2]
