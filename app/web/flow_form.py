"""The form of a flow: what it shows, what was typed, what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from babel.numbers import format_decimal

from app.errors import FieldError, InvalidInputError
from app.translations import translate
from app.web import wording
from matching.messages import N_, Message

TEXTS = (
    "label",
    "waste_code",
    "quantity",
    "unit",
    "months",
    "temperature_c",
    "concentration_pct",
    "moisture_pct",
    "unit_cost_eur",
    "comment",
)
CHOICES: Mapping[str, tuple[str, ...]] = {
    "direction": tuple(wording.DIRECTIONS),
    "kind": tuple(wording.FLOW_KINDS),
    "period": ("", *wording.PERIODS),
    "legal_status": ("", *wording.LEGAL_STATUSES),
    "hazardous": ("", "yes", "no"),
    "reliability": ("", *(str(code) for code in wording.RELIABILITIES)),
}
FIELDS = (*TEXTS, *CHOICES)
HAZARDOUS = {"": None, "yes": True, "no": False}
UNKNOWN_CHOICE = N_("Choose one of the list.")


def shown_fields(fields: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return a stored flow's fields as the form writes them."""
    return {name: _as_typed(fields.get(name), language) for name in FIELDS}


def _as_typed(value: Any, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format_decimal(value, format="0.######", locale=language)
    return str(value)


def typed_fields(read: Callable[[str], str]) -> dict[str, str]:
    """Return the fields as they were typed."""
    return {name: read(name) for name in FIELDS}


def changed_fields(typed: Mapping[str, str], before: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that were changed, as the service takes them.

    Raises
    ------
    InvalidInputError
        On a choice that its list does not hold.
    """
    changed = {name: value for name, value in typed.items() if value != before.get(name, "")}
    wrong = [name for name in changed if name in CHOICES and changed[name] not in CHOICES[name]]
    if wrong:
        raise InvalidInputError([FieldError(name, Message(UNKNOWN_CHOICE)) for name in wrong])
    return {name: _as_given(name, value) for name, value in changed.items()}


def _as_given(name: str, value: str) -> Any:
    if name == "hazardous":
        return HAZARDOUS[value]
    if name == "reliability":
        return int(value) if value else None
    return value or None


def wrong_fields(error: InvalidInputError, language: str) -> dict[str, str]:
    """Return what is wrong, by field."""
    return {one.field: translate(one.message, language) for one in error.errors}
