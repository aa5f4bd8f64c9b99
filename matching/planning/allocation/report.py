"""An allocation in plain data: links, what each member gains, what is left, against the greedy plan."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from matching.messages import N_, Message
from matching.planning.allocation.ledger import SUMMED, Ledger, ledger_of, received, sent
from matching.planning.allocation.problem import (
    OBJECTIVES,
    PLANNER,
    AllocationParams,
    AllocationProblem,
    Floats,
    FlowEnd,
)
from matching.planning.constants import constant, sourced
from matching.planning.plan import Plan, Unserved
from matching.results import Warning_

# Of a quantity: less is rounding.
SPENT = 1e-6


def report(
    problem: AllocationProblem, params: AllocationParams, x: Floats, greedy: Floats, bound: float, late: bool
) -> Plan:
    """Return the plan's document for quantities ``x``, shape (m,)."""
    ledger, other = ledger_of(problem, x), ledger_of(problem, greedy)
    totals, by_hand = totals_of(problem, ledger), totals_of(problem, other)
    value = float(np.nansum(ledger.eur if params.objective == "eur" else ledger.tco2e))
    rows = np.flatnonzero(x > 0)
    gain = np.nan_to_num((ledger.eur if params.objective == "eur" else ledger.tco2e)[rows])
    order = rows[np.lexsort((problem.input[rows], problem.output[rows], -gain))]
    return Plan(
        planner=PLANNER,
        problem={
            "objective": params.objective,
            "outputs": len(problem.outputs),
            "inputs": len(problem.inputs),
            "possible_links": len(problem),
            "sites": len({end.site for end in (*problem.outputs, *problem.inputs)}),
        },
        plan={
            "links": [_link(problem, ledger, row) for row in order.tolist()],
            "members": members_of(problem, ledger),
            "totals": totals,
            "greedy": {**by_hand, "gain": _gain(totals, by_hand, params.objective)},
            "outputs_left": _left(problem.outputs, sent(problem, x)),
            "inputs_unmet": _left(problem.inputs, received(problem, x)),
        },
        objective=value,
        bound=value if bound <= value * (1 + SUMMED) else bound,
        unit=OBJECTIVES[params.objective],
        minimised=False,
        unserved=_unserved(problem, x, params.objective),
        assumptions=(*_assumptions(problem, params), *problem.assumptions),
        warnings=_warnings(problem, ledger, params, late),
    )


def totals_of(problem: AllocationProblem, ledger: Ledger) -> dict[str, object]:
    """Return the sums of a plan: links, quantities by unit, EUR and tCO2e with their ranges."""
    rows = np.flatnonzero(ledger.x > 0)
    quantities: dict[str, float] = defaultdict(float)
    for row in rows.tolist():
        quantities[problem.outputs[int(problem.output[row])].unit] += float(ledger.x[row])
    found: dict[str, object] = {
        "links": len(rows),
        "quantities": {unit: _short(value) for unit, value in sorted(quantities.items())},
        "eur": _short(float(np.nansum(ledger.eur[rows]))),
        "tco2e": _short(float(np.nansum(ledger.tco2e[rows]))),
        "links_without_eur": int(np.isnan(ledger.eur[rows]).sum()),
        "links_without_tco2e": int(np.isnan(ledger.tco2e[rows]).sum()),
    }
    costs = float(problem.column("fixed_eur")[rows].sum()) + ledger.opening_eur
    for name, ranges, paid in (("eur", problem.eur_range, costs), ("tco2e", problem.tco2e_range, 0.0)):
        if ranges is not None:
            low, high = np.nansum(ranges[rows] * ledger.x[rows, None], axis=0) - paid
            found |= {f"{name}_low": _short(float(low)), f"{name}_high": _short(float(high))}
    return found


def members_of(problem: AllocationProblem, ledger: Ledger) -> list[dict[str, object]]:
    """Return what each site gains a year and by how many links, by the sites' names."""
    eur: dict[str, float] = defaultdict(float)
    links: dict[str, int] = defaultdict(int)
    share = constant(PLANNER, "provider_share")
    for row in np.flatnonzero(ledger.x > 0).tolist():
        net = float(np.nan_to_num(ledger.eur[row]))
        for end, part in ((_output(problem, row), share), (_input(problem, row), 1 - share)):
            eur[end.site] += part * net
            links[end.site] += 1
    return [{"site": name, "links": links[name], "eur": _short(eur[name])} for name in sorted(links)]


