"""Joint training from a flow table: requests for one course, within reach of each other."""

from __future__ import annotations

from datetime import date

from matching.amounts import Amounts, unit_cost
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.planning.areas import areas, by_class, distances
from matching.planning.constants import constant
from matching.planning.training_model import PLANNER, Request, TrainingProblem

# Recruitment by training is the business of the master class.
RECRUITMENT = "training-recruitment-poec"


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    start: date,
    resource: str | None = None,
    travel_km: float | None = None,
) -> tuple[TrainingProblem, ...]:
    """Return a problem for each course that two sites or more ask for near each other, most trainees first.

    Parameters
    ----------
    start
        The day from which sessions are organised.
    resource
        Only this course or one under it; None for all.
    travel_km
        How far trainees go by road, 60 km by default.
    """
    limit_km = constant(PLANNER, "travel_km") if travel_km is None else travel_km
    most = int(constant(PLANNER, "most_requests"))
    found = []
    for key, rows in by_class(columns, catalogue, "joint_training", resource).items():
        asked = [row for row in rows if columns.readings[row][0].resource != RECRUITMENT]
        for near in areas(columns, asked, limit_km, most):
            if len({int(columns.site[row]) for row in near}) > 1:
                known = catalogue.resources.get(key)
                first = catalogue.resources[columns.readings[near[0]][0].resource]
                requests = tuple(_request(columns, amounts, row) for row in near)
                name = (known or first).name
                found.append(TrainingProblem(requests, distances(columns, near), start, name))
    found.sort(key=lambda problem: -sum(request.trainees for request in problem.requests))
    return tuple(found)


def _request(columns: FlowColumns, amounts: Amounts, row: int) -> Request:
    flow, quantity = columns.flows[row], columns.quantities[row]
    counted = quantity is not None and quantity.unit == "unité"
    heads = (quantity.per_year or quantity.amount or 0.0) if quantity is not None and counted else 0.0
    cost = unit_cost(columns, amounts, row) if counted else None
    return Request(
        member=flow.site.name,
        label=flow.label,
        trainees=max(1, round(heads)) if heads else int(constant(PLANNER, "unknown_trainees")),
        due=flow.due_date,
        today_eur_per_head=cost if cost is not None and cost > 0 else None,
        assumed=not heads,
    )
