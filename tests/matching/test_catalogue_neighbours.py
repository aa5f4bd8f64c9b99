"""Near neighbours of the catalogue are told apart, and kindred needs meet in one group."""

from __future__ import annotations

import pytest

from matching.catalogue.loader import load_catalogue
from matching.model import Direction, Kind
from matching.mutualisation.forms import pool_keys
from tests.matching.builders import flow, site
from tests.matching.readings import first_reading
from tests.matching.territories import match


@pytest.mark.parametrize(
    ("direction", "kind", "label", "resource"),
    [
        ("output", Kind.MATERIAL, "Tartre d'échangeurs, boues de détartrage", "boiler-scale"),
        ("output", Kind.MATERIAL, "Croûtes de tartre de foudres", "wine-tartar"),
        ("output", Kind.MATERIAL, "Liquide de dégivrage avion récupéré", "glycol-deicing-spent"),
        ("output", Kind.MATERIAL, "Boxes sur copeaux, curage", "horse-manure-shavings"),
        ("output", Kind.MATERIAL, "Étoupes de lin", "flax-tow"),
        ("output", Kind.MATERIAL, "Jet A-1 defuelled from aircraft", "fuel-recovered-clean"),
        ("input", Kind.MATERIAL, "Sangler nos vacherins", "natural-tie-need"),
        ("input", Kind.MATERIAL, "Vins à acétifier", "vinegar-feedstock-need"),
        ("input", Kind.MATERIAL, "Pièces pour travaux pratiques de lycéens", "training-material-need"),
        ("input", Kind.ENERGY, "Molécule et acheminement, compteur T3", "natural-gas"),
        ("input", Kind.SKILL, "Traire deux soirs par semaine", "job-livestock-worker"),
        ("input", Kind.SKILL, "Évaporateur qui givre à dépanner", "job-refrigeration-technician"),
        ("input", Kind.SERVICE, "Recherche de listeria dans nos terrines", "analysis-food"),
        ("input", Kind.EQUIPMENT, "Sortir le digestat au printemps", "equip-spreader"),
    ],
)
def test_a_trade_s_own_words_tell_near_neighbours_apart(
    direction: str, kind: Kind, label: str, resource: str
) -> None:
    assert first_reading(label, kind, direction) == resource


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ("Croûtes de tartre de foudres", "Tartres à transformer en acide"),
        ("Run-off from de-icing pads", "MPG à redistiller"),
        ("Cônes de coton entamés", "Fil de trame pour tapis"),
        ("Toiles de tissage enduites, laizes", "Toile solide et étanche pour sacs"),
        ("Racines d'endives", "Compléter la ration des génisses"),
        ("Gypse chimique, blanc", "Régulateur de prise pour clinker"),
        ("Thé et tisanes déclassés", "Tanins pour teindre"),
        ("Verre feuilleté, rebuts", "Pare-brise à recycler, PVB à récupérer"),
    ],
)
def test_what_one_gives_meets_what_the_other_makes_of_it(given: str, needed: str) -> None:
    rows = [flow(site("A", 0), "output", given), flow(site("B", 2), "input", needed)]
    assert len(match(rows, kinds=("substitution",)).synergies) == 1


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ("Tartre de chaudière, calcaire de détartrage", "Tartres à transformer en acide"),
        ("Antigel de moteurs vidangé, éthylène glycol", "MPG à redistiller"),
        ("Boxes sur copeaux, curage", "Compost à agarics"),
        ("Lait d'animaux sous antibiotique", "Soupe pour porcs charcutiers"),
        ("Huile hydraulique phosphate-ester", "Combustible pour feux d'exercice"),
    ],
)
def test_a_look_alike_is_not_proposed(given: str, needed: str) -> None:
    rows = [flow(site("A", 0), "output", given), flow(site("B", 2), "input", needed)]
    assert match(rows, kinds=("substitution",)).synergies == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("job-electrical-maintenance", "job-maintenance-technician"),
        ("job-bid-writer", "svc-tender-response"),
        ("job-plasterer-tiler", "job-decorator"),
        ("job-tractor-driver", "svc-farm-contracting"),
        ("equip-baler", "equip-compactor"),
        ("svc-courier", "svc-mail-parcels"),
        ("inspection-machines", "inspection-lifting"),
    ],
)
def test_kindred_work_is_shared_in_one_group(first: str, second: str) -> None:
    catalogue = load_catalogue()
    keys = [set(pool_keys(resource, Direction.INPUT, catalogue)) for resource in (first, second)]
    assert keys[0] & keys[1]


@pytest.mark.parametrize(
    ("first", "second"),
    [("grape-marc", "wine-lees"), ("crustacean-shells", "mollusc-shells"), ("wood-ash", "coal-bottom-ash")],
)
def test_kindred_leftovers_go_in_one_round(first: str, second: str) -> None:
    catalogue = load_catalogue()
    keys = [set(pool_keys(resource, Direction.OUTPUT, catalogue)) for resource in (first, second)]
    assert keys[0] & keys[1]
