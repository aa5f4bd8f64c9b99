"""Linear and mixed-integer programmes, by HiGHS in scipy: units that no network represents, fixed costs."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix, hstack, vstack

from matching.planning.allocation.flow import Solved
from matching.planning.allocation.instance import Instance
from matching.planning.allocation.problem import Floats, Integers

# Quantities as shares of each arc's most; shares under this are the solver's tolerance.
NOTHING = 1e-7
OPTIMAL = 0


def linear(instance: Instance, worth: Floats, time_limit_s: float) -> Solved | None:
    """Return the quantities of the greatest total ``worth``, without fixed costs nor minimums.

    None when time runs out before a proof.
    """
    scale = instance.most
    found = linprog(
        -worth * scale,
        A_ub=_capacities(instance),
        b_ub=np.ones(len(instance.supply) + len(instance.need)),
        bounds=(0.0, 1.0),
        method="highs",
        options={"time_limit": max(0.1, time_limit_s)},
    )
    if found.status != OPTIMAL:
        return None
    x = within(instance, np.clip(found.x, 0.0, 1.0) * scale)
    return Solved(x, max(float(-found.fun), float(worth @ x)))


def exact(instance: Instance, time_limit_s: float, nodes: int) -> tuple[Solved | None, bool]:
    """Return quantities under fixed costs and minimums with a proven bound, and whether time ran out.

    Maximises Σ worth·x - Σ fixed·y - Σ opening·z with least·y ≤ x ≤ most·y, and z opening each input whose
    load has a minimum or a cost to earn.

    Parameters
    ----------
    nodes
        Most branches of the search: what makes an answer the same on every machine.
    """
    m = len(instance)
    lots = np.flatnonzero((instance.least > 0) | (instance.fixed > 0) | (instance.fixed_eur > 0))
    gates = np.flatnonzero((instance.need_least > 0) | (instance.opening_eur > 0))
    cost = np.concatenate([-instance.worth * instance.most, instance.fixed[lots], instance.opening[gates]])
    rows = [_padded(_capacities(instance), len(lots) + len(gates)), _lot_rows(instance, lots, gates)]
    rows += [_gate_rows(instance, lots, gates)] if len(gates) else []
    matrix = vstack([part for part in rows if part.shape[0]], format="csr")
    limit = np.zeros(matrix.shape[0])
    limit[: len(instance.supply) + len(instance.need)] = 1.0
    found = milp(
        cost,
        integrality=np.concatenate([np.zeros(m), np.ones(len(lots) + len(gates))]),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(matrix, -np.inf, limit),
        options={"time_limit": max(0.1, time_limit_s), "node_limit": nodes, "mip_rel_gap": 0.0},
    )
    late = found.status == 1 and (found.mip_node_count or 0) < nodes
    bound = -found.mip_dual_bound if found.mip_dual_bound is not None else np.inf
    if found.x is None:
        return (Solved(np.zeros(m), float(bound)) if np.isfinite(bound) else None), late
    return Solved(_clean(instance, found.x[:m], found.x[m:], lots), float(bound)), late


def within(instance: Instance, x: Floats) -> Floats:
    """Return ``x`` lowered where rounding exceeds a capacity."""
    for index, total, most in (
        (instance.output, instance.sent(x), instance.supply),
        (instance.input, instance.received(x), instance.need),
    ):
        x = x * np.minimum(1.0, np.divide(most, total, out=np.ones(len(most)), where=total > most))[index]
    return x


def _clean(instance: Instance, shares: Floats, chosen: Floats, lots: Integers) -> Floats:
    """Turn shares into quantities; a link that the solver leaves closed carries nothing."""
    x = np.where(shares > NOTHING, np.minimum(shares, 1.0) * instance.most, 0.0)
    x[lots[chosen[: len(lots)] < 0.5]] = 0.0
    return np.where(x > 0, np.clip(x, instance.least, instance.most), 0.0)


def _capacities(instance: Instance) -> csr_matrix:
    """Return what each share takes of its output's supply and of its input's need, as shares of both."""
    m, n = len(instance), len(instance.supply)
    supply, need = instance.supply[instance.output], instance.need[instance.input]
    values = np.concatenate([instance.most / supply, instance.most * instance.ratio / need])
    index = np.concatenate([instance.output, n + instance.input])
    columns = np.concatenate([np.arange(m), np.arange(m)])
    return coo_matrix((values, (index, columns)), shape=(n + len(instance.need), m)).tocsr()


def _padded(matrix: csr_matrix, columns: int) -> csr_matrix:
    return hstack([matrix, csr_matrix((matrix.shape[0], columns))], format="csr")


def _lot_rows(instance: Instance, lots: Integers, gates: Integers) -> csr_matrix:
    """Return x ≤ y and least·y ≤ x, in shares."""
    m, count = len(instance), len(lots)
    line, one = np.arange(count), np.ones(count)
    share = instance.least[lots] / instance.most[lots]
    upper = coo_matrix(
        (np.r_[one, -one], (np.r_[line, line], np.r_[lots, m + line])), shape=(count, m + count + len(gates))
    )
    lower = coo_matrix((np.r_[-one, share], (np.r_[line, line], np.r_[lots, m + line])), shape=upper.shape)
    return vstack([upper, lower], format="csr")


def _gate_rows(instance: Instance, lots: Integers, gates: Integers) -> csr_matrix:
    """Return, for each input with a gate z: x ≤ z on its arcs, load ≥ minimum·z, earnings ≥ opening·z."""
    m, width = len(instance), len(instance) + len(lots) + len(gates)
    place = np.full(len(instance.need), -1)
    place[gates] = np.arange(len(gates))
    arcs = np.flatnonzero(place[instance.input] >= 0)
    gate = place[instance.input[arcs]]
    line, z = np.arange(len(arcs)), m + len(lots) + np.arange(len(gates))
    closing = coo_matrix(
        (np.r_[np.ones(len(arcs)), -np.ones(len(arcs))], (np.r_[line, line], np.r_[arcs, z[gate]])),
        shape=(len(arcs), width),
    )
    load = instance.most * instance.ratio / instance.need[instance.input]
    share = instance.need_least[gates] / instance.need[gates]
    numbers = np.arange(len(gates))
    filling = coo_matrix(
        (np.r_[-load[arcs], share], (np.r_[gate, numbers], np.r_[arcs, z])), shape=(len(gates), width)
    )
    # In shares of the opening, or of what one unit of need could earn, to keep figures near 1.
    unit = np.maximum(instance.opening_eur, 1.0)[gates]
    fees = np.flatnonzero(place[instance.input[lots]] >= 0)
    fee_gate = place[instance.input[lots[fees]]]
    earning = coo_matrix(
        (
            np.r_[
                -(instance.money * instance.most)[arcs] / unit[gate],
                instance.fixed_eur[lots[fees]] / unit[fee_gate],
                instance.opening_eur[gates] / unit,
            ],
            (np.r_[gate, fee_gate, numbers], np.r_[arcs, m + fees, z]),
        ),
        shape=(len(gates), width),
    ).tocsr()
    paying = earning[np.flatnonzero(instance.opening_eur[gates] > 0)]
    return vstack([closing, filling, paying], format="csr")
