"""Matter before fire: a rule that ends in a furnace is worth less than it would be otherwise."""

from __future__ import annotations

import pytest

from matching.catalogue.loader import load_catalogue
from matching.compatibility import FUELS, Compatibility
from matching.parameters import constant

CATALOGUE = load_catalogue()


def test_fuels_are_needs_of_the_catalogue() -> None:
    assert CATALOGUE.resources.keys() >= FUELS
    assert all(CATALOGUE.resources[name].role != "output" for name in FUELS)


@pytest.mark.parametrize("burnt", [True, False])
def test_a_rule_keeps_its_strength_but_where_it_ends_in_a_fire(burnt: bool) -> None:
    compatibility = Compatibility(CATALOGUE)
    share = constant("burnt_material") if burnt else 1.0
    rules = [r for r in CATALOGUE.rules if (r.to_resource in FUELS) is burnt]
    direct = [r for r in rules if FUELS.isdisjoint(CATALOGUE.lineage(r.to_resource)) is not burnt]
    for rule in direct[:200]:
        link = compatibility.links_from(rule.from_resource)[rule.to_resource]
        assert link.strength >= share * rule.strength - 1e-9
        if link.rule is rule:
            assert link.strength == pytest.approx(share * rule.strength)


def test_a_log_is_worth_less_burnt_than_by_the_rule_alone() -> None:
    link = Compatibility(CATALOGUE).links_from("wood-bark")["biomass-fuel"]
    assert link.rule is not None
    assert link.strength < link.rule.strength
