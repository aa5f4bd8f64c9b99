"""All the substitutions of a territory at once: outputs split over inputs to the best total."""

from __future__ import annotations

import numpy as np

from matching.planning.allocation.flows import problem_from_flows
from matching.planning.allocation.instance import instance_of
from matching.planning.allocation.problem import AllocationParams, AllocationProblem, FlowEnd
from matching.planning.allocation.report import report
from matching.planning.allocation.solve import solve
from matching.planning.plan import Plan

__all__ = ["AllocationParams", "AllocationProblem", "FlowEnd", "plan", "problem_from_flows"]
# Kept for the document.
SOLVING = 0.9


def plan(
    problem: AllocationProblem,
    params: AllocationParams | None = None,
    seed: int = 0,
    time_limit_s: float = 10.0,
) -> Plan:
    """Return who gives how much to whom for the best total, with the greedy plan beside it.

    No output gives more than it has, no input gets more than it needs, a link in use carries its minimum lot
    and no link in use is known to lose money. The total is never below the greedy plan's.

    Parameters
    ----------
    seed
        Nothing is drawn at random: every seed gives the same plan.
    time_limit_s
        A plan that time cuts short carries the warning ``time_out``.
    """
    chosen = params or AllocationParams()
    instance = instance_of(problem, chosen.objective)
    answer = solve(instance, chosen, SOLVING * time_limit_s)
    x, greedy = np.zeros(len(problem)), np.zeros(len(problem))
    x[instance.rows], greedy[instance.rows] = answer.x, answer.greedy
    return report(problem, chosen, x, greedy, answer.bound, answer.late)
