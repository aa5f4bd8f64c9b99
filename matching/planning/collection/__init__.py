"""Joint collection: rounds with optional stops, their period, cost by member and route sheet."""

from __future__ import annotations

from matching.planning.collection.flows import problem_from_flows
from matching.planning.collection.planner import plan
from matching.planning.collection.problem import (
    CollectionParams,
    CollectionProblem,
    Depot,
    Stop,
    Vehicle,
)

__all__ = [
    "CollectionParams",
    "CollectionProblem",
    "Depot",
    "Stop",
    "Vehicle",
    "plan",
    "problem_from_flows",
]
