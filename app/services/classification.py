"""Classification and outlets as rows: one text in, ranked codes, resources or activities out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.translations import translate
from matching.certainty import settling_question
from matching.engine import default_engine
from matching.messages import LocalName, Message
from matching.model import Direction, Kind
from matching.nearby import NearSite
from matching.outlets import Outlet
from matching.profiles import typical_flows

Row = dict[str, Any]


def classify_rows(text: str, direction: str, kind: str, top: int, language: str) -> list[Row]:
    """Return the ``top`` codes of the List of Waste and the ``top`` resources of a text, ranked.

    Unknown directions or kinds raise ``ValueError``.
    """
    classifier = default_engine().classifier
    catalogue = classifier.catalogue
    side = Direction(direction) if direction else None
    nature = Kind(kind) if kind else None
    candidates = classifier.classify_text(text, side, nature, top)
    codes = classifier.waste_codes(text, top, kind=nature)
    best = candidates[0].probability if candidates else 0.0
    question = settling_question([found.resource for found in candidates], best, catalogue)
    asked = _shown(question, language)
    rows = [
        {
            "rank": rank,
            "scheme": "low",
            "code": found.code,
            "label": catalogue.waste_codes[found.code].label.in_language(language),
            "score": round(found.score, 4),
            "probability": round(found.probability, 4),
            "why": "",
            "question": "",
        }
        for rank, found in enumerate(codes, start=1)
    ]
    rows += [
        {
            "rank": rank,
            "scheme": "resource",
            "code": found.resource,
            "label": catalogue.resources[found.resource].name.in_language(language),
            "score": round(found.score, 4),
            "probability": round(found.probability, 4),
            "why": translate(found.why, language),
            "question": asked if rank == 1 else "",
        }
        for rank, found in enumerate(candidates, start=1)
    ]
    if rows and not candidates:
        rows[0]["question"] = asked
    return rows


def _shown(question: Message | LocalName | None, language: str) -> str:
    if question is None:
        return ""
    return translate(question, language) if isinstance(question, Message) else question.in_language(language)


def outlet_rows(
    outlets: tuple[Outlet, ...], language: str, near: Sequence[Sequence[NearSite]] | None = None
) -> list[Row]:
    """Return outlets as ranked rows, each with the real sites of its activity that are ``near``."""
    return [
        {
            "rank": rank,
            "nace": outlet.activity_code,
            "use": outlet.use.in_language(language),
            "treatment": outlet.treatment.in_language(language),
            "score": outlet.score,
            "rule": outlet.rule,
            "source": outlet.source,
            "sites": [
                {
                    "name": site.name,
                    "siret": site.siret,
                    "nace": site.activity_code,
                    "distance_km": site.distance_km,
                }
                for site in (near[rank - 1] if near else ())
            ],
        }
        for rank, outlet in enumerate(outlets, start=1)
    ]


def typical_rows(activity_code: str, top: int, language: str) -> list[Row]:
    """Return what firms of an activity typically give and need, as questions to ask them."""
    catalogue = default_engine().catalogue
    return [
        {
            "rank": rank,
            "direction": flow.direction.value,
            "kind": catalogue.resources[flow.resource].kind.value,
            "resource": flow.resource,
            "label": catalogue.resources[flow.resource].name.in_language(language),
            "question": translate(flow.question, language),
        }
        for rank, flow in enumerate(typical_flows(activity_code, catalogue, top), start=1)
    ]
