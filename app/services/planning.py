"""Planners as the rest of the application asks for them: flows in, one result document a plan out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from time import monotonic
from typing import Any

from app.services.matching import destinations_km, engine_version, positions_km
from app.services.planners import PLANNERS, PlanRequest
from app.translations import translate
from matching.engine import Engine, default_engine
from matching.messages import N_, LocalName, Message
from matching.planning.plan import InfeasiblePlanError, Plan

Document = dict[str, Any]
NOTHING = N_("Nothing in this table can be planned so: declare needs of at least two sites, with quantities.")
# What each problem has at least, however many there are.
LEAST_SHARE_S = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """The documents of the plans that exist, best first, and why others do not."""

    documents: list[Document]
    refused: list[str]


def plans(planner: str, request: PlanRequest, language: str) -> Answer:
    """Return the result documents of a planner of ``PLANNERS``.

    Raises
    ------
    InfeasiblePlanError
        If no problem of the table has a plan; the message is the first one's.
    """
    engine = default_engine()
    columns, amounts = engine.columns(
        request.flows, positions_km(request.flows), destinations_km(request.flows)
    )
    problems = PLANNERS[planner](request, engine, columns, amounts)
    documents: list[Document] = []
    refused: list[InfeasiblePlanError] = []
    ends = monotonic() + request.time_limit_s
    for number, solve in enumerate(problems):
        share = max(LEAST_SHARE_S, (ends - monotonic()) / (len(problems) - number))
        try:
            documents.append(plan_document(solve(request.seed, share), engine, language))
        except InfeasiblePlanError as error:
            refused.append(error)
    if not documents:
        raise refused[0] if refused else InfeasiblePlanError(Message(NOTHING))
    return Answer(documents, [translate(error.message, language) for error in refused])


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