def _link(problem: AllocationProblem, ledger: Ledger, row: int) -> dict[str, object]:
    provider, receiver = _output(problem, row), _input(problem, row)
    x, eur = float(ledger.x[row]), float(ledger.eur[row])
    share = constant(PLANNER, "provider_share")
    disposal = float(np.nan_to_num(problem.column("disposal_eur_per_unit")[row]))
    return {
        "provider": provider.site,
        "output": provider.label,
        "receiver": receiver.site,
        "input": receiver.label,
        "resource": problem.resources[row] if problem.resources else None,
        "quantity_per_year": _short(x),
        "unit": provider.unit,
        "replaces_per_year": _short(x * float(problem.column("replaced_per_unit")[row])),
        "replaced_unit": receiver.unit,
        "distance_km": _known(problem.column("distance_km")[row]),
        "eur": _known(eur),
        "tco2e": _known(ledger.tco2e[row]),
        "fixed_eur": _short(float(problem.column("fixed_eur")[row])),
        "transport_eur": _known(problem.column("transport_eur_per_unit")[row] * x),
        "provider_eur": _known(share * eur),
        "receiver_eur": _known((1 - share) * eur),
        # What the receiver, who pays the journey, also pays a unit so that both gain; less than 0: is paid.
        "price_eur_per_unit": _known(share * eur / x - disposal),
        "note": problem.notes.get(row),
    }


def _output(problem: AllocationProblem, row: int) -> FlowEnd:
    return problem.outputs[int(problem.output[row])]


def _input(problem: AllocationProblem, row: int) -> FlowEnd:
    return problem.inputs[int(problem.input[row])]


def _left(ends: tuple[FlowEnd, ...], done: Floats) -> list[dict[str, object]]:
    return [
        {"site": end.site, "label": end.label, "quantity_per_year": _short(left), "unit": end.unit}
        for end, used in zip(ends, done.tolist(), strict=True)
        if (left := end.quantity - used) > SPENT * end.quantity
    ]


def _unserved(problem: AllocationProblem, x: Floats, objective: str) -> tuple[Unserved, ...]:
    worth = problem.column("eur_per_unit" if objective == "eur" else "tco2e_per_unit")
    found = []
    for ends, index, done in (
        (problem.outputs, problem.output, sent(problem, x)),
        (problem.inputs, problem.input, received(problem, x)),
    ):
        any_arc = np.bincount(index, minlength=len(ends)) > 0
        known = np.bincount(index[~np.isnan(worth)], minlength=len(ends)) > 0
        gains = np.bincount(index[worth > 0], minlength=len(ends)) > 0
        for i in np.flatnonzero(done == 0).tolist():
            found.append(Unserved(ends[i].name, _why(bool(any_arc[i]), bool(known[i]), bool(gains[i]))))
    return tuple(found)


def _why(any_arc: bool, known: bool, gains: bool) -> Message:
    if not any_arc:
        return Message(N_("Nothing in the territory fits it within reach."))
    if not known:
        return Message(N_("Its possible links have no known worth: give a price or a cost."))
    if not gains:
        return Message(N_("Each of its possible links costs more than it brings."))
    return Message(N_("Others bring more, or its minimum is not met."))


def _assumptions(problem: AllocationProblem, params: AllocationParams) -> tuple[Message, ...]:
    share = sourced(PLANNER)["provider_share"]
    found = [
        Message(N_("A link’s worth grows in proportion to its quantity, beside its fixed cost.")),
        Message(
            N_("A link’s net worth is shared by the price proposed, {share} to the provider ({source})."),
            {"share": share.value, "source": share.source},
        ),
        Message(N_("Greedy plan: the links in the order of their worth a unit, each taking all it can.")),
    ]
    if params.objective == "tco2e":
        found.append(Message(N_("Links known to lose money are left out, whatever CO2 they avoid.")))
    if any(end.opening_eur > 0 for end in problem.inputs):
        found.append(Message(N_("What opens an input is borne by its links in proportion to their gains.")))
    return tuple(found)


def _warnings(
    problem: AllocationProblem, ledger: Ledger, params: AllocationParams, late: bool
) -> tuple[Warning_, ...]:
    found = []
    if late:
        found.append(
            Warning_(
                "time_out", Message(N_("Time ran out before the proof ended: allow more, or mind the gap."))
            )
        )
    worth = problem.column("eur_per_unit" if params.objective == "eur" else "tco2e_per_unit")
    unknown = int(np.isnan(worth).sum())
    if unknown:
        found.append(
            Warning_(
                "unknown_worth",
                Message(
                    N_("{count} possible links have no known worth and are left out."), {"count": unknown}
                ),
            )
        )
    blind = int(np.isnan(ledger.eur[ledger.x > 0]).sum())
    if blind:
        found.append(
            Warning_(
                "unknown_price",
                Message(
                    N_("{count} links of the plan have no known price: check that nobody loses by them."),
                    {"count": blind},
                ),
            )
        )
    return tuple(found)


def _gain(totals: dict[str, object], by_hand: dict[str, object], objective: str) -> float | None:
    mine, theirs = totals[objective], by_hand[objective]
    if not isinstance(mine, float) or not isinstance(theirs, float) or theirs <= 0:
        return None
    return round(mine / theirs - 1, 6)


def _short(value: float) -> float:
    return float(f"{value:.9g}") + 0.0


def _known(value: float | np.float64) -> float | None:
    return None if np.isnan(value) else _short(float(value))
