"""What the catalogue knows, as short lists to search."""

from __future__ import annotations

from typing import Any

from matching.catalogue.loader import load_catalogue
from matching.catalogue.model import Resource, Rule, WasteCode
from matching.units import unit, unit_symbols
from matching.words import plain

Row = dict[str, Any]


def resources(words: str, kind: str | None, limit: int, language: str) -> list[Row]:
    """Return the resources whose names or synonyms hold ``words`` (all of them when empty)."""
    wanted = plain(words)
    found = [
        resource
        for resource in load_catalogue().resources.values()
        if (kind is None or resource.kind.value == kind) and _holds(wanted, *_wordings(resource))
    ]
    return [_resource(resource, language) for resource in found[:limit]]


def _wordings(resource: Resource) -> tuple[str, ...]:
    return (
        resource.name.fr,
        resource.name.en,
        resource.resource_id,
        *resource.synonyms_fr,
        *resource.synonyms_en,
    )


def _holds(wanted: str, *wordings: str) -> bool:
    return not wanted or any(wanted in plain(wording) for wording in wordings)


def _resource(resource: Resource, language: str) -> Row:
    return {
        "id": resource.resource_id,
        "parent": resource.parent or None,
        "kind": resource.kind.value,
        "name": resource.name.in_language(language),
        "unit": resource.unit,
    }


def waste_codes(words: str, limit: int, language: str) -> list[Row]:
    """Return the codes of the List of Waste that begin with ``words`` or whose label holds them."""
    digits, wanted = words.replace(" ", ""), plain(words)
    found = [
        entry
        for entry in load_catalogue().waste_codes.values()
        if not words or (digits.isdigit() and entry.code.startswith(digits)) or _says(entry, wanted)
    ]
    return [
        {"code": entry.code, "label": entry.label.in_language(language), "hazardous": entry.hazardous}
        for entry in found[:limit]
    ]


def _says(entry: WasteCode, wanted: str) -> bool:
    return bool(wanted) and _holds(wanted, entry.label.fr, entry.label.en, *entry.words_fr, *entry.words_en)


def units() -> list[Row]:
    """Return every unit of the contract."""
    return [
        {"symbol": u.symbol, "canonical": u.canonical, "factor": u.factor, "dimension": u.dimension}
        for u in map(unit, unit_symbols())
    ]


def rules(resource: str | None, limit: int, language: str) -> list[Row]:
    """Return the rules, those that start from or lead to ``resource`` when it is given."""
    found = [
        rule for rule in load_catalogue().rules if resource in (None, rule.from_resource, rule.to_resource)
    ]
    return [_rule(rule, language) for rule in found[:limit]]


def _rule(rule: Rule, language: str) -> Row:
    return {
        "id": rule.rule_id,
        "from_resource": rule.from_resource,
        "to_resource": rule.to_resource,
        "form": rule.form,
        "strength": rule.strength,
        "conditions": rule.conditions.in_language(language),
        "treatment": rule.treatment.in_language(language),
        "source": rule.source,
    }
