"""Work shared out between processes: the same answers, in the same order, and nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool

import psutil
import pytest

from matching import classify_together, engine
from matching.classify import default_classifier
from matching.classify_together import start_classifying
from matching.engine import default_engine
from matching.errors import UnknownResourceError
from matching.model import Flow
from matching.parameters import MatchParameters
from matching.sharing import apart, shared_out
from tests.matching.builders import flow, positions, site

COPIES = pytest.mark.skipif(sys.platform != "linux", reason="no safe copies here")
LEFT_ALONE = """
import os, time
from matching.sharing import shared_out
for pid in shared_out(lambda task: os.getpid() if task < 2 else time.sleep(600), range(8), 2):
    print(pid, flush=True)
"""


def territory() -> list[Flow]:
    """Return neighbours that give, need and share, some in the same words, some in words hardly known."""
    said = [
        ("output", "palettes bois usagées"), ("input", "palettes bois"), ("output", "drêches de brasserie"),
        ("input", "drêches pour bétail"), ("input", "nettoyage des bureaux"), ("output", "chose sans nom"),
        ("input", "déneigement du parking"), ("output", "verre brisé"), ("input", "calcin de verre"),
    ]  # fmt: skip
    return [
        flow(
            site(f"S{number}", number % 11),
            side,
            label,
            10.0 + number % 5,
            comment=("", "en vrac")[number % 2],
        )
        for number, (side, label) in enumerate(said * 6)
    ]


@pytest.mark.parametrize("processes", [1, 2])
def test_answers_come_in_the_order_of_the_tasks(processes: int) -> None:
    """A slow first task holds back none of the others, and loses no place; what is asked need not travel."""
    known = {number: number * number for number in range(50)}
    assert list(shared_out(lambda task: known[task], range(50), processes)) == list(known.values())
    assert list(shared_out(lambda task: known[task], [], processes)) == []
    assert apart(lambda: known[7], processes)() == 49


@COPIES
def test_a_copy_changes_nothing_here() -> None:
    known = {"changed": False}
    pids = set(shared_out(lambda _: known.update(changed=True) or os.getpid(), range(4), 2))
    assert os.getpid() not in pids
    assert known == {"changed": False}


@COPIES
def test_what_fails_in_a_copy_fails_here_with_its_message() -> None:
    """A resource nobody knows is refused in the same words, wherever it was read."""
    wrong = [*territory(), flow(site("X", 1), "output", "palettes", 1.0, resource="no-such-thing")]
    with pytest.raises(UnknownResourceError) as here:
        default_classifier().classify_all(wrong, 4)
    with pytest.raises(UnknownResourceError) as there:
        list(shared_out(lambda flows: default_classifier().classify_all(flows, 4), [wrong], 2))
    assert there.value.message == here.value.message


@COPIES
def test_a_copy_that_dies_is_noticed() -> None:
    """The system ends processes when memory is short: nobody waits for ever."""
    with pytest.raises(BrokenProcessPool):
        list(shared_out(lambda _: os.kill(os.getpid(), signal.SIGKILL), range(3), 2))


@COPIES
def test_copies_leave_with_their_parent() -> None:
    """However it ends, the command leaves no process behind."""
    with subprocess.Popen([sys.executable, "-c", LEFT_ALONE], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        copies = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    assert len(copies) == 2
    assert psutil.wait_procs(copies, timeout=120)[1] == []


@pytest.mark.parametrize("processes", [1, 2])
def test_flows_read_by_several_processes_are_read_as_by_one(
    processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classify_together, "SHARE", 7)
    declared = flow(site("D", 1), "output", "palettes", 1.0, resource="glass-cullet")
    flows = [*territory(), declared]
    found = start_classifying(default_classifier(), flows, 4, processes)()
    assert found == default_classifier().classify_all(flows, 4)


def test_a_match_by_several_processes_is_the_match_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Same synergies of all kinds, same order, same words, same ids."""
    monkeypatch.setattr(classify_together, "SHARE", 7)
    monkeypatch.setattr(engine, "FEW_FLOWS", 0)
    flows = territory()
    alone, together = (
        default_engine().match(flows, positions(flows), MatchParameters(max_km=50), processes=processes)
        for processes in (1, 2)
    )
    assert {synergy.kind for synergy in alone.synergies} >= {"substitution", "mutualisation"}
    assert list(together.synergies) == list(alone.synergies)


ASIDE = """
import time
from matching.sharing import aside
aside(lambda: time.sleep(600), 2)
aside(lambda: time.sleep(600), 1)
"""


def test_nobody_waits_for_what_is_done_aside() -> None:
    """A program that has done its work leaves, and takes along what it had begun besides."""
    subprocess.run([sys.executable, "-c", ASIDE], check=True, timeout=60)
