"""Shared jobs: part-time and seasonal needs of one class of job made into full contracts with a calendar."""

from __future__ import annotations

import numpy as np

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
from matching.planning.jobs_contract import Contract
from matching.planning.jobs_model import PLANNER, JobsParams, JobsProblem, Need, by_person
from matching.planning.jobs_report import contract_told, missing_told, need_told, total_told
from matching.planning.jobs_search import pays_less, search, sharing
from matching.planning.plan import Plan, Unserved
from matching.results import Warning_

__all__ = ["JobsParams", "JobsProblem", "Need", "plan"]


def plan(
    problem: JobsProblem,
    params: JobsParams | None = None,
    seed: int = 0,
    time_limit_s: float = 20.0,
) -> Plan:
    """Return contracts shared by two members or more that cover the most hours, with their calendars.

    Nobody joins whom a shared hour costs more than today. The bound is proven for contracts of one
    person within the limits; it is the hours of all needs when time runs out.

    Raises
    ------
    InvalidParametersError
        If there is no need at all.
    """
    chosen = params or JobsParams()
    if not problem.needs:
        raise InvalidParametersError(Message(N_("Shared jobs take a need at least.")))
    pieces, owners = by_person(problem)
    found = search(pieces, chosen, seed, time_limit_s)
    covered = np.zeros(len(problem.needs))
    for contract in found.contracts:
        for i, hours in zip(contract.needs, contract.hours, strict=True):
            covered[owners[i]] += hours
    told = [contract_told(pieces, chosen, c, n) for n, c in enumerate(found.contracts, start=1)]
    reached = float(covered.sum())
    return Plan(
        planner=PLANNER,
        problem={
            "job": problem.job,
            "needs": [need_told(need) for need in problem.needs],
            "hours_per_year": round(sum(need.hours_per_year for need in problem.needs), 1),
            "travel_km": chosen.travel_km,
            "employers_most": chosen.employers_most,
        },
        plan={
            "contracts": told,
            "covered_hours": round(reached, 1),
            "uncovered": [
                {"member": need.member, "label": need.label, "hours": round(need.hours_per_year - hours, 1)}
                for need, hours in zip(problem.needs, covered.tolist(), strict=True)
                if need.hours_per_year - hours > 0.5
            ],
            "saving_eur_per_year": total_told([row["saving_eur_per_year"] for row in told]),
            "missing": missing_told(problem),
        },
        objective=reached,
        bound=max(reached, found.bound_hours),
        unit="h",
        minimised=False,
        unserved=_unserved(problem, pieces, owners, chosen, covered.tolist()),
        assumptions=_assumptions(chosen),
        warnings=_warnings(found.cut, found.contracts, pieces),
    )


def _unserved(
    problem: JobsProblem,
    pieces: JobsProblem,
    owners: tuple[int, ...],
    params: JobsParams,
    covered: list[float],
) -> tuple[Unserved, ...]:
    together = sharing(pieces, params)
    found = []
    for i, need in enumerate(problem.needs):
        if covered[i] > 0 or need.hours_per_year <= 0:
            continue
        mine = [k for k, owner in enumerate(owners) if owner == i]
        others = [
            k
            for k in range(len(pieces.needs))
            if pieces.needs[k].member != need.member and any(together[k, j] for j in mine)
        ]
        found.append(Unserved(f"{need.label} ({need.member})", _why(pieces, params, mine, others)))
    return tuple(found)


def _why(pieces: JobsProblem, params: JobsParams, mine: list[int], others: list[int]) -> Message:
    if not all(pays_less(pieces, params, k) for k in mine):
        return Message(
            N_("It pays {today} EUR an hour today, less than a shared person costs ({price} EUR)."),
            {"today": pieces.needs[mine[0]].today_eur_per_h, "price": params.shared_hour_eur},
        )
    if all(pieces.needs[k].fills_a_post for k in mine):
        return Message(N_("It fills whole posts by itself: hire directly."))
    if not others:
        return Message(
            N_("No other member needs this job within {distance_km} km: widen travel or find a neighbour."),
            {"distance_km": params.travel_km},
        )
    return Message(
        N_(
            "No contract of {hours} h a year or more is left for it: find a member whose months and days "
            "complete it, or accept a shorter contract."
        ),
        {"hours": params.least_hours},
    )


def _assumptions(params: JobsParams) -> tuple[Message, ...]:
    table = sourced(PLANNER)
    law = tuple(LIMITS)
    limits = [
        Message(
            N_("{what}: {value} {unit} ({source}, {year})."),
            {
                "what": LIMITS[key],
                "value": table[key].value,
                "unit": table[key].unit,
                "source": table[key].source,
                "year": table[key].year,
            },
        )
        for key in law
    ]
    return (
        *limits,
        Message(
            N_("A contract is shared by at most {count} needs within {distance_km} km (own estimate, 2026)."),
            {"count": params.employers_most, "distance_km": params.travel_km},
        ),
        Message(
            N_("A shared hour costs {price} EUR, wages, charges and management ({source})."),
            {"price": params.shared_hour_eur, "source": table["shared_hour_eur"].source},
        ),
        Message(
            N_("Where hours exceed the year's, each member has as much less: the person is on leave then.")
        ),
    )


LIMITS = {
    "week_hours": Message(N_("Legal week")),
    "week_hours_most": Message(N_("Hours of any week at most")),
    "day_hours_most": Message(N_("Hours of any day at most")),
    "month_hours": Message(N_("Month of a full contract")),
    "year_hours": Message(N_("Year of a full contract")),
    "least_hours": Message(N_("Year of a part-time contract at least")),
    "days_a_week_most": Message(N_("Days of work a week at most")),
    "daily_rest": Message(N_("Rest between two days, so that night and day work are not mixed")),
}


def _warnings(cut: bool, contracts: tuple[Contract, ...], problem: JobsProblem) -> tuple[Warning_, ...]:
    found = []
    if cut:
        found.append(
            Warning_(
                "time_out",
                Message(N_("Time ran out before the search ended: allow more for a better one.")),
            )
        )
    if any(problem.needs[i].at_night for contract in contracts for i in contract.needs):
        found.append(
            Warning_(
                "night",
                Message(
                    N_("Night work: at most {hours} h a day and a collective agreement ({source})."),
                    {
                        "hours": constant(PLANNER, "night_day_hours_most"),
                        "source": sourced(PLANNER)["night_day_hours_most"].source,
                    },
                ),
            )
        )
    if contracts:
        found.append(
            Warning_(
                "legal_form",
                Message(N_("Lending staff for profit is forbidden: go through an employers' group.")),
            )
        )
    return tuple(found)
