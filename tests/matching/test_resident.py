"""A territory kept ready answers as one matched anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from geo.projections import earth_centred_km
from matching.candidates import candidate_pairs
from matching.columns import Floats
from matching.engine import default_engine
from matching.kernel import resident
from matching.kernel.resident import Neighbour, Resident
from matching.model import Direction, Flow, Kind, Site
from matching.parameters import MatchParameters
from matching.scoring import score_pairs
from tests.matching.test_kernel import flows

# In one process: each other one would compile the search anew.
pytestmark = pytest.mark.xdist_group("kernel")


def placed(declared: Sequence[Flow]) -> tuple[Floats, Floats]:
    """Return positions and destinations; journeys go where they start."""
    lon = np.array([np.nan if f.site.lon is None else f.site.lon for f in declared], dtype=np.float64)
    lat = np.array([np.nan if f.site.lat is None else f.site.lat for f in declared], dtype=np.float64)
    here = earth_centred_km(lon, lat)
    goes = np.array([flow.kind is Kind.TRANSPORT for flow in declared], dtype=bool)
    return here, np.where(goes[:, None], here, np.nan)


def answers(asked: Flow, others: Sequence[Flow]) -> list[float]:
    """Return the scores of all that answers ``asked``, best first, by scoring every pair."""
    engine = default_engine()
    columns, amounts = engine.columns([asked, *others], *placed([asked, *others]))
    pairs = candidate_pairs(columns, engine.compatibility)
    scored = score_pairs(pairs, columns, engine.catalogue, amounts, MatchParameters())
    kept = scored.verdicts.passed & (scored.score >= 50)
    ends = pairs.output if asked.is_output else pairs.input
    of_asked = np.array([columns.flows[int(end)] is asked for end in ends], dtype=bool)
    return sorted((float(score) for score in scored.score[kept & of_asked]), reverse=True)


class Territory(RuleBasedStateMachine):
    """Flows come, change, go and are asked about in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.flows: dict[str, Flow] = {}
        self.resident = Resident(default_engine())

    @rule(declared=st.lists(flows(), min_size=1, max_size=6))
    def put(self, declared: list[Flow]) -> None:
        """Put flows under some of twenty keys, new or taken."""
        keys = [f"k{(hash(flow.label) + n) % 20}" for n, flow in enumerate(declared)]
        named = dict(zip(keys, declared, strict=True))
        self.resident.put(list(named), list(named.values()), *placed(list(named.values())))
        self.flows |= named

    @precondition(lambda self: self.flows)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Take one away."""
        key = data.draw(st.sampled_from(sorted(self.flows)))
        self.resident.remove([key, "never there"])
        del self.flows[key]

    @rule(asked=flows())
    def preview(self, asked: Flow) -> None:
        """Ask about a flow that stays outside."""
        here, goes = placed([asked])
        found = self.resident.preview(asked, here, goes, top=1000)
        assert [one.score for one in found] == answers(asked, list(self.flows.values()))

    @invariant()
    def counts(self) -> None:
        """Nothing is lost, nothing stays."""
        assert len(self.resident) == len(self.flows)

    @precondition(lambda self: self.flows)
    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        """Ask about one that is there."""
        key = data.draw(st.sampled_from(sorted(self.flows)))
        found = self.resident.matches(key, top=1000)
        others = [flow for other, flow in self.flows.items() if other != key]
        assert [one.score for one in found] == answers(self.flows[key], others)
        assert key not in {one.key for one in found}


TestTerritory = Territory.TestCase
TestTerritory.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)


def _pallets(count: int) -> list[Flow]:
    site = Site(name="a", lon=5.0, lat=45.0)
    return [
        Flow(
            site=replace(site, name=f"s{n}", lon=5 + n / 5000),
            direction=Direction.OUTPUT if n % 2 else Direction.INPUT,
            kind=Kind.PACKAGING,
            label="palettes",
        )
        for n in range(count)
    ]


def test_recent_flows_are_found_beside_those_already_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was put since the lists were built, what was built anew and what was taken away are told apart."""
    monkeypatch.setattr(resident, "MOST_RECENT", 10)
    declared = _pallets(120)
    kept = Resident(default_engine())
    keys = [str(n) for n in range(120)]
    here, goes = placed(declared)
    kept.put(keys[:60], declared[:60], here[:60], goes[:60])
    assert {one.key for one in kept.matches("1", top=100)} == {str(n) for n in range(0, 60, 2)}
    for n in range(60, 120):
        kept.put([keys[n]], [declared[n]], here[n : n + 1], goes[n : n + 1])
        assert len(kept.matches("1", top=100)) == (n + 2) // 2
    kept.remove(keys[2:100])
    assert {one.key for one in kept.matches("1", top=100)} == {"0", *(str(n) for n in range(100, 120, 2))}


def test_the_best_come_first_and_no_more_than_asked() -> None:
    """The nearest of like flows come first."""
    declared = _pallets(40)
    kept = Resident(default_engine())
    kept.put([str(n) for n in range(40)], declared, *placed(declared))
    found = kept.matches("21", top=3)
    assert len(found) == 3
    assert found == sorted(found, key=lambda one: -one.score)
    assert all(isinstance(one, Neighbour) and one.score >= 50 for one in found)


def test_an_unknown_flow_is_not_answered() -> None:
    """A key that was never put, or was taken away, has no answer."""
    kept = Resident(default_engine())
    with pytest.raises(KeyError):
        kept.matches("nobody")
