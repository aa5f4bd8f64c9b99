"""Which resource can stand for which: the same, a relative in the tree, or by a substitution rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from matching.catalogue.model import Catalogue, Rule
from matching.parameters import constant

MAX_STEPS_UP = 2
# Needs that burn what they take: matter first (Directive 2008/98/EC, article 4).
FUELS = frozenset(
    """biomass-fuel kiln-fuel waste-wood-fuel solid-recovered-fuel incinerator-support-fuel
    hazardous-incineration""".split()
)
# The relation of a link that no reading makes: a second look at all that both flows may be (``second_look``).
MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Link:
    """How an output's resource serves an input's: ``strength`` in [0, 1] and the relation."""

    strength: float
    relation: str
    rule: Rule | None = None


class Compatibility:
    """Links from each output resource to the input resources it can serve, worked out on demand."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._rules_from: dict[str, list[Rule]] = defaultdict(list)
        self._rules_to: dict[str, list[Rule]] = defaultdict(list)
        for rule in catalogue.rules:
            self._rules_from[rule.from_resource].append(rule)
            self._rules_to[rule.to_resource].append(rule)
        self._links: dict[str, Mapping[str, Link]] = {}

    def links_from(self, resource_id: str) -> Mapping[str, Link]:
        """Return input resource id to link, the strongest link kept for each."""
        if resource_id not in self._links:
            found: dict[str, Link] = {}
            self._add_relatives(resource_id, found)
            self._add_rules(resource_id, found)
            self._add_same_use(resource_id, found)
            self._links[resource_id] = found
        return self._links[resource_id]

    def _add_relatives(self, resource_id: str, found: dict[str, Link]) -> None:
        catalogue = self._catalogue
        _keep(found, resource_id, Link(1.0, "same"))
        lineage = catalogue.lineage(resource_id)
        for steps, ancestor in enumerate(lineage[1 : MAX_STEPS_UP + 1], start=1):
            width = (
                1.0
                if len(catalogue.descendants(ancestor)) <= constant("wide_family")
                else constant("vague_family")
            )
            _keep(found, ancestor, Link(constant("broader_need") ** steps * width, "broader"))
        own_width = (
            1.0
            if len(catalogue.descendants(resource_id)) <= constant("wide_family")
            else constant("vague_family")
        )
        for child in catalogue.children.get(resource_id, ()):
            _keep(found, child, Link(constant("narrower_need") * own_width, "narrower"))
            for grandchild in catalogue.children.get(child, ()):
                _keep(found, grandchild, Link(constant("narrower_need") ** 2 * own_width, "narrower"))
        parent = catalogue.resources[resource_id].parent
        if parent and catalogue.resources[parent].interchange > 0:
            for sibling in catalogue.children[parent]:
                if sibling != resource_id:
                    _keep(found, sibling, Link(catalogue.resources[parent].interchange, "sibling"))

    def _add_rules(self, resource_id: str, found: dict[str, Link]) -> None:
        catalogue = self._catalogue
        for steps, origin in enumerate(catalogue.lineage(resource_id)):
            for rule in self._rules_from.get(origin, ()):
                self._add_rule(rule, constant("rule_step") ** steps, found)
        below = catalogue.descendants(resource_id)
        vague = constant("vague_rule") * (
            1.0 if len(below) <= constant("wide_family") else constant("vague_family")
        )
        for descendant in below:
            for rule in self._rules_from.get(descendant, ()):
                self._add_rule(rule, vague, found, relation="vague")

    def _add_same_use(self, resource_id: str, found: dict[str, Link]) -> None:
        """Link what serves one precise need: who asks for cullet to melt may take broken bottles."""
        origins = self._catalogue.lineage(resource_id)[:2]
        for rule in (rule for origin in origins for rule in self._rules_from.get(origin, ())):
            rivals = self._rules_to[rule.to_resource]
            if self._catalogue.resources[rule.to_resource].role != "input" or len(rivals) > constant(
                "most_rivals"
            ):
                continue
            for rival in rivals:
                strength = rule.strength * rival.strength * constant("same_use")
                _keep(found, rival.from_resource, Link(strength, "rule", rule))

    def _add_rule(self, rule: Rule, factor: float, found: dict[str, Link], relation: str = "rule") -> None:
        catalogue = self._catalogue
        strength = rule.strength * factor
        if not FUELS.isdisjoint(catalogue.lineage(rule.to_resource)):
            strength *= constant("burnt_material")
        step = constant("rule_step")
        _keep(found, rule.to_resource, Link(strength, relation, rule))
        for descendant in catalogue.descendants(rule.to_resource):
            _keep(found, descendant, Link(strength * step, relation, rule))
        parent = catalogue.resources[rule.to_resource].parent
        if parent and len(catalogue.descendants(parent)) <= constant("wide_family"):
            _keep(found, parent, Link(strength * constant("broader_need") * step, relation, rule))


def _keep(found: dict[str, Link], resource_id: str, link: Link) -> None:
    current = found.get(resource_id)
    if current is None or link.strength > current.strength:
        found[resource_id] = link
