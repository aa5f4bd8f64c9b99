"""Planners as the rest of the application asks for them: flows in, one result document a plan out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from app.services.matching import destinations_km, engine_version, positions_km
from app.translations import translate
from matching.engine import Engine, default_engine
from matching.messages import LocalName, Message
from matching.model import Flow
from matching.parameters import MatchParameters
from matching.planning import allocation
from matching.planning.plan import Plan

Document = dict[str, Any]
DEFAULT_TIME_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What is asked of a planner, whichever it is.

    Attributes
    ----------
    max_km
        Largest road distance in km, None for each resource's own reach.
    resource
        A catalogue id, None for the planner's own choice.
    objective
        ``eur`` or ``tco2e``, where a planner knows both.
    """

    flows: Sequence[Flow]
    max_km: float | None = None
    resource: str | None = None
    objective: str = "eur"
    seed: int = 0
    time_limit_s: float = DEFAULT_TIME_LIMIT_S


def _allocation(request: PlanRequest, engine: Engine) -> list[Plan]:
    columns, amounts = engine.columns(
        request.flows, positions_km(request.flows), destinations_km(request.flows)
    )
    problem = allocation.problem_from_flows(
        columns,
        engine.catalogue,
        amounts,
        MatchParameters(max_km=request.max_km),
        resource=request.resource,
        compatibility=engine.compatibility,
    )
    params = allocation.AllocationParams(objective=request.objective)
    return [allocation.plan(problem, params, request.seed, request.time_limit_s)]


PLANNERS: Mapping[str, Callable[[PlanRequest, Engine], list[Plan]]] = {"allocation": _allocation}


def plans(planner: str, request: PlanRequest, language: str) -> list[Document]:
    """Return the result documents of a planner of ``PLANNERS``, best first."""
    engine = default_engine()
    return [plan_document(plan, engine, language) for plan in PLANNERS[planner](request, engine)]


def plan_document(plan: Plan, engine: Engine, language: str) -> Document:
    """Return the contract's result document of one plan in ``language``."""
    return {
        "engine": {
            "version": engine_version(),
            "catalogue_digest": engine.catalogue.digest,
            "parameters": {"planner": plan.planner, "unit": plan.unit, "minimised": plan.minimised},
        },
        "problem": readable(plan.problem, language),
        "plan": readable(plan.plan, language),
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "unserved": [{"name": left.name, "why": translate(left.why, language)} for left in plan.unserved],
        "assumptions": [translate(note, language) for note in plan.assumptions],
        "warnings": [{"code": w.code, "message": translate(w.message, language)} for w in plan.warnings],
    }


def readable(value: Any, language: str) -> Any:
    """Return plain data with its sentences and names in ``language``."""
    if isinstance(value, Message):
        return translate(value, language)
    if isinstance(value, LocalName):
        return value.in_language(language)
    if isinstance(value, Mapping):
        return {str(key): readable(item, language) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [readable(item, language) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: readable(getattr(value, field.name), language) for field in fields(value)}
    return value
