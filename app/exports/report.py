"""One page a synergy, for the table of a workshop or the visit of a company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import orjson
import typst

from app.translations import gettext, shown
from matching.messages import N_
from matching.model import Flow

CRITERIA = {
    "material": N_("Material"),
    "quantity": N_("Quantity"),
    "timing": N_("Calendar"),
    "distance": N_("Distance"),
    "quality": N_("Quality"),
}
KINDS = {
    "substitution": N_("Substitution"),
    "mutualisation": N_("Mutualisation"),
    "loop": N_("Loop"),
}
WORDS = {
    "why": N_("Why"),
    "worth": N_("What it is worth"),
    "missing": N_("What is missing"),
    "next": N_("Next step"),
    "check": N_("To check"),
    "who": N_("Who"),
    "score": N_("Score"),
    "confidence": N_("Confidence"),
    "unknown": N_("not known yet"),
    "assumptions": N_("Reckoned from"),
    "notes": N_("Notes"),
}


def to_pdf(synergies: Sequence[Mapping[str, Any]], flows: Sequence[Flow], language: str) -> bytes:
    """Return a PDF with one page for each synergy document."""
    template = (files("app.exports") / "synergy.typ").read_bytes()
    data = {
        "language": language,
        "words": {key: gettext(text, language) for key, text in WORDS.items()},
        "pages": [_page(rank, synergy, language) for rank, synergy in enumerate(synergies, start=1)],
    }
    result: bytes = typst.compile(template, sys_inputs={"data": orjson.dumps(data).decode()})
    return result


def _page(rank: int, synergy: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        "rank": rank,
        "kind": gettext(KINDS[synergy["kind"]], language),
        "score": shown(synergy["score"], language),
        "confidence": f"{shown(round(100 * synergy['confidence']), language)} %",
        "explanation": synergy["explanation"],
        "members": [_member(member, language) for member in synergy["members"]],
        "criteria": [
            {"name": gettext(CRITERIA[name], language), "value": c["value"], "why": c["why"]}
            for name, c in synergy["criteria"].items()
        ],
        "eur": _worth(synergy, "saving_eur", "€", language),
        "tco2e": _worth(synergy, "saving_tco2e", "tCO2e", language),
        "assumptions": synergy["assumptions"],
        "warnings": [warning["message"] for warning in synergy["warnings"]],
        "missing": synergy["missing"],
        "next_step": synergy["next_step"],
    }


def _member(member: Mapping[str, Any], language: str) -> dict[str, str]:
    quantity = member["quantity_per_year"]
    said = (
        ""
        if quantity is None
        else f"{shown(quantity, language)} {member['unit']} / {gettext(N_('year'), language)}"
    )
    return {"site": member["site"], "label": member["label"], "quantity": said}


def _worth(synergy: Mapping[str, Any], prefix: str, unit: str, language: str) -> str:
    middle = synergy[f"{prefix}_per_year"]
    if middle is None:
        return ""
    low, high = synergy[f"{prefix}_low"], synergy[f"{prefix}_high"]
    return gettext(
        N_("about {middle} {unit} a year ({low} to {high})"),
        language,
        middle=_two_figures(middle),
        low=_two_figures(low),
        high=_two_figures(high),
        unit=unit,
    )


def _two_figures(value: float) -> float | int:
    """Return an estimate with two significant figures."""
    rounded = float(f"{value:.2g}")
    return int(rounded) if rounded.is_integer() else rounded
