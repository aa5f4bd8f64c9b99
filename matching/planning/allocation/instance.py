"""An allocation as numbers: what one objective sees of a problem, and the checks every answer passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.planning.allocation.problem import AllocationProblem, Floats, Integers

# Share of a capacity or minimum that rounding may miss.
TOLERANCE = 1e-9
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Instance:
    """Arcs worth using, by what they bring to the objective.

    ``rows`` are the arcs' places in the problem. ``worth`` a unit, ``ratio`` receiver's units a unit,
    ``least`` and ``most`` a year, ``fixed`` a link in the unit of the objective; ``money`` and ``fixed_eur``
    in EUR. By output: ``supply``. By input: ``need``, ``need_least``, ``opening`` (objective) and
    ``opening_eur``.
    """

    rows: Integers
    output: Integers
    input: Integers
    worth: Floats
    ratio: Floats
    least: Floats
    most: Floats
    fixed: Floats
    money: Floats
    fixed_eur: Floats
    supply: Floats
    need: Floats
    need_least: Floats
    opening: Floats
    opening_eur: Floats

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_plain(self) -> bool:
        """Whether no fixed cost and no minimum stands: a linear programme says it all."""
        return not (self.least.any() or self.fixed.any() or self.need_least.any() or self.opening_eur.any())

    def part(self, chosen: Mask | Integers) -> Instance:
        """Return the instance of some arcs and of the flows at their ends alone."""
        outputs, output = np.unique(self.output[chosen], return_inverse=True)
        inputs, receiver = np.unique(self.input[chosen], return_inverse=True)
        arcs = {n: getattr(self, n)[chosen] for n in ("rows", "worth", "ratio", "least", "most", "fixed")}
        ends = {n: getattr(self, n)[inputs] for n in ("need", "need_least", "opening", "opening_eur")}
        return Instance(
            output=output,
            input=receiver,
            supply=self.supply[outputs],
            money=self.money[chosen],
            fixed_eur=self.fixed_eur[chosen],
            **arcs,
            **ends,
        )

    def sent(self, x: Floats) -> Floats:
        """Return what each output sends, its unit."""
        total = np.bincount(self.output, weights=x, minlength=len(self.supply))
        return np.asarray(total, dtype=np.float64)

    def received(self, x: Floats) -> Floats:
        """Return what each input receives, its unit."""
        total = np.bincount(self.input, weights=x * self.ratio, minlength=len(self.need))
        return np.asarray(total, dtype=np.float64)

    def value(self, x: Floats) -> float:
        """Return the objective of quantities ``x``, shape (m,)."""
        taken = np.bincount(self.input[x > 0], minlength=len(self.need)) > 0
        return float(self.worth @ x - self.fixed[x > 0].sum() - self.opening[taken].sum())

    def unpaid(self, x: Floats) -> Mask:
        """Return the inputs in use that miss their minimum or do not earn their opening."""
        count = np.bincount(self.input[x > 0], minlength=len(self.need))
        net = self.money * x - np.where(x > 0, self.fixed_eur, 0.0)
        earned = np.bincount(self.input, weights=net, minlength=len(self.need))
        short = self.received(x) < self.need_least * (1 - TOLERANCE)
        poor = (self.opening_eur > 0) & (earned < self.opening_eur * (1 - TOLERANCE))
        return np.asarray((count > 0) & (short | poor))

    def feasible(self, x: Floats) -> bool:
        """Tell whether ``x`` breaks no capacity and no minimum."""
        slack = 1 + TOLERANCE
        within = (self.sent(x) <= self.supply * slack).all() and (self.received(x) <= self.need * slack).all()
        lots = ((x == 0) | (x >= self.least * (1 - TOLERANCE))).all() and (x <= self.most * slack).all()
        return bool(within and lots and (x >= 0).all() and not self.unpaid(x).any())


def instance_of(problem: AllocationProblem, objective: str) -> Instance:
    """Return what ``objective`` sees: arcs that add to it and on which nobody is known to lose money.

    A link's minimum is also what pays its fixed cost, so that no link in use loses money.
    """
    eur, carbon = problem.column("eur_per_unit"), problem.column("tco2e_per_unit")
    worth = eur if objective == "eur" else carbon
    output, receiver = problem.output, problem.input
    supply = np.array([end.quantity for end in problem.outputs])
    need = np.array([end.quantity for end in problem.inputs])
    ratio, fixed_eur = problem.column("replaced_per_unit"), problem.column("fixed_eur")
    most = np.minimum(problem.column("at_most"), np.minimum(supply[output], need[receiver] / ratio))
    paying = np.divide(fixed_eur, eur, out=np.zeros(len(problem)), where=(fixed_eur > 0) & (eur > 0))
    least = np.maximum(problem.column("at_least"), paying)
    loses = (eur < 0) | ((eur == 0) & (fixed_eur > 0))
    kept = np.flatnonzero((worth > 0) & ~loses & (most > 0) & (least <= most * (1 + TOLERANCE)))
    opening_eur = np.array([end.opening_eur for end in problem.inputs])
    counts = 1.0 if objective == "eur" else 0.0
    return Instance(
        rows=kept,
        output=output[kept],
        input=receiver[kept],
        worth=worth[kept],
        ratio=ratio[kept],
        least=np.minimum(least, most)[kept],
        most=most[kept],
        fixed=counts * fixed_eur[kept],
        money=np.nan_to_num(eur[kept]),
        fixed_eur=fixed_eur[kept],
        supply=supply,
        need=need,
        need_least=np.array([end.at_least for end in problem.inputs]),
        opening=counts * opening_eur,
        opening_eur=opening_eur,
    )
