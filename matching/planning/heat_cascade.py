"""Heat of several sources to several needs: cascade by temperature, then heat pumps.

The problem table of pinch analysis (Linnhoff and Flower, AIChE Journal 24, 1978) gives the least heat to
buy; a linear programme says which source serves which need, and where a pump lifts what is left.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from matching.criteria.heat import heat_pump_cop
from matching.messages import N_, Message
from matching.parameters import constant as engine_constant
from matching.planning.allocation.instance import Mask
from matching.planning.allocation.problem import Floats, Integers
from matching.planning.constants import constant, sourced
from matching.planning.heat_streams import (
    DUST_MWH,
    MEDIA,
    SOURCED,
    HeatParams,
    HeatProblem,
    HeatStream,
    Slices,
    problem_table,
    sliced,
)
from matching.planning.plan import OversizedPlanError, Plan, Unserved
from matching.results import Warning_

__all__ = ["HeatParams", "HeatProblem", "HeatStream", "plan", "problem_table"]
PLANNER = "heat_cascade"
# Weight of a km among plans that recover as much.
TIE = 1e-7


def plan(
    problem: HeatProblem, params: HeatParams | None = None, seed: int = 0, time_limit_s: float = 10.0
) -> Plan:
    """Return which source serves which need for the most heat recovered, electricity of pumps taken off.

    A pump lifts only with a COP of at least 2.5, up to the temperature common pumps reach, and where the heat
    it gives costs less than what the need pays today: nobody loses.
    """
    chosen = params or HeatParams()
    give, take = sliced(problem)
    if len(give.mwh) * len(take.mwh) > constant(SOURCED, "most_exchanges"):
        raise OversizedPlanError(
            Message(N_("Too many temperatures to cascade at once: take one park, or fewer flows."))
        )
    first, second = np.divmod(np.arange(len(give.mwh) * len(take.mwh)), max(len(take.mwh), 1))
    away = problem.away_km[give.stream[first], take.stream[second]]
    near = away <= chosen.reach_km
    direct = near & (give.rank[first] >= take.rank[second])
    cop = heat_pump_cop(give.low_c[first], take.high_c[second])
    lifted = near & ~direct & _pays(problem, take, second, cop, chosen) & chosen.pumps
    kept = direct | lifted
    first, second, cop = first[kept], second[kept], np.where(direct, np.inf, cop)[kept]
    net = 1 - 1 / cop
    x = _route(
        give, take, first, second, net, net - TIE * away[kept] / max(chosen.reach_km, 1.0), time_limit_s
    )
    slack = None if x is None else _slack(x, away[kept] / chosen.reach_km, problem)
    quantities = np.zeros(len(first)) if x is None else x
    return _plan(problem, chosen, give.stream[first], take.stream[second], quantities, cop, slack)


def _slack(x: Floats, share: Floats, problem: HeatProblem) -> float:
    """Return the most that preferring near pairs may have cost, MWh."""
    needed = sum(need.mwh for need in problem.needs)
    return max(0.0, TIE * (float(share.max(initial=0.0)) * needed - float(share @ x)))


def _pays(
    problem: HeatProblem,
    take: Slices,
    second: Integers,
    cop: Floats,
    params: HeatParams,
) -> Mask:
    price = np.array([_price(need) for need in problem.needs])[take.stream[second]] if len(second) else cop
    within = (
        take.high_c[second] <= engine_constant("heat_pump_max_c") + constant(SOURCED, "default_gap_k") / 2
    )
    good = (cop >= engine_constant("minimum_cop")) & np.isfinite(cop)
    return np.asarray(good & within & (params.electricity_eur_per_mwh <= price * cop))


def _price(need: HeatStream) -> float:
    """Return what a MWh of heat costs the need today: declared, else gas burnt in a boiler."""
    if need.eur_per_mwh is not None:
        return need.eur_per_mwh
    return constant(SOURCED, "gas_eur_per_mwh") / constant(SOURCED, "boiler_efficiency")


def _route(
    give: Slices,
    take: Slices,
    first: Integers,
    second: Integers,
    drawn: Floats,
    worth: Floats,
    time_limit_s: float,
) -> Floats | None:
    """Return the heat delivered by each pair, MWh; a pump draws only ``drawn`` of it from its source."""
    if not len(first):
        return np.zeros(0)
    n, count = len(give.mwh), np.arange(len(first))
    matrix = coo_matrix(
        (np.r_[drawn, np.ones(len(first))], (np.r_[first, n + second], np.r_[count, count])),
        shape=(n + len(take.mwh), len(first)),
    ).tocsr()
    limit = np.r_[give.mwh, take.mwh]
    options = {"time_limit": max(0.1, time_limit_s)}
    found = linprog(-worth, A_ub=matrix, b_ub=limit, method="highs", options=options)
    return np.asarray(found.x) if found.status == 0 else None


def _plan(
    problem: HeatProblem,
    params: HeatParams,
    source: Integers,
    need: Integers,
    x: Floats,
    cop: Floats,
    slack: float | None,
) -> Plan:
    targets = problem_table(problem)
    exchanges = _exchanges(problem, params, source, need, x, cop)
    got = np.bincount(need, weights=x, minlength=len(problem.needs))
    short = [s.mwh - float(g) for s, g in zip(problem.needs, got, strict=True)]
    value = float(x @ (1 - 1 / cop))
    return Plan(
        planner=PLANNER,
        problem={
            "sources": len(problem.sources),
            "needs": len(problem.needs),
            "offered_mwh": sum(s.mwh for s in problem.sources),
            "needed_mwh": sum(s.mwh for s in problem.needs),
        },
        plan={
            "exchanges": exchanges,
            "recovered_mwh": round(float(x.sum()), 6),
            "electricity_mwh": round(float((x / cop).sum()), 6),
            "heat_to_buy_mwh": round(sum(short), 6),
            "least_heat_to_buy_without_pumps_mwh": round(targets.hot_mwh, 6),
            "least_cooling_mwh": round(targets.cold_mwh, 6),
            "pinch_shifted_c": targets.pinch_c,
        },
        objective=value,
        bound=None if slack is None else value + slack,
        unit="MWh",
        minimised=False,
        unserved=tuple(
            Unserved(s.name, Message(N_("{mwh} MWh a year are still to be bought."), {"mwh": round(left, 3)}))
            for s, left in zip(problem.needs, short, strict=True)
            if left > DUST_MWH * max(1.0, s.mwh)
        ),
        assumptions=_assumptions(params),
        warnings=(
            (Warning_("time_out", Message(N_("Time ran out before the cascade was solved: allow more."))),)
            if slack is None
            else ()
        ),
    )


def _exchanges(
    problem: HeatProblem,
    params: HeatParams,
    source: Integers,
    need: Integers,
    x: Floats,
    cop: Floats,
) -> list[dict[str, object]]:
    """Return one line for each source, need and way (direct or pumped)."""
    totals: dict[tuple[int, int, bool], list[float]] = {}
    for s, n, mwh, c in zip(source.tolist(), need.tolist(), x.tolist(), cop.tolist(), strict=True):
        if mwh > DUST_MWH:
            line = totals.setdefault((s, n, bool(np.isfinite(c))), [0.0, 0.0])
            line[0] += mwh
            line[1] += mwh / c
    found: list[dict[str, object]] = []
    for (s, n, pumped), (mwh, electricity) in sorted(totals.items()):
        giver, taker = problem.sources[s], problem.needs[n]
        eur = _price(taker) * mwh - params.electricity_eur_per_mwh * electricity
        found.append(
            {
                "provider": giver.site,
                "output": giver.label,
                "receiver": taker.site,
                "input": taker.label,
                "mwh": round(mwh, 6),
                "heat_pump": pumped,
                "cop": round(mwh / electricity, 3) if pumped else None,
                "electricity_mwh": round(electricity, 6),
                "eur": round(eur, 2),
                "distance_km": float(problem.away_km[s, n]),
            }
        )
    return found


def _assumptions(params: HeatParams) -> tuple[Message, ...]:
    known = sourced(SOURCED)
    return (
        Message(N_("Energies are compared by the year: other seasons or hours need a store.")),
        Message(
            N_("Gap of an exchange: half of each side’s ({liquid} K liquid, {default} K, {gas} K gas)."),
            {name: known[key].value for name, key in MEDIA.items()},
        ),
        Message(
            N_("Heat pumps: {share} of Carnot’s COP, refused below {least}; electricity at {price} EUR/MWh."),
            {
                "share": engine_constant("carnot_share"),
                "least": engine_constant("minimum_cop"),
                "price": params.electricity_eur_per_mwh,
            },
        ),
        Message(
            N_("Heat whose price is not declared: gas at {gas} EUR/MWh ({source}) in a boiler of {share}."),
            {
                "gas": known["gas_eur_per_mwh"].value,
                "source": known["gas_eur_per_mwh"].source,
                "share": known["boiler_efficiency"].value,
            },
        ),
        Message(N_("Pipes, exchangers and pumps are not in the figures: ask for a quotation.")),
    )
