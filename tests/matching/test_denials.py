"""What is turned away or absent by turns of several words, and states that a receiver cannot take."""

from __future__ import annotations

import pytest

from matching.catalogue.loader import load_catalogue
from matching.compatibility import Compatibility
from matching.engine import default_engine
from matching.facts import facts_of
from matching.parameters import constant
from matching.refusals import why_not
from tests.matching.builders import flow, positions, site

CATALOGUE = load_catalogue()


def refuses(label: str) -> frozenset[str]:
    return facts_of(flow(site("B"), "input", label), CATALOGUE).refuses


@pytest.mark.parametrize(
    "label",
    [
        "Palettes, nous refusons les palettes cassées",
        "Palettes, refus si cassées",
        "Palettes, on ne prend pas de palettes cassées",
        "Palettes à l'exclusion des cassées",
    ],
)
def test_a_refusal_in_a_turn_of_words_is_read(label: str) -> None:
    assert "broken" in refuses(label)


@pytest.mark.parametrize("label", ["Refus de criblage cassés", "Refus du tamis, cassé"])
def test_rejects_of_a_sieve_refuse_nothing(label: str) -> None:
    """In French "refus" is also what a sieve leaves."""
    assert refuses(label) == frozenset()


def test_each_of_two_refused_things_is_refused_alone() -> None:
    """ "Sans colle ni vernis" must refuse varnished wood that has no glue."""
    phrases = facts_of(flow(site("B"), "input", "Bois sans colle ni vernis ou mastic"), CATALOGUE)
    assert len(phrases.refused_phrases) == 3


def test_who_turns_away_painted_wood_takes_wood() -> None:
    assert refuses("Bois de chauffage, refuse tout bois peint") == {"painted"}
    assert refuses("Emballages sauf bois") == {"wooden"}


@pytest.mark.parametrize(
    ("given", "wanted", "resource", "need"),
    [
        ("Conserves entamées", "Dons de conserves", "surplus-dry-groceries", "food-donation"),
        ("Cadavres de volailles", "Aliment pour porcs", "abp-cat3", "livestock-feed"),
        ("Farine de blé", "Farine sans gluten", "flour", "flour"),
        ("Sucre non alimentaire", "Ingrédient sucré", "sugar-product", "food-ingredient"),
        ("Peaux brutes non tannées", "Cuir pour sellier", "leather-offcuts", "leather-craft-need"),
    ],
)
def test_a_state_the_receiver_cannot_take_is_refused(
    given: str, wanted: str, resource: str, need: str
) -> None:
    rows = [
        flow(site("A"), "output", given, 10, resource=resource),
        flow(site("B", 2), "input", wanted, 10, resource=need),
    ]
    refusal = why_not(default_engine(), rows[0], rows[1], positions(rows))
    assert not refusal.proposed
    assert "fail" in {gate.verdict for gate in refusal.gates}


def test_what_serves_one_precise_need_can_replace_what_also_serves_it() -> None:
    """A foundry that asks for cullet melts broken bottles too, less surely than cullet itself."""
    links = Compatibility(CATALOGUE).links_from("container-glass-coloured")
    assert 0.5 < links["glass-cullet"].strength < 1.0


def test_a_wide_need_makes_no_two_sources_alike() -> None:
    """Many things feed animals, compost or a digester: bread is not whey for all that."""
    rivals: dict[str, int] = {}
    for rule in CATALOGUE.rules:
        rivals[rule.to_resource] = rivals.get(rule.to_resource, 0) + 1
    assert rivals["livestock-feed"] > constant("most_rivals")
    assert "whey" not in Compatibility(CATALOGUE).links_from("bread-unsold")


def test_who_asks_for_metal_and_no_iron_asks_for_metal() -> None:
    found = facts_of(flow(site("B"), "input", "Métal clair à fondre, ni fer ni bois"), CATALOGUE)
    assert "metal" not in found.refuses
    assert "wooden" in found.refuses
    assert frozenset({"fer"}) in found.refused_phrases


@pytest.mark.parametrize("words", ["pas de zinc seul", "sans zinc pur", "no zinc alone"])
def test_a_thing_refused_alone_is_refused(words: str) -> None:
    found = facts_of(flow(site("B"), "input", f"Laiton à fondre, {words}"), CATALOGUE)
    assert frozenset({"zinc"}) in found.refused_phrases


def test_growing_without_soil_refuses_no_soil() -> None:
    assert refuses("Eau pour cultures hors-sol") == frozenset()
    assert facts_of(flow(site("B"), "input", "Eau pour cultures hors-sol"), CATALOGUE).refused_phrases == ()


def test_what_a_comment_says_of_an_offer_may_be_refused() -> None:
    stiff = flow(site("A"), "output", "Chutes de mousse", comment="alvéoles rigides, sans colle")
    said = facts_of(stiff, CATALOGUE).stems
    wanted = facts_of(flow(site("B"), "input", "Mousse à déchiqueter, ni rigide ni peinte"), CATALOGUE)
    assert any(phrase <= said for phrase in wanted.refused_phrases)
    assert not said & {"coll"}


@pytest.mark.parametrize(
    ("label", "property_"),
    [
        ("Panneaux alu et polyéthylène", "plastic"),
        ("Semences enrobées d'insecticide", "toxic"),
        ("Seeds coated with a fungicide", "toxic"),
    ],
)
def test_a_polymer_is_plastic_and_a_pesticide_is_toxic(label: str, property_: str) -> None:
    assert property_ in facts_of(flow(site("A"), "output", label), CATALOGUE).has
