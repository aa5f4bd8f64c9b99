"""Water used twice: discharges blended into needs within their limits of quality, by linear programme.

The transport problem of water reuse (Takama et al., Computers and Chemical Engineering 4, 1980): volumes
blend linearly, and what is missing is fresh water.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from matching.messages import N_, Message
from matching.planning.allocation.instance import Mask
from matching.planning.allocation.problem import Floats, Integers
from matching.planning.constants import constant, sourced
from matching.planning.plan import InfeasiblePlanError, OversizedPlanError, Plan, Unserved
from matching.planning.water_model import (
    QUALITIES,
    SOURCED,
    WaterParams,
    WaterProblem,
)
from matching.results import Warning_

PLANNER = "water_cascade"
DUST_M3 = 1e-6
TIE = 1e-7


def plan(
    problem: WaterProblem, params: WaterParams | None = None, seed: int = 0, time_limit_s: float = 10.0
) -> Plan:
    """Return which discharge goes to which need for the least fresh water, each blend within its limits.

    A discharge whose quality is not known serves only needs that set no limit on it.

    Raises
    ------
    InfeasiblePlanError
        If fresh water itself exceeds a need's limit.
    """
    chosen = params or WaterParams()
    _check(problem)
    first, second = np.nonzero(_usable(problem, chosen.reach_km))
    if len(first) > constant(SOURCED, "most_exchanges"):
        raise OversizedPlanError(Message(N_("Too many exchanges of water at once: take one park.")))
    x = _route(problem, first, second, chosen, time_limit_s)
    return _plan(problem, chosen, first, second, x)


def _check(problem: WaterProblem) -> None:
    for need in problem.needs:
        for name, limit in need.quality.items():
            if problem.fresh.get(name, 0.0) > limit:
                raise InfeasiblePlanError(
                    Message(
                        N_("{name}: fresh water has {quality} {value}, above the limit {limit}: relax it."),
                        {"name": need.name, "value": problem.fresh[name], "quality": name, "limit": limit},
                    )
                )


def _usable(problem: WaterProblem, reach_km: float) -> Mask:
    known = np.array(
        [[set(need.quality) <= set(source.quality) for need in problem.needs] for source in problem.sources]
    ).reshape(problem.away_km.shape)
    return np.asarray(known & (problem.away_km <= reach_km), dtype=np.bool_)


def _route(
    problem: WaterProblem,
    first: Integers,
    second: Integers,
    params: WaterParams,
    time_limit_s: float,
) -> Floats | None:
    """Return the m3 of each exchange: Σ m3·(held - fresh) ≤ need·(limit - fresh) for each limit."""
    if not len(first):
        return np.zeros(0)
    rows = [np.where(first == i, 1.0, 0.0) for i in range(len(problem.sources))]
    rows += [np.where(second == j, 1.0, 0.0) for j in range(len(problem.needs))]
    limits = [flow.m3 for flow in (*problem.sources, *problem.needs)]
    for j, need in enumerate(problem.needs):
        for name, most in need.quality.items():
            fresh, scale = problem.fresh.get(name, 0.0), max(most, 1.0)
            held = np.array([problem.sources[i].quality.get(name, 0.0) for i in first.tolist()])
            rows.append(np.where(second == j, (held - fresh) / scale, 0.0))
            limits.append(need.m3 * (most - fresh) / scale)
    worth = 1 - TIE * problem.away_km[first, second] / params.reach_km
    options = {"time_limit": max(0.1, time_limit_s)}
    found = linprog(-worth, A_ub=np.array(rows), b_ub=np.array(limits), method="highs", options=options)
    return np.asarray(found.x) if found.status == 0 else None


def _plan(
    problem: WaterProblem,
    params: WaterParams,
    first: Integers,
    second: Integers,
    found: Floats | None,
) -> Plan:
    x = np.zeros(len(first)) if found is None else found
    value, late = float(x.sum()), found is None
    share = problem.away_km[first, second] / params.reach_km
    needed = sum(need.m3 for need in problem.needs)
    # The most that preferring near pairs may have cost.
    slack = max(0.0, TIE * (float(share.max(initial=0.0)) * needed - float(share @ x)))
    got = np.bincount(second, weights=x, minlength=len(problem.needs)).astype(np.float64)
    exchanges = [
        {
            "provider": problem.sources[i].site,
            "output": problem.sources[i].label,
            "receiver": problem.needs[j].site,
            "input": problem.needs[j].label,
            "m3": round(m3, 6),
            "eur": round(m3 * params.water_eur_per_m3, 2),
            "distance_km": float(problem.away_km[i, j]),
        }
        for i, j, m3 in zip(first.tolist(), second.tolist(), x.tolist(), strict=True)
        if m3 > DUST_M3
    ]
    return Plan(
        planner=PLANNER,
        problem={
            "sources": len(problem.sources),
            "needs": len(problem.needs),
            "offered_m3": sum(flow.m3 for flow in problem.sources),
            "needed_m3": needed,
        },
        plan={
            "exchanges": exchanges,
            "reused_m3": round(value, 6),
            "fresh_m3": round(needed - value, 6),
            "blends": [
                _blend(problem, j, first, second, x) for j in range(len(problem.needs)) if got[j] > DUST_M3
            ],
        },
        objective=value,
        bound=None if late else value + slack,
        unit="m3",
        minimised=False,
        unserved=_unserved(problem, got),
        assumptions=_assumptions(params),
        warnings=_warnings(problem, late),
    )


def _blend(
    problem: WaterProblem,
    j: int,
    first: Integers,
    second: Integers,
    x: Floats,
) -> dict[str, object]:
    """Return what one need receives and what the blend holds of each quality it limits."""
    need = problem.needs[j]
    rows = np.flatnonzero(second == j).tolist()
    fresh = need.m3 - float(x[rows].sum())
    held = {
        name: sum(float(x[k]) * problem.sources[int(first[k])].quality.get(name, 0.0) for k in rows)
        + fresh * problem.fresh.get(name, 0.0)
        for name in need.quality
    }
    return {
        "site": need.site,
        "label": need.label,
        "reused_m3": round(float(x[rows].sum()), 6),
        "fresh_m3": round(fresh, 6),
        "quality": {name: round(total / need.m3, 6) for name, total in held.items()},
        "limits": dict(need.quality),
    }


def _unserved(problem: WaterProblem, got: Floats) -> tuple[Unserved, ...]:
    return tuple(
        Unserved(
            need.name, Message(N_("{m3} m3 a year stay fresh water."), {"m3": round(need.m3 - float(m3), 3)})
        )
        for need, m3 in zip(problem.needs, got, strict=True)
        if need.m3 - m3 > DUST_M3 * max(1.0, need.m3)
    )


def _assumptions(params: WaterParams) -> tuple[Message, ...]:
    return (
        Message(N_("Qualities blend in proportion to volumes, conductivity nearly so.")),
        Message(
            N_("Fresh water at {price} EUR/m3 ({source}); pipes and treatment not counted."),
            {"price": params.water_eur_per_m3, "source": sourced(SOURCED)["water_eur_per_m3"].source},
        ),
        Message(N_("Volumes are compared by the year: other seasons or hours need a tank.")),
    )


def _warnings(problem: WaterProblem, late: bool) -> tuple[Warning_, ...]:
    found = []
    if late:
        found.append(
            Warning_("time_out", Message(N_("Time ran out before the cascade was solved: allow more.")))
        )
    for flow in problem.sources:
        missing = [name for name in QUALITIES if name not in flow.quality]
        if missing:
            found.append(
                Warning_(
                    "unknown_quality",
                    Message(
                        N_("{name}: measure {qualities} before any reuse."),
                        {"name": flow.name, "qualities": ", ".join(missing)},
                    ),
                )
            )
    return tuple(found)
