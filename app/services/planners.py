"""The planners by name, each loaded when it is first asked: their solvers take seconds to load."""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name

from app.services.planners_request import (
    DEFAULT_TIME_LIMIT_S,
    PlanRequest,
    PlantRequest,
    Problems,
    Solve,
)
from matching.amounts import Amounts
from matching.columns import FlowColumns
from matching.engine import Engine

__all__ = ["DEFAULT_TIME_LIMIT_S", "PLANNERS", "PlanRequest", "PlantRequest", "Problems", "Solve"]

WHERE = "app.services.planners_of_flows"


def _late(name: str) -> Problems:
    def problems(request: PlanRequest, engine: Engine, columns: FlowColumns, amounts: Amounts) -> list[Solve]:
        planner: Problems = resolve_name(f"{WHERE}:{name}")
        return planner(request, engine, columns, amounts)

    return problems


PLANNERS: Mapping[str, Problems] = {
    "groups": _late("group"),
    "collection": _late("collect"),
    "purchase": _late("buy"),
    "jobs": _late("share_jobs"),
    "training": _late("train"),
    "masterclass": _late("fill_posts"),
    "space": _late("share_space"),
    "transport": _late("share_transport"),
    "allocation": _late("allocate"),
    "what-if": _late("what_if"),
    "heat": _late("heat"),
    "water": _late("water"),
    "workshop": _late("seat"),
}
