"""CP-SAT as the exact planners use it: the same answer for a seed and a budget of work."""

from __future__ import annotations

from typing import Any

from ortools.sat.python import cp_model


def solve(model: Any, seed: int, time_limit_s: float, work_limit: float | None = None) -> tuple[Any, str]:
    """Solve ``model`` and return the solver with ``optimal``, ``feasible``, ``infeasible`` or ``unknown``.

    One worker, so that the answer is reproducible; on sets to pack it is faster than several.

    Parameters
    ----------
    model
        A ``cp_model.CpModel``.
    time_limit_s
        Wall clock limit in s; an answer it cuts short may differ from one run to the next.
    work_limit
        Limit in CP-SAT's deterministic time, about 1 s each on a fast core; None for none.
    """
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.01, time_limit_s)
    if work_limit is not None:
        solver.parameters.max_deterministic_time = work_limit
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.num_workers = 1
    names = {
        cp_model.OPTIMAL: "optimal",
        cp_model.FEASIBLE: "feasible",
        cp_model.INFEASIBLE: "infeasible",
    }
    return solver, names.get(solver.solve(model), "unknown")
