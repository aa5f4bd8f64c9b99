"""Fixed costs and minimum lots by the thousand: slope scaling and repair, against the relaxation's bound.

Slope scaling spreads each fixed cost over what its arc last carried (Kim and Pardalos, Operations Research
Letters 24, 1999); spread over all the arc could carry, it gives the bound.
"""

from __future__ import annotations

from time import monotonic

import numpy as np

from matching.planning.allocation.flow import Solved, flow
from matching.planning.allocation.greedy import complete
from matching.planning.allocation.instance import Instance
from matching.planning.allocation.mixed import linear
from matching.planning.allocation.problem import Floats


def relaxed(instance: Instance, worth: Floats, time_limit_s: float) -> Solved | None:
    """Return the best quantities for ``worth`` a unit, without fixed costs nor minimums; None if late."""
    found = flow(instance, worth)
    return found if found is not None else linear(instance, worth, time_limit_s)


def search(instance: Instance, start: Floats, iterations: int, time_limit_s: float) -> tuple[Solved, bool]:
    """Return the best plan met, never below ``start``, with a proven bound, and whether time ran out.

    Parameters
    ----------
    start
        A feasible plan, shape (m,).
    """
    deadline = monotonic() + time_limit_s
    best, best_value = start, instance.value(start)
    bound = easy_bound(instance)
    carried, load = instance.most.copy(), instance.need.copy()
    spent = 0.0
    for number in range(iterations):
        begun = monotonic()
        if number and begun + spent > deadline:
            return Solved(best, max(bound, best_value)), True
        opening = (instance.opening / np.where(load > 0, load, 1.0))[instance.input] * instance.ratio
        found = relaxed(instance, instance.worth - instance.fixed / carried - opening, deadline - begun)
        if found is None:
            return Solved(best, max(bound, best_value)), True
        if number == 0:
            bound = min(bound, found.bound)
        x = repaired(instance, found.x)
        value = instance.value(x)
        if value > best_value:
            best, best_value = x, value
        carried = np.where(found.x > 0, np.maximum(found.x, instance.least), carried)
        received = instance.received(found.x)
        load = np.where(received > 0, np.maximum(received, instance.need_least), load)
        spent = max(spent, monotonic() - begun)
    return Solved(best, max(bound, best_value)), False


def repaired(instance: Instance, x: Floats) -> Floats:
    """Return a feasible plan near ``x``: links that do not pay close, the others share what that frees."""
    lot = (x >= instance.least) & (instance.worth * x > instance.fixed)
    filled = complete(instance, np.where(lot, x, 0.0))
    rows = np.flatnonzero(filled > 0)
    if not len(rows):
        return filled
    part = instance.part(rows)
    again = flow(part, part.worth, part.least, part.need_least)
    if again is None:
        return filled
    spread = np.zeros(len(x))
    spread[rows] = np.where(again.x * part.worth > part.fixed, again.x, 0.0)
    spread = complete(instance, np.where(spread >= instance.least, spread, 0.0))
    return spread if instance.value(spread) > instance.value(filled) else filled


def easy_bound(instance: Instance) -> float:
    """Return a bound that needs no solver: every output, or every input, at its best arc's worth."""
    sides = []
    for index, worth, size in (
        (instance.output, instance.worth, instance.supply),
        (instance.input, instance.worth / instance.ratio, instance.need),
    ):
        top = np.zeros(len(size))
        np.maximum.at(top, index, worth)
        sides.append(float(top @ size))
    return min(sides)
