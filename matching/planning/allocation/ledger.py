"""What an allocation brings and costs each link, and what it takes of each flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.planning.allocation.problem import (
    AllocationProblem,
    Floats,
)

# Of a total: the order of a sum.
SUMMED = 1e-12


@dataclass(frozen=True, eq=False, slots=True)
class Ledger:
    """Quantities ``x`` of each arc and what they bring a year, all of shape (m,), NaN where unknown.

    ``eur`` is net of the link's fixed cost and of its part of what opens its input.
    """

    x: Floats
    eur: Floats
    tco2e: Floats
    opening_eur: float


def ledger_of(problem: AllocationProblem, x: Floats) -> Ledger:
    """Return what a plan brings, link by link; an input's opening is borne in proportion to the gains."""
    used = x > 0
    eur = np.where(used, problem.column("eur_per_unit") * x - problem.column("fixed_eur"), 0.0)
    carbon = np.where(used, problem.column("tco2e_per_unit") * x, 0.0)
    gains = np.nan_to_num(eur)
    earned = np.bincount(problem.input, weights=gains, minlength=len(problem.inputs))
    taken = np.bincount(problem.input[used], minlength=len(problem.inputs)) > 0
    opening = np.where(taken, [end.opening_eur for end in problem.inputs], 0.0)
    share = np.divide(opening, earned, out=np.zeros(len(opening)), where=earned > 0)
    return Ledger(x, eur - gains * share[problem.input], carbon, float(opening.sum()))


def sent(problem: AllocationProblem, x: Floats) -> Floats:
    """Return what the links take of each output."""
    return np.asarray(np.bincount(problem.output, weights=x, minlength=len(problem.outputs)), dtype=float)


def received(problem: AllocationProblem, x: Floats) -> Floats:
    """Return what the links cover of each input."""
    covered = x * problem.column("replaced_per_unit")
    return np.asarray(np.bincount(problem.input, weights=covered, minlength=len(problem.inputs)), dtype=float)
