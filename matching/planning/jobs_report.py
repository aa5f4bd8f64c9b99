"""What a plan of shared jobs says of each contract: members, costs, months and weeks."""

from __future__ import annotations

import numpy as np

from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.jobs_contract import Contract, calendar
from matching.planning.jobs_model import PLANNER, JobsParams, JobsProblem, Need


def need_told(need: Need) -> dict[str, object]:
    """Return a need as plain data."""
    return {
        "member": need.member,
        "label": need.label,
        "hours": [round(hours, 1) for hours in need.hours],
        "weekdays": sorted(need.weekdays),
        "at_night": need.at_night,
        "today_eur_per_h": need.today_eur_per_h,
    }


def contract_told(
    problem: JobsProblem, params: JobsParams, contract: Contract, number: int
) -> dict[str, object]:
    """Return who shares a contract, what each pays and saves, and its months and weeks."""
    used = contract.hours_per_year
    price = params.shared_hour_eur
    members = [
        _member(problem.needs[i], hours, used, price)
        for i, hours in zip(contract.needs, contract.hours, strict=True)
    ]
    places = np.array(contract.needs)
    return {
        "contract": number,
        "members": members,
        "hours_per_year": round(used, 1),
        "full": used >= constant(PLANNER, "year_hours") - 0.5,
        "share_of_full_year": round(used / constant(PLANNER, "year_hours"), 3),
        "cost_eur_per_year": round(price * used),
        "saving_eur_per_year": total_told([row["saving_eur_per_year"] for row in members]),
        "months_worked": list(contract.months),
        "furthest_km": round(float(problem.distance_km[np.ix_(places, places)].max()), 1),
        "months": _months(problem, contract),
        "weeks": _weeks(problem, contract),
    }


def _member(need: Need, hours: float, used: float, price: float) -> dict[str, object]:
    today = need.today_eur_per_h
    return {
        "member": need.member,
        "label": need.label,
        "hours_per_year": round(hours, 1),
        "share": round(hours / used, 3),
        "cost_eur_per_year": round(price * hours),
        "today_eur_per_year": None if today is None else round(today * hours),
        "saving_eur_per_year": None if today is None else round((today - price) * hours),
    }


def total_told(savings: list[object]) -> float | None:
    """Return the sum of the savings that are known, None where none is."""
    known = [saving for saving in savings if isinstance(saving, int | float)]
    return sum(known) if known else None


def _months(problem: JobsProblem, contract: Contract) -> list[dict[str, object]]:
    found: list[tuple[int, dict[str, object]]] = []
    for season in contract.seasons:
        each = [
            {"member": problem.needs[i].member, "hours": round(hours, 1)}
            for i, hours in zip(contract.needs, season.hours, strict=True)
            if hours > 0
        ]
        told = {"hours": round(sum(season.hours), 1), "members": each}
        found.extend((month, {"month": month, **told}) for month in season.months)
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _weeks(problem: JobsProblem, contract: Contract) -> list[dict[str, object]]:
    """Return for each season a fortnight: who has the morning and the afternoon of each day worked."""
    allowed = [problem.needs[i].weekdays for i in contract.needs]
    names = [problem.needs[i].member for i in contract.needs]
    found: list[dict[str, object]] = []
    for season in contract.seasons:
        slots = calendar(season, allowed)
        if not slots:
            continue
        fortnight = []
        for week in (1, 2):
            for day in sorted({day for w, day, _ in slots if w == week}):
                morning, afternoon = (slots.get((week, day, half)) for half in (1, 2))
                fortnight.append(
                    {
                        "week": week,
                        "weekday": day,
                        "morning": None if morning is None else names[morning],
                        "afternoon": None if afternoon is None else names[afternoon],
                        "midday_km": _midday_km(problem, contract, morning, afternoon),
                    }
                )
        found.append({"months": list(season.months), "days": fortnight})
    return found


def _midday_km(
    problem: JobsProblem, contract: Contract, morning: int | None, afternoon: int | None
) -> float | None:
    if morning is None or afternoon is None or morning == afternoon:
        return None
    return round(float(problem.distance_km[contract.needs[morning], contract.needs[afternoon]]), 1)


def missing_told(problem: JobsProblem) -> list[Message]:
    """Return what to ask the members for."""
    asked = [
        Message(
            N_("How many hours, in which months: “{label}” ({site})?"),
            {"label": need.label, "site": need.member},
        )
        for need in problem.needs
        if need.assumed
    ]
    if any(need.today_eur_per_h is None for need in problem.needs):
        asked.append(Message(N_("What does an hour of this work cost each member today?")))
    return asked
