"""A territory brought up to a few changes says what it would say if it were matched anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matching.engine import default_engine
from matching.model import Flow
from matching.mutualisation import alike
from matching.parameters import MatchParameters
from matching.renewing import Renewed, Standing
from matching.results import Synergy, SynergyKind
from tests.matching.builders import positions
from tests.matching.territories import flows

# Few receivers, so that a flow that comes pushes others out and one that goes lets them in.
PARAMETERS = MatchParameters(top=2)
Stored = dict[tuple[str, ...], str]


def key_of(kind: SynergyKind, flow_ids: Sequence[str]) -> tuple[str, ...]:
    """Return what makes a synergy the same one from one match to the next."""
    return (kind.value, *sorted(flow_ids))


def said_by(synergies: Sequence[Synergy]) -> Stored:
    """Return all that is said, the best proposal of each key."""
    said: Stored = {}
    for one in synergies:
        said.setdefault(key_of(one.kind, [member.flow.flow_id for member in one.members]), repr(one))
    return said


def laid_over(stored: Stored, renewed: Renewed) -> Stored:
    """Return what is stored once a renewal has been laid over it."""
    pairs = [key_of(SynergyKind.SUBSTITUTION, pair) for pair in renewed.pairs]
    told = [n for n, key in enumerate(pairs) if renewed.doubtful[n] or key not in stored]
    said = said_by([*renewed.others, *renewed.drawn(told)])
    left = {
        key: text
        for key, text in stored.items()
        if key in set(pairs) or (key[0] == SynergyKind.MUTUALISATION and renewed.searched.isdisjoint(key[1:]))
    }
    return left | said


class Territory(RuleBasedStateMachine):
    """Flows come, change and go, several at a time, twins among them."""

    few_flows = 10_000

    def __init__(self) -> None:
        super().__init__()
        self.flows: dict[str, Flow] = {}
        self.standing = Standing(default_engine(), PARAMETERS)
        self.stored: Stored = {}

    def _change(self, gone: set[str], fresh: Sequence[Flow]) -> None:
        here = positions(fresh)
        change = self.standing.change(gone, fresh, here, here * float("nan"))
        self.stored = laid_over(self.stored, self.standing.renewed(change, self.few_flows))

    @rule(declared=st.lists(flows(), min_size=1, max_size=5), first=st.integers(0, 11))
    def put(self, declared: list[Flow], first: int) -> None:
        """Put flows under some of twelve identifiers, new or taken."""
        named = {f"f{(first + n) % 12:02}": flow for n, flow in enumerate(declared)}
        fresh = [replace(flow, flow_id=one) for one, flow in named.items()]
        self._change(named.keys() & self.flows.keys(), fresh)
        self.flows |= {flow.flow_id: flow for flow in fresh}

    @precondition(lambda self: self.flows)
    @rule(data=st.data())
    def copy(self, data: st.DataObject) -> None:
        """Declare a flow once more in the same words."""
        twin = self.flows[data.draw(st.sampled_from(sorted(self.flows)))]
        one = f"t{data.draw(st.integers(0, 2))}"
        self._change({one} & self.flows.keys(), [replace(twin, flow_id=one)])
        self.flows[one] = replace(twin, flow_id=one)

    @precondition(lambda self: self.flows)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Take one away."""
        one = data.draw(st.sampled_from(sorted(self.flows)))
        del self.flows[one]
        self._change({one}, [])

    @invariant()
    def says_what_a_match_says(self) -> None:
        """Nothing is missing, nothing stays, nothing is said otherwise."""
        everything = [self.flows[one] for one in sorted(self.flows)]
        found = default_engine().match(everything, positions(everything), PARAMETERS)
        assert self.stored == said_by(found.synergies)


class Compiled(Territory):
    """The same by the compiled search."""

    few_flows = 0


@pytest.mark.parametrize("second_look", [True, False])
@pytest.mark.parametrize("machine", [Territory, Compiled])
def test_what_a_few_changes_leave_is_what_a_match_of_everything_finds(
    machine: type[RuleBasedStateMachine], second_look: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not second_look:
        # As among many flows: groups are sought where a changed flow may take part, not everywhere.
        monkeypatch.setattr(alike, "MOST_FLOWS", -1)
    run_state_machine_as_test(
        machine, settings=settings(max_examples=12, stateful_step_count=10, deadline=None)
    )
