"""Indicators as documents in the reader's language, for the API, pages and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.db.tables import Territory
from app.db.visibility import VisibleSession
from app.exports.indicators import to_csv, to_xlsx
from app.services.exports import Format
from app.services.indicators import Overview, overview
from app.services.indicators_choice import Stage
from app.services.indicators_listed import Indicator, indicators
from app.services.statuses import obstacles
from app.translations import gettext
from matching.messages import N_

STAGES = {
    Stage.ACHIEVED: N_("Achieved"),
    Stage.UNDER_WAY: N_("Under way"),
    Stage.POTENTIAL: N_("Potential"),
}
# The files funders take; JSON is the API's.
FILES = (Format.XLSX, Format.CSV)
# Estimates are told to this many significant figures at most in data: pages show two.
DIGITS = 6


def told(session: VisibleSession, territory_id: str, language: str) -> list[dict[str, Any]]:
    """Return the indicators of a territory as documents."""
    return told_of(overview(session, territory_id), language)


def told_of(found: Overview, language: str) -> list[dict[str, Any]]:
    """Return the indicators of an overview as documents."""
    return [_document(one, language) for one in indicators(found)]


def _document(one: Indicator, language: str) -> dict[str, Any]:
    known = one.definition
    name = known.name.in_language(language)
    if one.obstacle:
        reason = obstacles()[one.obstacle].in_language(language)
        name = gettext(N_("{name}: {reason}"), language, name=name, reason=reason)
    return {
        "code": one.code,
        "family": known.family,
        "name": name,
        "stage": one.stage.value if one.stage else None,
        "value": _short(one.value),
        "low": _short(one.low),
        "high": _short(one.high),
        "unit": known.unit,
        "definition": known.definition.in_language(language),
        "method": known.method.in_language(language),
        "reference": known.reference,
        "date": one.day,
    }


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")


def file_of(session: VisibleSession, territory: Territory, form: Format, language: str) -> bytes:
    """Return the indicators of a territory as CSV or as a workbook."""
    rows = [_dated(row) for row in told(session, territory.id, language)]
    if form is Format.CSV:
        return to_csv(rows)
    return to_xlsx(_in_words(rows, language), territory.name, language)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"date": row["date"].isoformat()}


def _in_words(rows: Sequence[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Return rows for people: families and stages by their names."""
    stages: dict[str | None, str] = {stage.value: gettext(text, language) for stage, text in STAGES.items()}
    return [
        row | {"stage": stages.get(row["stage"], ""), "family": gettext(FAMILIES[row["family"]], language)}
        for row in rows
    ]


FAMILIES = {
    "activity": N_("Activity"),
    "funnel": N_("Follow-up of synergies"),
    "impact_env": N_("Impact on the environment"),
    "impact_eco": N_("Impact on the economy"),
}
