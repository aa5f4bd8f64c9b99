"""Plain ways to find synergies that a newcomer would try: same code, shared words, activity alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from itertools import product

from benchmarks.quality.scenarios import Proposal, Scenario, flow_name
from matching.engine import default_engine
from matching.model import Flow
from matching.words import stems

Method = Callable[[Scenario], list[Proposal]]


def plain_methods() -> dict[str, Method]:
    """Return the methods by name."""
    return {
        "same waste code": lambda scenario: _by_key(
            scenario, lambda f: [f.waste_code] if f.waste_code else []
        ),
        "shared words": _shared_words,
        "activity alone": _activity,
    }


def _by_key(scenario: Scenario, keys: Callable[[Flow], Iterable[Hashable]]) -> list[Proposal]:
    """Propose each output to each input that has a key of its own, and those of one side as a group."""
    sides: dict[Hashable, dict[bool, list[Flow]]] = defaultdict(lambda: {True: [], False: []})
    for flow in scenario.flows:
        for key in keys(flow):
            sides[key][flow.is_output].append(flow)
    found: list[Proposal] = []
    for both in sides.values():
        for output, receiver in product(both[True], both[False]):
            if output.site.name != receiver.site.name:
                found.append(Proposal("substitution", (flow_name(output), flow_name(receiver))))
        for group in both.values():
            if len({flow.site.name for flow in group}) > 1:
                found.append(Proposal("mutualisation", tuple(flow_name(flow) for flow in group)))
    return found


def _shared_words(scenario: Scenario) -> list[Proposal]:
    """Rank pairs by the share of their words in common, and group flows by each word."""
    said = {id(flow): set(stems(flow.label)) for flow in scenario.flows}
    pairs = []
    for output, receiver in product(scenario.flows, scenario.flows):
        if not output.is_output or receiver.is_output or output.site.name == receiver.site.name:
            continue
        first, second = said[id(output)], said[id(receiver)]
        common = len(first & second) / max(1, len(first | second))
        if common:
            pairs.append((-common, Proposal("substitution", (flow_name(output), flow_name(receiver)))))
    groups = [p for p in _by_key(scenario, lambda f: sorted(said[id(f)])) if p.kind == "mutualisation"]
    return [proposal for _, proposal in sorted(pairs, key=lambda pair: pair[0])] + groups


def _activity(scenario: Scenario) -> list[Proposal]:
    """Propose an output to the sites whose activity typically takes from its own, by the rules alone."""
    rules = default_engine().catalogue.rules
    takes = {
        (donor[:2], receiver[:2])
        for rule in rules
        for donor in rule.donor_activities
        for receiver in rule.receiver_activities
    }
    found = []
    for output, receiver in product(scenario.flows, scenario.flows):
        pair = (output.site.activity_code[:2], receiver.site.activity_code[:2])
        if output.is_output and not receiver.is_output and output.kind is receiver.kind and pair in takes:
            found.append(Proposal("substitution", (flow_name(output), flow_name(receiver))))
    groups = [
        p
        for p in _by_key(scenario, lambda f: [(f.kind, f.site.activity_code[:2])])
        if p.kind == "mutualisation"
    ]
    return found + groups
