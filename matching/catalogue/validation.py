"""What must hold between the data files, checked each time they are loaded."""

from __future__ import annotations

from collections.abc import Iterator

from matching.catalogue.model import Catalogue, Rule
from matching.catalogue.tables import read_rows
from matching.errors import CatalogueError
from matching.messages import N_, Message
from matching.units import unit, unit_symbols

ROLES = frozenset({"both", "input", "output"})
FORMS = frozenset({"direct", "treated"})

CANONICAL = frozenset(unit(symbol).canonical for symbol in unit_symbols())


def check(catalogue: Catalogue) -> None:
    """Raise ``CatalogueError`` with every contradiction found, one a line."""
    problems = [
        *_resource_problems(catalogue),
        *_rule_problems(catalogue),
        *_cycles(catalogue),
        *_figure_problems(catalogue),
        *_conversion_problems(catalogue),
    ]
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
        if resource.unit not in CANONICAL:
            yield f"{name}: unknown unit {resource.unit}"
        if not 0 <= resource.interchange <= 1:
            yield f"{name}: interchange {resource.interchange} is not between 0 and 1"
        if not (resource.name.fr and resource.name.en):
            yield f"{name}: needs a French and an English name"
        for code in sorted(set(resource.waste_codes) - catalogue.waste_codes.keys()):
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
    if rule.max_km is not None and not rule.max_km > 0:
        yield f"{name}: {rule.max_km} km is no reach"
    if not rule.replaced_per_unit > 0:
        yield f"{name}: it replaces nothing"
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


def _figure_problems(catalogue: Catalogue) -> Iterator[str]:
    for factor in catalogue.factors.values():
        if not factor.low <= factor.value <= factor.high:
            yield f"factor {factor.key}: {factor.low}, {factor.value}, {factor.high} do not grow"
        if not factor.source:
            yield f"factor {factor.key}: no source"
    for reach in catalogue.reaches.values():
        if not (0 <= reach.full_km <= reach.cut_km and reach.half_km > 0):
            yield f"reach {reach.key}: full, half and cut km do not go together"


def _conversion_problems(catalogue: Catalogue) -> Iterator[str]:
    for conversion in catalogue.conversions:
        name = f"conversion of {conversion.resource} from {conversion.from_unit} to {conversion.to_unit}"
        if conversion.resource not in catalogue.resources:
            yield f"{name}: unknown resource"
        if not {conversion.from_unit, conversion.to_unit} <= CANONICAL:
            yield f"{name}: both units must be canonical ones"
        if not conversion.factor > 0:
            yield f"{name}: the factor is not above zero"
