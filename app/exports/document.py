"""Synergies as documents: language-neutral to keep, in the reader's language to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.translations import shown, templates
from matching.messages import LocalName, Message
from matching.results import Estimate, Member, Synergy

Document = dict[str, Any]
_NESTED = frozenset({dict, list})


def frozen(synergy: Synergy) -> Document:
    """Return a synergy as JSON-ready data whose sentences are templates, for ``localised`` to render."""
    return synergy_document(synergy, freeze, freeze)


def synergy_document(
    synergy: Synergy,
    usual: Callable[[Message], Any],
    own: Callable[[Message], Any],
    of_member: Callable[[Member], Any] | None = None,
) -> Document:
    """Return a synergy as the contract has it.

    Parameters
    ----------
    usual, own
        What makes of a sentence what is shown: of those that many synergies share, of its own.
    of_member
        What is shown of a member; by default ``member_document``.
    """
    of_member = of_member or member_document
    return {
        "id": synergy.synergy_id,
        "kind": synergy.kind.value,
        "form": synergy.form,
        "score": synergy.score,
        "confidence": synergy.confidence,
        "resource": synergy.resource,
        "rule": synergy.rule,
        "members": [of_member(member) for member in synergy.members],
        "quantity_per_year": synergy.quantity_per_year,
        "unit": synergy.unit,
        "distance_km": synergy.distance_km,
        "criteria": {
            name: {"value": c.value, "weight": round(c.weight, 4), "why": usual(c.why)}
            for name, c in synergy.criteria.items()
        },
        **estimate_document("saving_eur", "saving_eur_per_year", synergy.saving_eur),
        **estimate_document("saving_tco2e", "saving_tco2e_per_year", synergy.saving_tco2e),
        "assumptions": [usual(message) for message in synergy.assumptions],
        "warnings": [{"code": w.code, "message": usual(w.message)} for w in synergy.warnings],
        "missing": [usual(message) for message in synergy.missing],
        "next_step": own(synergy.next_step),
        "explanation": own(synergy.explanation),
    }


def localised(document: Mapping[str, Any], language: str) -> Document:
    """Return a frozen document with its sentences in ``language`` (the contract's synergy)."""
    found: Document = _thaw(dict(document), language, templates(language))
    return found


def member_document(member: Member) -> Document:
    """Return a member as JSON-ready data."""
    flow = member.flow
    return {
        "site": flow.site.name,
        "label": flow.label,
        "direction": flow.direction.value,
        "role": member.role.value,
        "quantity_per_year": member.quantity_per_year,
        "unit": member.unit,
        "row": flow.row,
        "sheet": flow.sheet,
        "flow_id": flow.flow_id or None,
    }


def estimate_document(prefix: str, middle_name: str, estimate: Estimate | None) -> Document:
    """Return a yearly worth as the three fields of a document, empty when it is unknown."""
    return {
        middle_name: estimate.middle if estimate else None,
        f"{prefix}_low": estimate.low if estimate else None,
        f"{prefix}_high": estimate.high if estimate else None,
    }


def freeze(value: object) -> Any:
    """Return a message or a name as JSON-ready data that ``localised`` renders; anything else as it is."""
    if isinstance(value, Message):
        return {"text": value.text, "params": {key: freeze(inner) for key, inner in value.params.items()}}
    if isinstance(value, LocalName):
        return {"fr": value.fr, "en": value.en}
    return value


# Pages thaw thousands of values: JSON's plain types are told apart by what they are, not by protocol, and no
# message is made of what is a sentence a moment later (150 microseconds a document so, 70 now).
def _thaw(value: Any, language: str, texts: Mapping[str, str]) -> Any:
    if type(value) is list:
        return [_thaw(v, language, texts) if type(v) in _NESTED else v for v in value]
    if len(value) == 2:
        if "text" in value and "params" in value:
            return _sentence(value, language, texts)
        if "fr" in value and "en" in value:
            return value[language]
    return {k: _thaw(v, language, texts) if type(v) in _NESTED else v for k, v in value.items()}


def _sentence(value: dict[str, Any], language: str, texts: Mapping[str, str]) -> str:
    text, params = value["text"], value["params"]
    template: str = texts.get(text, text)
    if not params:
        return template
    written = {k: v if type(v) is str else _param(v, language, texts) for k, v in params.items()}
    return template.format_map(written)


def _param(value: Any, language: str, texts: Mapping[str, str]) -> Any:
    if type(value) is dict and len(value) == 2:
        if "text" in value and "params" in value:
            return _sentence(value, language, texts)
        if "fr" in value and "en" in value:
            return value[language]
    return shown(value, language)
