"""Planners as the rest of the application asks for them: flows in, one result document a plan out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from math import isfinite
from time import monotonic
from typing import Any

import numpy as np

from app.exports.document import Document, localised
from app.services.matching import destinations_km, engine_version, positions_km
from app.services.plan_figures import saving_of
from app.services.planners import PLANNERS, PlanRequest
from app.translations import translate
from matching.engine import Engine, default_engine
from matching.errors import MatchingError
from matching.messages import N_, LocalName, Message
from matching.planning.plan import InfeasiblePlanError, OversizedPlanError, Plan

NOTHING = N_("Nothing in this table can be planned so: declare needs of at least two sites, with quantities.")
# What each problem has at least, however many there are.
LEAST_SHARE_S = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """The documents of the plans that exist, best first, and why others do not."""

    documents: list[Document]
    refused: list[str]


@dataclass(frozen=True, slots=True)
class FrozenAnswer:
    """The same in no language: documents that ``localised`` renders, and the refusals themselves."""

    documents: list[Document]
    refused: list[MatchingError]

    @property
    def why_nothing(self) -> Message:
        """Why there is no plan at all: the first refusal, else what to declare."""
        return self.refused[0].message if self.refused else Message(NOTHING)


def plans(planner: str, request: PlanRequest, language: str) -> Answer:
    """Return the result documents of a planner of ``PLANNERS``.

    Raises
    ------
    InfeasiblePlanError
        If no problem of the table has a plan; the message is the first one's.
    """
    found = frozen_plans(planner, request)
    if not found.documents:
        raise found.refused[0] if found.refused else InfeasiblePlanError(found.why_nothing)
    return Answer(
        [localised(document, language) for document in found.documents],
        [translate(error.message, language) for error in found.refused],
    )


def frozen_plans(planner: str, request: PlanRequest) -> FrozenAnswer:
    """Return what a planner of ``PLANNERS`` finds, the plans that save most first."""
    engine = default_engine()
    columns, amounts = engine.columns(
        request.flows, positions_km(request.flows), destinations_km(request.flows)
    )
    problems = PLANNERS[planner](request, engine, columns, amounts)
    documents: list[Document] = []
    refused: list[MatchingError] = []
    ends = monotonic() + request.time_limit_s
    for number, solve in enumerate(problems):
        share = max(LEAST_SHARE_S, (ends - monotonic()) / (len(problems) - number))
        try:
            documents.append(frozen_plan(solve(request.seed, share), engine))
        except (InfeasiblePlanError, OversizedPlanError) as error:
            refused.append(error)
    return FrozenAnswer(best_first(planner, documents), refused)


def best_first(planner: str, documents: list[Document]) -> list[Document]:
    """Return the documents in the order of their saving; without one, they follow as they came."""

    def saved(document: Document) -> float:
        saving = saving_of(planner, document)
        return float("-inf") if saving is None else saving

    return sorted(documents, key=saved, reverse=True)


def frozen_plan(plan: Plan, engine: Engine) -> Document:
    """Return the contract's result document of one plan, with its sentences as templates."""
    return {
        "engine": {
            "version": engine_version(),
            "catalogue_digest": engine.catalogue.digest,
            "parameters": {"planner": plan.planner, "unit": plan.unit, "minimised": plan.minimised},
        },
        "problem": frozen(plan.problem),
        "plan": frozen(plan.plan),
        "objective": frozen(plan.objective),
        "bound": frozen(plan.bound),
        "gap": frozen(plan.gap),
        "unserved": [{"name": left.name, "why": frozen(left.why)} for left in plan.unserved],
        "assumptions": [frozen(note) for note in plan.assumptions],
        "warnings": [{"code": w.code, "message": frozen(w.message)} for w in plan.warnings],
    }


def frozen(value: Any) -> Any:
    """Return plain data as JSON holds it, with its sentences and names for ``localised`` to render."""
    if isinstance(value, Message):
        return {"text": value.text, "params": {key: _param(held) for key, held in value.params.items()}}
    if isinstance(value, LocalName):
        return {"fr": value.fr, "en": value.en}
    if isinstance(value, Mapping):
        return {str(key): frozen(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [frozen(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: frozen(getattr(value, field.name)) for field in fields(value)}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return frozen(value.tolist())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    # JSON knows neither infinity nor what is not a number.
    return None if isinstance(value, float) and not isfinite(value) else value


def _param(value: Any) -> Any:
    """Return what fills a place in a sentence, which is written as the sentence itself would write it."""
    if isinstance(value, Message | LocalName):
        return frozen(value)
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and not isfinite(plain):
        return f"{plain:g}"
    return plain if isinstance(plain, str | int | float) else str(plain)
