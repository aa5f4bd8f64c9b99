"""What must hold between the data files, checked each time they are loaded."""

from __future__ import annotations

from collections.abc import Iterator

from matching.catalogue.model import Catalogue, Rule
from matching.catalogue.tables import read_rows
from matching.errors import CatalogueError
from matching.messages import N_, Message

ROLES = frozenset({"both", "input", "output"})
FORMS = frozenset({"direct", "treated"})


def check(catalogue: Catalogue) -> None:
    """Raise ``CatalogueError`` with every contradiction found, one a line."""
    problems = [*_resource_problems(catalogue), *_rule_problems(catalogue), *_cycles(catalogue)]
    if problems:
        raise CatalogueError(
            Message(N_("The catalogue is inconsistent:\n{problems}"), {"problems": "\n".join(problems)})
        )


def _resource_problems(catalogue: Catalogue) -> Iterator[str]:
    known_properties = {row["property"] for row in read_rows("properties.csv")}
    for resource in catalogue.resources.values():
        name = f"resource {resource.resource_id}"
        if resource.parent and resource.parent not in catalogue.resources:
            yield f"{name}: unknown parent {resource.parent}"
        if resource.role not in ROLES:
            yield f"{name}: unknown role {resource.role}"
        if resource.reach not in catalogue.reaches:
            yield f"{name}: unknown reach {resource.reach}"
        if not 0 <= resource.interchange <= 1:
            yield f"{name}: interchange {resource.interchange} is not between 0 and 1"
        if not (resource.name.fr and resource.name.en):
            yield f"{name}: needs a French and an English name"
        for code in resource.waste_codes:
            if code not in catalogue.waste_codes:
                yield f"{name}: {code} is not in the List of Waste"
        for word in sorted((resource.properties | resource.refuses) - known_properties):
            yield f"{name}: unknown property {word}"


def _rule_problems(catalogue: Catalogue) -> Iterator[str]:
    seen: set[str] = set()
    known_properties = {row["property"] for row in read_rows("properties.csv")}
    for rule in catalogue.rules:
        name = f"rule {rule.rule_id}"
        if rule.rule_id in seen:
            yield f"{name}: stands twice"
        seen.add(rule.rule_id)
        for end in (rule.from_resource, rule.to_resource):
            if end not in catalogue.resources:
                yield f"{name}: unknown resource {end}"
        yield from _rule_value_problems(name, rule)
        for key in (rule.co2_key, rule.price_key, rule.gate_key):
            if key and key not in catalogue.factors:
                yield f"{name}: unknown factor {key}"
        for word in sorted((rule.refuses | rule.accepts) - known_properties):
            yield f"{name}: unknown property {word}"


def _rule_value_problems(name: str, rule: Rule) -> Iterator[str]:
    if rule.form not in FORMS:
        yield f"{name}: unknown form {rule.form}"
    if not 0 < rule.strength <= 1:
        yield f"{name}: strength {rule.strength} is not between 0 and 1"
    if not rule.source:
        yield f"{name}: no source"


def _cycles(catalogue: Catalogue) -> Iterator[str]:
    for start in catalogue.resources:
        seen = {start}
        current = catalogue.resources[start].parent
        while current in catalogue.resources:
            if current in seen:
                yield f"resource {start}: its parents go round in a circle"
                break
            seen.add(current)
            current = catalogue.resources[current].parent
