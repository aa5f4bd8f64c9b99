"""Resources, rules, factors and reaches as the engine holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.messages import LocalName
from matching.model import Kind

ConversionTable = Mapping[tuple[str, str, str], float]


@dataclass(frozen=True, slots=True)
class Resource:
    """A node of the resource tree: a substance, a service, a skill, a need named by its function.

    Attributes
    ----------
    role
        ``both``, ``output`` (given away only) or ``input`` (a need).
    properties, refuses
        What it is, and what it does not accept in an incoming flow, in words of ``properties.csv``.
    interchange
        In [0, 1]: how well one child of this node replaces a sibling.
    unit
        Symbol of its canonical unit.
    """

    resource_id: str
    parent: str
    kind: Kind
    role: str
    name: LocalName
    synonyms_fr: tuple[str, ...]
    synonyms_en: tuple[str, ...]
    not_words: tuple[str, ...]
    waste_codes: tuple[str, ...]
    activities_out: tuple[str, ...]
    activities_in: tuple[str, ...]
    job_code: str
    unit: str
    reach: str
    pool_out: tuple[str, ...]
    pool_in: tuple[str, ...]
    properties: frozenset[str]
    refuses: frozenset[str]
    interchange: float
    question: LocalName | None
    source: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition on a declared attribute, such as ``moisture_pct <= 20``."""

    attribute: str
    operator: str
    value: float


@dataclass(frozen=True, slots=True)
class Rule:
    """An output of ``from_resource`` can replace an input of ``to_resource``.

    ``strength`` in [0, 1]; ``max_km`` road km or None; ``replaced_per_unit`` units replaced per unit given.
    """

    rule_id: str
    from_resource: str
    to_resource: str
    form: str
    mode: str
    strength: float
    receiver_activities: tuple[str, ...]
    donor_activities: tuple[str, ...]
    requires: tuple[Requirement, ...]
    refuses: frozenset[str]
    accepts: frozenset[str]
    max_km: float | None
    replaced_per_unit: float
    co2_key: str
    price_key: str
    gate_key: str
    conditions: LocalName
    treatment: LocalName
    source: str
    status: str
    year: str


@dataclass(frozen=True, slots=True)
class Factor:
    """A figure with its range, unit, year, source and status ([S], [R], [R2], [K], [D] or [E])."""

    key: str
    category: str
    item: LocalName
    value: float
    unit: str
    low: float
    high: float
    year: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Road km: score 1 up to ``full``, halved each further ``half``, 0 beyond ``cut``."""

    key: str
    full_km: float
    half_km: float
    cut_km: float


@dataclass(frozen=True, slots=True)
class WasteCode:
    """An entry of the European List of Waste."""

    code: str
    hazardous: bool
    entry_type: str
    mirror: tuple[str, ...]
    label: LocalName
    words_fr: tuple[str, ...]
    words_en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """``factor`` turns one ``from_unit`` of the resource (and of its descendants) into ``to_unit``."""

    resource: str
    from_unit: str
    to_unit: str
    factor: float
    source: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything loaded and checked, with the tree's relations worked out.

    Attributes
    ----------
    conversion_table
        Factors by (resource, from unit, to unit), both ways; a declared one before a reversed one.
    """

    resources: Mapping[str, Resource]
    rules: tuple[Rule, ...]
    factors: Mapping[str, Factor]
    reaches: Mapping[str, Reach]
    waste_codes: Mapping[str, WasteCode]
    waste_chapters: Mapping[str, LocalName]
    conversions: tuple[Conversion, ...]
    children: Mapping[str, tuple[str, ...]]
    digest: str
    conversion_table: ConversionTable = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the factors once: each match asks for them; a factor of zero is refused elsewhere."""
        ways = [c for c in self.conversions if c.factor]
        reversed_ = {(c.resource, c.to_unit, c.from_unit): 1 / c.factor for c in ways}
        declared = {(c.resource, c.from_unit, c.to_unit): c.factor for c in self.conversions}
        object.__setattr__(self, "conversion_table", reversed_ | declared)

    def lineage(self, resource_id: str) -> tuple[str, ...]:
        """Return the resource and its ancestors, nearest first."""
        line = []
        current = resource_id
        while current:
            line.append(current)
            current = self.resources[current].parent
        return tuple(line)

    def descendants(self, resource_id: str) -> tuple[str, ...]:
        """Return every resource below ``resource_id``, itself left out."""
        found: list[str] = []
        for child in self.children.get(resource_id, ()):
            found.append(child)
            found.extend(self.descendants(child))
        return tuple(found)
