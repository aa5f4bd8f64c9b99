"""Min-cost flow: allocations without fixed costs nor minimum lots, exact to their integer scaling.

Quantities and worths become integers: powers of ten give totals up to 10^12 steps and worths up to 10^9
steps, rounded so that no capacity is exceeded. Figures with few decimals lose nothing; what is lost
otherwise is added to the bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components

from matching.planning.allocation.instance import Instance
from matching.planning.allocation.problem import Floats, Integers

QUANTITY_STEPS = 1e12
WORTH_STEPS = 1e9
# A scaled figure this near an integer is one.
WHOLE = 1e-3
SAME_RATIO = 1e-9


@dataclass(frozen=True, slots=True)
class Solved:
    """Quantities of the arcs and a proven bound of the objective (infinite when nothing is proven)."""

    x: Floats
    bound: float


def components(instance: Instance) -> Integers:
    """Return the number of the connected part of the graph that each arc is in, shape (m,)."""
    n = len(instance.supply)
    size = n + len(instance.need)
    ones = np.ones(len(instance), dtype=np.int8)
    graph = coo_matrix((ones, (instance.output, n + instance.input)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels[instance.output], dtype=np.int64)


def scales(instance: Instance) -> tuple[Floats, Floats] | None:
    """Return factors a (outputs) and b (inputs) with ratio = a / b on each arc, or None when there are none.

    In units scaled by them what leaves an output arrives whole at an input, as in a network.
    """
    n = len(instance.supply)
    scale = np.zeros(n + len(instance.need))
    if len(instance) and (instance.ratio != 1).any():
        head, logs = n + instance.input, np.log(instance.ratio)
        known = dict(
            zip(zip(instance.output.tolist(), head.tolist(), strict=True), logs.tolist(), strict=True)
        )
        size = len(scale)
        graph = coo_matrix((np.ones(len(head), dtype=np.int8), (instance.output, head)), shape=(size, size))
        links = graph.tocsr()
        _, labels = connected_components(links, directed=False)
        _, roots = np.unique(labels, return_index=True)
        for root in roots[np.bincount(labels) > 1].tolist():
            order, before = breadth_first_order(links, root, directed=False)
            for node in order[1:].tolist():
                parent = int(before[node])
                step = known[parent, node] if parent < n else -known[node, parent]
                scale[node] = scale[parent] - step
        if np.abs(scale[instance.output] - scale[head] - logs).max() > SAME_RATIO:
            return None
    return np.exp(scale[:n]), np.exp(scale[n:])


def flow(
    instance: Instance,
    worth: Floats,
    least: Floats | None = None,
    need_least: Floats | None = None,
) -> Solved | None:
    """Return the quantities of the greatest total ``worth``, None where no network represents the units.

    Parameters
    ----------
    worth
        Of one unit of each arc, shape (m,), possibly negative.
    least
        What each arc carries at the least, shape (m,), default 0.
    need_least
        What each input receives at the least, default 0.

    Notes
    -----
    None too when the minimums contradict each other.
    """
    factors = scales(instance)
    if factors is None:
        return None
    a, b = factors
    arc = a[instance.output]
    supply, need, most = instance.supply * a, instance.need * b, instance.most * arc
    step = _power(QUANTITY_STEPS, max(supply.sum(), need.sum(), 1e-300))
    price = _power(WORTH_STEPS, max(np.abs(worth / arc).max(initial=0.0), 1e-300))
    costs = np.round(worth / arc * price).astype(np.int64)
    ints = [_down(values * step) for values in (supply, need, most)]
    low = (
        np.zeros(len(arc), dtype=np.int64) if least is None else np.minimum(_up(least * arc * step), ints[2])
    )
    floor = np.zeros(len(need), dtype=np.int64) if need_least is None else _up(need_least * b * step)
    found = _solve(instance, costs, (ints[0], ints[1], ints[2]), low, floor)
    if found is None:
        return None
    x = np.minimum(found / (step * arc), instance.most)
    dearest = np.abs(worth / arc).max(initial=0.0)
    lost = sum((_loss(v * step, i) for v, i in zip((supply, need, most), ints, strict=True)), 0.0) / step
    rounding = np.abs(costs / price - worth / arc).max(initial=0.0)
    rounding = 0.0 if rounding * price < WHOLE else rounding
    slack = dearest * lost + 2 * rounding * min(supply.sum(), need.sum())
    return Solved(x, float(worth @ x) + float(slack))


def _solve(
    instance: Instance,
    costs: Integers,
    caps: tuple[Integers, Integers, Integers],
    low: Integers,
    floor: Integers,
) -> Integers | None:
    """Route integers; what is not sent or not received goes by a node of its own at no cost."""
    supply, need, most = caps
    n, k = len(supply), len(need)
    left = supply - _sums(instance.output, low, n)
    wanted = need - _sums(instance.input, low, k)
    if (left < 0).any() or (wanted < 0).any() or (floor > need).any():
        return None
    spare = n + k
    network = min_cost_flow.SimpleMinCostFlow()
    tail = np.concatenate([instance.output, np.arange(n), np.full(k, spare)])
    head = np.concatenate([n + instance.input, np.full(n, spare), np.arange(n, n + k)])
    missing = np.minimum(wanted, need - floor)
    capacity = np.concatenate([most - low, left, missing])
    cost = np.concatenate([-costs, np.zeros(n + k, dtype=np.int64)])
    arcs = network.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    balance = np.concatenate([left, -wanted, [wanted.sum() - left.sum()]])
    network.set_nodes_supplies(np.arange(spare + 1), balance)
    if network.solve() != network.OPTIMAL:
        return None
    return np.asarray(network.flows(arcs)[: len(low)], dtype=np.int64) + low


def _power(steps: float, largest: float) -> float:
    """Return the power of ten that brings ``largest`` to at most ``steps``."""
    return float(10.0 ** np.floor(np.log10(steps / largest)))


def _sums(index: Integers, values: Integers, size: int) -> Integers:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, index, values)
    return total


def _down(values: Floats) -> Integers:
    return np.asarray(np.floor(values + WHOLE), dtype=np.int64)


def _up(values: Floats) -> Integers:
    return np.asarray(np.ceil(values - WHOLE), dtype=np.int64)


def _loss(values: Floats, kept: Integers) -> float:
    lost = values - kept
    return float(lost[lost > WHOLE].sum())
