"""Shared jobs from a flow table: needs of one class of job, within reach of each other."""

from __future__ import annotations

import numpy as np

from matching.amounts import Amounts, unit_cost
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.model import ALL_YEAR, Flow
from matching.parameters import constant as engine_constant
from matching.planning.areas import areas, by_class, distances
from matching.planning.constants import constant
from matching.planning.jobs_model import PLANNER, Floats, JobsProblem, Need
from matching.planning.weekdays import WORKING_DAYS, weekdays_of
from matching.words import affirmed

NIGHT = frozenset(stem for word in ("nuit", "night") for stem in affirmed(word))


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    resource: str | None = None,
    travel_km: float | None = None,
) -> tuple[JobsProblem, ...]:
    """Return a problem for each class of job that two sites or more need near each other, most hours first.

    Parameters
    ----------
    resource
        Only this class of job or one under it; None for all.
    travel_km
        How far apart by road members may be, 40 km by default; wider classes are cut in areas.
    """
    limit_km = constant(PLANNER, "travel_km") if travel_km is None else travel_km
    found = []
    most = int(constant(PLANNER, "most_needs"))
    for key, rows in by_class(columns, catalogue, "shared_job", resource).items():
        for near in areas(columns, rows, limit_km, most):
            if len({int(columns.site[row]) for row in near}) > 1:
                found.append(_problem(columns, catalogue, amounts, key, near))
    found.sort(key=lambda problem: -sum(need.hours_per_year for need in problem.needs))
    return tuple(found)


def _problem(
    columns: FlowColumns, catalogue: Catalogue, amounts: Amounts, key: str, rows: list[int]
) -> JobsProblem:
    known = catalogue.resources.get(key) or catalogue.resources[columns.readings[rows[0]][0].resource]
    needs = tuple(_need(columns, amounts, row) for row in rows)
    return JobsProblem(needs, distances(columns, rows), known.name)


def _need(columns: FlowColumns, amounts: Amounts, row: int) -> Need:
    flow = columns.flows[row]
    hours, assumed = _hours(columns, row)
    words = set(affirmed(f"{flow.label} {flow.comment}"))
    cost = unit_cost(columns, amounts, row)
    in_hours = amounts.unit[row] >= 0 and amounts.names[int(amounts.unit[row])] == "h"
    return Need(
        member=flow.site.name,
        label=flow.label,
        hours=tuple(hours.tolist()),
        weekdays=weekdays_of(flow.weekdays) or WORKING_DAYS,
        at_night=bool(words & NIGHT),
        today_eur_per_h=cost if cost is not None and cost > 0 and in_hours else None,
        assumed=assumed,
    )


def _hours(columns: FlowColumns, row: int) -> tuple[Floats, bool]:
    """Hours of each month, and whether they are a guess; a post counts fully in its active months only."""
    flow, quantity = columns.flows[row], columns.quantities[row]
    active = _active(flow)
    full = constant(PLANNER, "year_hours") / 12
    if flow.quantity is not None and flow.quantity.unit == "ETP":
        return flow.quantity.value.middle * full * active, False
    each = {"h": 1.0, "jour": engine_constant("hours_per_day")}.get(quantity.unit) if quantity else None
    amount = None if quantity is None else (quantity.per_year or quantity.amount)
    if each is None or not amount:
        return constant(PLANNER, "unknown_post") * full * active, True
    return amount * each * active / active.sum(), False


def _active(flow: Flow) -> Floats:
    return np.array([month in flow.active_months for month in sorted(ALL_YEAR)], dtype=float)
