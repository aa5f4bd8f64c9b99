"""The greedy plan: the best arc first, each taking all it can; what people do by hand."""

from __future__ import annotations

import numpy as np

from matching.planning.allocation.instance import Instance, Mask
from matching.planning.allocation.problem import Floats

# Left of a capacity, as a share of it: rounding, not a quantity.
DUST = 1e-12


def greedy(instance: Instance) -> Floats:
    """Return a feasible plan made by taking the arcs in the order of their worth a unit, shape (m,)."""
    return complete(instance, np.zeros(len(instance)))


def complete(instance: Instance, start: Floats, closed: Mask | None = None) -> Floats:
    """Return ``start`` filled up greedily, without the inputs that then miss their minimum.

    Parameters
    ----------
    start
        Quantities within every capacity and minimum lot of the arcs, shape (m,).
    closed
        Inputs that take nothing.
    """
    shut = np.zeros(len(instance.need), dtype=bool) if closed is None else closed.copy()
    x = start
    while True:
        x = _fill(instance, np.where(shut[instance.input], 0.0, x), shut)
        failing = instance.unpaid(x)
        if not failing.any():
            return x
        shut |= failing


def _fill(instance: Instance, start: Floats, shut: Mask) -> Floats:
    """Raise quantities in the order of worth, wherever both ends have something left."""
    x = start.copy()
    supply = np.maximum(instance.supply - instance.sent(x), 0.0)
    need = np.maximum(instance.need - instance.received(x), 0.0)
    open_ends = (supply > DUST * instance.supply)[instance.output] & (need > DUST * instance.need)[
        instance.input
    ]
    rows = np.flatnonzero(open_ends & ~shut[instance.input])
    rows = rows[np.argsort(-instance.worth[rows], kind="stable")]
    columns = ("output", "input", "worth", "ratio", "least", "most", "fixed")
    arcs = zip(rows.tolist(), *(getattr(instance, name)[rows].tolist() for name in columns), strict=True)
    left, wanted = supply.tolist(), need.tolist()
    for row, output, receiver, worth, ratio, least, most, fixed in arcs:
        more = min(left[output], wanted[receiver] / ratio, most - x[row])
        if more <= DUST * most or (x[row] == 0 and (more < least or worth * more <= fixed)):
            continue
        x[row] += more
        left[output] -= more
        wanted[receiver] -= more * ratio
    return x
