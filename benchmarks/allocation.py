"""``python -m benchmarks.allocation``: 100,000 possible links against the greedy plan, with the gap."""

from __future__ import annotations

import argparse
import time

import numpy as np
from rich.console import Console
from rich.table import Table

from matching.planning.allocation import AllocationParams, AllocationProblem, FlowEnd, plan
from matching.planning.plan import Plan

# Name of a case: fixed cost of a link in EUR a year, its minimum lot in t, and whether units differ.
CASES = {
    "plain": (0.0, 0.0, False),
    "units differ": (0.0, 0.0, True),
    "fixed costs and lots": (500.0, 10.0, False),
}
COVERS = (0.5, 0.8, 1.0)


def generated_allocation(
    arcs: int, seed: int = 1, fixed_eur: float = 0.0, lot: float = 0.0, ratios: bool = False
) -> AllocationProblem:
    """Return a problem of ``arcs`` links drawn at random between a fiftieth as many outputs, and inputs."""
    dice = np.random.default_rng(seed)
    ends = max(1, arcs // 50)
    given, needed = dice.integers(10, 1000, ends), dice.integers(10, 1000, ends)
    return AllocationProblem(
        outputs=tuple(FlowEnd(f"out {i}", "scrap", float(q)) for i, q in enumerate(given)),
        inputs=tuple(FlowEnd(f"in {i}", "scrap", float(q)) for i, q in enumerate(needed)),
        output=dice.integers(0, ends, arcs),
        input=dice.integers(0, ends, arcs),
        eur_per_unit=np.round(dice.uniform(1, 100, arcs), 2),
        fixed_eur=np.full(arcs, fixed_eur),
        at_least=np.full(arcs, lot),
        replaced_per_unit=dice.choice(COVERS, arcs) if ratios else None,
    )


def main() -> None:
    """Measure each case and print a table; assert nothing."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.allocation", description=__doc__)
    arguments.add_argument("--arcs", type=int, default=100_000)
    arguments.add_argument("--seeds", type=int, nargs="+", default=(1, 2, 3))
    chosen = arguments.parse_args()
    table = Table("possible links", "case", "seed", "time, s", "EUR a year", "greedy / plan", "gap")
    for name, (fixed, lot, ratios) in CASES.items():
        for seed in chosen.seeds:
            problem = generated_allocation(chosen.arcs, seed, fixed, lot, ratios)
            started = time.perf_counter()
            found = plan(problem, AllocationParams(), seed, time_limit_s=10.0)
            seconds = time.perf_counter() - started
            table.add_row(f"{chosen.arcs:,}", name, str(seed), f"{seconds:.2f}", *_results(found))
    Console(width=120).print(table)


def _results(found: Plan) -> tuple[str, str, str]:
    if found.objective is None or found.gap is None:
        return "", "", ""
    greedy = found.plan["greedy"]
    share = float(greedy["eur"]) / found.objective if isinstance(greedy, dict) else float("nan")
    return f"{found.objective:,.0f}", f"{share:.4f}", f"{100 * found.gap:.4f} %"


if __name__ == "__main__":
    main()
