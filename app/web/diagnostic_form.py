"""The form of a diagnostic: flat fields as typed, told apart into a site and its flows, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import InvalidInputError
from app.services.suggestions import kind_of_words, resource_of
from app.services.visits import Visit
from app.translations import translate
from app.web import wording
from matching.model import Direction

Typed = dict[str, str]

SITE_FIELDS = ("site_id", "name", "siret", "activity_code", "address", "postcode", "city", "lon", "lat")
FLOW_FIELDS = (
    "direction",
    "label",
    "resource",
    "kind",
    "waste_code",
    "quantity",
    "unit",
    "period",
    "months",
    "unit_cost_eur",
    "comment",
)
# What one types of a flow; the rest is chosen, and fills in nothing by itself.
SAID = ("label", "quantity", "comment", "months", "unit_cost_eur", "resource")
NAME = re.compile(rf"flow-(\d{{1,4}})-({'|'.join(FLOW_FIELDS)})")
NUMBER = re.compile(r"[0-9]{1,4}")
# How much of what the trade usually gives or needs, typed beside its question.
ANSWER = re.compile(r"typical-(input|output)-([a-z0-9-]{1,120})")
LONGEST_FIELD = 4000
NEW_FLOW = {"direction": "output", "unit": "t", "period": "year"}


def typed_of(form: Iterable[tuple[str, Any]]) -> Typed:
    """Return the fields of the form as they were typed, those of the site always there."""
    typed = dict.fromkeys((*SITE_FIELDS, "note"), "")
    for name, value in form:
        if isinstance(value, str) and (name in typed or NAME.fullmatch(name) or ANSWER.fullmatch(name)):
            typed[name] = value.strip()[:LONGEST_FIELD]
    return typed


def numbers_of(typed: Mapping[str, str]) -> list[int]:
    """Return the numbers of the flows, in the order they were added."""
    return sorted({int(found[1]) for name in typed if (found := NAME.fullmatch(name))})


def next_number(typed: Mapping[str, str]) -> int:
    """Return the number of the flow to be added."""
    return max(numbers_of(typed), default=0) + 1


def flow_of(typed: Mapping[str, str], number: int) -> Typed:
    """Return the fields of one flow under their own names."""
    return {name: typed.get(f"flow-{number}-{name}", "") for name in FLOW_FIELDS}


def with_flow(typed: Mapping[str, str], number: int, **fields: str) -> Typed:
    """Return the form with one more flow."""
    flow = {**dict.fromkeys(FLOW_FIELDS, ""), **NEW_FLOW, **fields}
    return {**typed, **{f"flow-{number}-{name}": value for name, value in flow.items()}}


def without_flow(typed: Mapping[str, str], number: int) -> Typed:
    """Return the form without one of its flows."""
    return {name: value for name, value in typed.items() if not name.startswith(f"flow-{number}-")}


def with_answer(typed: Typed, direction: str, resource: Mapping[str, Any], number: int) -> Typed:
    """Return the form where a question was answered with yes: its quantity becomes that of a flow."""
    name = f"typical-{direction}-{resource['code']}"
    chosen = {"label": resource["label"], "resource": resource["code"], "kind": resource["kind"]}
    chosen |= {"direction": direction, "unit": resource["unit"], "quantity": typed.get(name, "")}
    rest = {field: value for field, value in typed.items() if field != name}
    return with_flow(rest, number, **chosen)


def with_answers(typed: Typed, language: str) -> Typed:
    """Return the form where every question with a quantity beside it counts as answered."""
    for name, quantity in list(typed.items()):
        found = ANSWER.fullmatch(name)
        resource = resource_of(found[2], language) if found and quantity else None
        if found and resource is not None:
            typed = with_answer(typed, found[1], resource, next_number(typed))
    return typed


def complete(typed: Mapping[str, str]) -> Typed:
    """Return the form with every field of its flows, and one flow at least."""
    shown = dict(typed)
    for number in numbers_of(typed) or [1]:
        known = {name: value for name, value in flow_of(typed, number).items() if value}
        shown = with_flow(shown, number, **known)
    return shown


def is_empty(typed: Mapping[str, str]) -> bool:
    """Tell whether nothing was typed yet."""
    site = any(typed.get(name) for name in (*SITE_FIELDS, "note"))
    answers = any(value for name, value in typed.items() if ANSWER.fullmatch(name))
    return not (site or answers or said_numbers(typed))


def said_numbers(typed: Mapping[str, str]) -> list[int]:
    """Return the numbers of the flows of which something was said."""
    return [number for number in numbers_of(typed) if any(flow_of(typed, number)[name] for name in SAID)]


def title_of(typed: Mapping[str, str]) -> str:
    """Return what a list calls the form: the site, else its number or its town."""
    return next((typed[name] for name in ("name", "siret", "city") if typed.get(name)), "")


def site_fields(typed: Mapping[str, str]) -> Typed:
    """Return the fields of the site."""
    return {name: typed.get(name, "") for name in SITE_FIELDS if name != "site_id"}


def declared_fields(typed: Mapping[str, str], number: int) -> dict[str, Any]:
    """Return the fields of one flow as the service takes them; its words tell the kind that nobody chose."""
    flow = flow_of(typed, number)
    direction = flow["direction"] if flow["direction"] in wording.DIRECTIONS else Direction.OUTPUT.value
    kind = flow["kind"] if flow["kind"] in wording.FLOW_KINDS else kind_of_words(flow["label"], direction)
    period = flow["period"] if flow["period"] in wording.PERIODS else "year"
    plain = {name: value or None for name, value in flow.items()}
    return {**plain, "direction": direction, "kind": kind, "period": period}


def visit_of(typed: Mapping[str, str], draft_id: str) -> Visit:
    """Return what the form declares, without the flows of which nothing was said."""
    flows = [declared_fields(typed, number) for number in said_numbers(typed)]
    return Visit(typed.get("site_id", ""), site_fields(typed), flows, typed.get("note", ""), draft_id)


def wrong_fields(error: InvalidInputError, typed: Mapping[str, str], language: str) -> Typed:
    """Return what is wrong, by the name of the field in the form."""
    numbers = said_numbers(typed)
    wrong: Typed = {}
    for one in error.errors:
        name = one.field
        if name.startswith("flows."):
            _, position, field = name.split(".", 2)
            name = f"flow-{numbers[int(position)]}-{field}"
        wrong.setdefault(name, translate(one.message, language))
    return wrong
