"""The engine's own answers in the form the labelled sets are scored in."""

from __future__ import annotations

from app.services.matching import match_flows
from benchmarks.quality.scenarios import Proposal, Scenario, flow_name
from matching.parameters import MatchParameters


def propose(scenario: Scenario) -> list[Proposal]:
    """Return what the engine proposes for a territory, best first."""
    result = match_flows(scenario.flows, MatchParameters(max_km=scenario.max_km))
    return [
        Proposal(synergy.kind.value, tuple(flow_name(member.flow) for member in synergy.members))
        for synergy in result.synergies
    ]
