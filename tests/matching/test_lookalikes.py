"""Words that sound like a state and are none, and states that figures, trades and contaminants tell."""

from __future__ import annotations

import pytest

from matching.catalogue.loader import load_catalogue
from matching.facts import facts_of
from matching.model import Kind
from tests.matching.builders import flow, site

CATALOGUE = load_catalogue()


def has(
    label: str, direction: str = "output", activity: str = "", kind: Kind = Kind.MATERIAL
) -> frozenset[str]:
    return facts_of(flow(site("A", activity_code=activity), direction, label, kind=kind), CATALOGUE).has


@pytest.mark.parametrize(
    ("alike", "real", "state"),
    [
        ("Presse inutilisée depuis 2019", "Presse inutilisable", "broken"),
        ("Gobelets à usage unique", "Gobelets usagés", "spent"),
        ("Paille souillée du haras", "Cartons souillés", "soiled"),
        ("Paille souillée de fientes", "Paille, bâche souillée", "soiled"),
        ("Anhydrite de synthèse, silice synthétique", "Mousse synthétique", "synthetic"),
        ("Autoclave de stérilisation", "Piquets autoclave", "creosoted"),
        ("Cuir tanné au chrome", "Robinets chromés", "painted"),
        ("Chutes de nickel", "Profilés laqués", "painted"),
    ],
)
def test_a_turn_that_sounds_like_a_state_is_none(alike: str, real: str, state: str) -> None:
    assert state not in has(alike)
    assert state in has(real)


def test_what_is_said_to_hold_nothing_of_it_has_nothing_of_it() -> None:
    assert "synthetic" not in has("Bourre de laine, rien de synthétique")


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("Maïs humide DON 4 ppm", "unfit_animals"),
        ("Pommes, résidus > LMR", "unfit_animals"),
        ("Tourteau positif salmonelle", "unfit_animals"),
        ("Son resté en fumigation", "toxic"),
        ("Lait écarté, antibio", "unfit_animals"),
        ("Plaques chromées", "painted"),
    ],
)
def test_a_contaminant_tells_what_it_makes_unfit(label: str, state: str) -> None:
    assert state in has(label)


def test_a_gift_is_no_mould() -> None:
    assert "unfit_animals" not in has("Don de 4 palettes de pommes")
    assert "unfit_animals" not in has("DON ALIMENTAIRE, yaourts")


def test_water_of_salt_works_is_salty_and_their_pallets_are_not() -> None:
    assert "salty" in has("Eau de vidange", activity="08.93Z", kind=Kind.WATER)
    assert "salty" not in has("Eau de vidange", activity="10.51C", kind=Kind.WATER)
    assert "salty" not in has("Palettes perdues", activity="08.93Z", kind=Kind.PACKAGING)
    assert "salty" not in has("Eau pour nettoyer", "input", "08.93Z", Kind.WATER)
