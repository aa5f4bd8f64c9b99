"""What a label means by the kind that is declared, by its use, and what a comment may not rule out."""

from __future__ import annotations

import pytest

from matching.catalogue.loader import load_catalogue
from matching.classify import default_classifier
from matching.model import Direction, Kind
from matching.words import COMMENT_WEIGHT, tokens


def scores(label: str, direction: str, kind: Kind) -> dict[str, float]:
    found = default_classifier().classify_text(label, Direction(direction), kind, top=400)
    return {one.resource: one.score for one in found}


def test_a_machine_declared_as_a_need_of_energy_means_the_heat_it_takes() -> None:
    label = "Alambics à chauffer"
    by_energy, by_equipment = (scores(label, "input", kind) for kind in (Kind.ENERGY, Kind.EQUIPMENT))
    assert by_energy.get("equip-still", 0.0) < 0.6 * by_equipment["equip-still"]


def test_a_matter_that_burns_may_be_declared_as_energy() -> None:
    label = "Plaquettes de bois"
    as_matter, as_energy = (scores(label, "output", kind) for kind in (Kind.MATERIAL, Kind.ENERGY))
    assert as_energy["wood-chips"] > 0.85 * as_matter["wood-chips"]


def test_a_bath_declared_as_water_may_be_given_away_as_a_matter() -> None:
    given, asked = (scores("Acide nitrique", side, Kind.WATER) for side in ("output", "input"))
    assert asked["nitric-acid"] < 0.7 * given["nitric-acid"]


def test_a_comment_rules_nothing_out() -> None:
    classifier = default_classifier()
    telling = [r for r in load_catalogue().resources.values() if r.not_words and len(r.not_words[0]) > 4]
    resource = telling[len(telling) // 2]
    word, place = resource.not_words[0], sorted(load_catalogue().resources).index(resource.resource_id)
    heard = classifier._surroundings.heard
    assert place in heard(tokens(f"{resource.name.fr} {word}")).ruled_out
    assert place not in heard([*tokens("Lot"), *tokens(word, COMMENT_WEIGHT)]).ruled_out


@pytest.mark.parametrize(("formula", "name"), [("NaCl", "sel"), ("CaCO₃", "calcium"), ("KOH", "potasse")])
def test_a_formula_says_the_name_of_its_substance(formula: str, name: str) -> None:
    assert name in {token.word for token in tokens(formula)}
