"""What the catalogue offers while somebody types a flow: resources, codes, the nature of it, matches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.db.tables import Territory
from app.db.visibility import VisibleSession
from app.exports.document import localised
from app.services.classification import classify_rows, typical_rows
from app.services.declaring import declared_flow
from app.services.matches import preview
from app.services.placing import placed
from matching import model
from matching.catalogue.loader import load_catalogue
from matching.catalogue.model import Resource
from matching.errors import InvalidParametersError
from matching.words import plain

Row = dict[str, Any]
MOST_RESOURCES = 5
MOST_CODES = 2
# A reading less likely than one in four is wrong more often than not: it would only be noise in a short list.
LIKELY = 0.25
# As near as a whole synonym in other letters or another number.
SURE = 0.9
SHORTEST = 2
QUESTIONS = 8
# Enough to tell “many” from “a few”; the list is read once the flow is stored.
MOST_MATCHES = 50


def suggestions(words: str, direction: str, language: str) -> list[Row]:
    """Return what ``words`` may mean: resources first, then codes of the List of Waste for an output.

    A resource whose name begins with what was typed comes before what the whole of the words resembles: half
    a word is no wording yet.
    """
    wanted = plain(words)
    if len(wanted) < SHORTEST:
        return []
    found = classify_rows(words, direction, "", MOST_RESOURCES, language)
    likely = [row for row in found if row["probability"] >= LIKELY]
    resources = load_catalogue().resources
    offered = [_resource(resources[code], language) for code in _ordered(likely, wanted, language)]
    if direction == model.Direction.OUTPUT:
        codes = [row for row in likely if row["scheme"] == "low" and row["score"] >= SURE]
        offered += [_code(row) for row in codes[:MOST_CODES]]
    return offered


def _ordered(likely: Sequence[Row], wanted: str, language: str) -> list[str]:
    """Return what the words surely say, then names they begin, then what they may say."""
    read = [row for row in likely if row["scheme"] == "resource"]
    sure = [row["code"] for row in read if row["score"] >= SURE]
    begun = _beginning(wanted, language)[:MOST_RESOURCES]
    return list(dict.fromkeys([*sure, *begun, *(row["code"] for row in read)]))[:MOST_RESOURCES]


def _beginning(wanted: str, language: str) -> list[str]:
    """Return the resources with a word that begins with ``wanted``, the shortest name first."""
    found = []
    for resource in load_catalogue().resources.values():
        name = plain(resource.name.in_language(language))
        if f" {name}".find(f" {wanted}") >= 0:
            found.append((not name.startswith(wanted), len(name), resource.resource_id))
    return [code for *_, code in sorted(found)]


def _resource(resource: Resource, language: str) -> Row:
    return {
        "scheme": "resource",
        "code": resource.resource_id,
        "label": resource.name.in_language(language),
        "kind": resource.kind.value,
        "unit": resource.unit,
    }


def _code(row: Row) -> Row:
    return {
        "scheme": "low",
        "code": row["code"],
        "label": row["label"],
        "kind": model.Kind.MATERIAL.value,
        "unit": "",
    }


def resource_of(code: str, language: str) -> Row | None:
    """Return a resource as it is offered, None when the catalogue holds none of this name."""
    resource = load_catalogue().resources.get(code)
    return None if resource is None else _resource(resource, language)


def kind_of_words(label: str, direction: str) -> str:
    """Return the kind of flow that a label most likely names; material when nothing is recognised."""
    rows = classify_rows(label, direction, "", 1, "fr") if label.strip() else []
    best = next((row["code"] for row in rows if row["scheme"] == "resource"), "")
    resource = load_catalogue().resources.get(best)
    return (resource.kind if resource else model.Kind.MATERIAL).value


def questions_for(activity_code: str, language: str) -> list[Row]:
    """Return what to ask a firm of this activity; nothing when the code is not one."""
    try:
        rows = typical_rows(activity_code, QUESTIONS, language)
    except InvalidParametersError:
        return []
    units = load_catalogue().resources
    return [row | {"unit": units[row["resource"]].unit} for row in rows]


def preview_at(
    session: VisibleSession, territory: Territory, site: model.Site, fields: Mapping[str, Any], language: str
) -> list[Row]:
    """Return what a flow could do at a site, stored or not, best first, as documents; nothing is stored."""
    here = placed(site)
    flow = declared_flow(here, fields)
    return [localised(document, language) for document in preview(session, territory, flow, MOST_MATCHES)]
