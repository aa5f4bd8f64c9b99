"""Classification and outlets as rows: one text in, ranked codes, resources or activities out."""

from __future__ import annotations

from typing import Any

from matching.engine import default_engine
from matching.model import Direction, Kind
from matching.outlets import Outlet

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
    codes = classifier.waste_codes(text, top)
    rows = [
        {
            "rank": rank,
            "scheme": "low",
            "code": found.code,
            "label": catalogue.waste_codes[found.code].label.in_language(language),
            "score": round(found.score, 4),
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
        }
        for rank, found in enumerate(candidates, start=1)
    ]
    return rows


def outlet_rows(outlets: tuple[Outlet, ...], language: str) -> list[Row]:
    """Return outlets as ranked rows."""
    return [
        {
            "rank": rank,
            "nace": outlet.activity_code,
            "use": outlet.use.in_language(language),
            "treatment": outlet.treatment.in_language(language),
            "score": outlet.score,
            "rule": outlet.rule,
            "source": outlet.source,
        }
        for rank, outlet in enumerate(outlets, start=1)
    ]
