"""What firms name by its use, by its trade or by a certificate is read as the resource it stands for."""

from __future__ import annotations

import pytest

from matching.catalogue.loader import load_catalogue
from matching.catalogue.tables import read_rows, split
from matching.model import Direction, Kind
from matching.mutualisation.forms import pool_keys
from matching.words import stems
from tests.matching.builders import flow, site
from tests.matching.readings import first_reading
from tests.matching.territories import match

# A need of these strengths or more is met by the resource itself: both are one thing to share.
SAME_THING = 0.9
SHARED_KINDS = frozenset({Kind.EQUIPMENT, Kind.SPACE})


@pytest.mark.parametrize(
    ("label", "kind", "resource"),
    [
        ("Porteur du R489, pointe de printemps", Kind.SKILL, "job-forklift-driver"),
        ("Certifié COFREND, deux jours", Kind.SKILL, "job-ndt-technician"),
        ("Tenir notre PMS, tartares et marinades", Kind.SKILL, "job-food-quality"),
        ("Trayeurs du dimanche", Kind.SKILL, "job-livestock-worker"),
        ("Packshots de la collection", Kind.SERVICE, "svc-product-photo"),
        ("Rubans émoussés à reprendre", Kind.SERVICE, "svc-tool-sharpening"),
        ("Masses étalons pour la bascule à camions", Kind.SERVICE, "svc-weighing-verification"),
        ("Décrotter la route pendant l'arrachage", Kind.SERVICE, "svc-yard-sweeping"),
        ("Passeport sécurité des entreprises extérieures", Kind.SERVICE, "training-site-access"),
        ("Stage B0-BS", Kind.SERVICE, "training-electrical-non-electrician"),
        ("Deux palettes pour le MIN, en frais", Kind.TRANSPORT, "transport-refrigerated"),
        ("Crèmes glacées vers l'ouest", Kind.TRANSPORT, "transport-frozen"),
        ("Barge vers un port de mer", Kind.TRANSPORT, "transport-river"),
        ("Où loger l'équipe d'été", Kind.SPACE, "need-staff-lodging"),
        ("Mettre à l'abri des caravanes", Kind.SPACE, "need-covered-shelter"),
        ("De quoi alimenter l'enrouleur", Kind.WATER, "irrigation-water"),
        ("Lest de contrepoids", Kind.MATERIAL, "heavy-aggregate-need"),
        ("Protection gazeuse pour postes MAG", Kind.MATERIAL, "argon-welding-gas"),
        ("Tenir des colis à +4", Kind.PACKAGING, "cold-parcel-need"),
    ],
)
def test_a_use_a_trade_word_or_a_certificate_is_enough(label: str, kind: Kind, resource: str) -> None:
    assert first_reading(label, kind) == resource


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (Kind.SKILL, "Infirmière sur site, mi-temps", "Infirmière de bloc opératoire, mi-temps"),
        (Kind.TRANSPORT, "Navette du personnel", "Navette de palettes"),
        (Kind.TRANSPORT, "Rungis, palettes en frais", "Rungis, palettes en négatif"),
        (Kind.SERVICE, "Affûtage de lames de scie", "Affûtage des carres de skis"),
        (Kind.SERVICE, "Étalonnage du pont-bascule", "Étalonnage des sondes pH"),
        (Kind.SERVICE, "Photos de produits", "Photos aériennes par drone, cubages"),
        (Kind.MATERIAL, "Bouteilles pour postes MAG", "Bouteilles de propane pour le chariot"),
        (Kind.MATERIAL, "Glace en écailles", "Glace vanille en bacs"),
    ],
)
def test_one_word_for_two_trades_makes_no_group(kind: Kind, first: str, second: str) -> None:
    rows = [
        flow(site("A", 0), "input", first, kind=kind),
        flow(site("B", 2), "input", second, kind=kind),
    ]
    assert match(rows, kinds=("mutualisation",)).synergies == ()


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        ("Cendres sous foyer de charbon, arsenic élevé", "Remonter le pH de nos limons"),
        ("Pommes de terre verdies", "Concentré énergétique pour vaches"),
        ("Copeaux de bois, sels de cuivre", "Pailler des massifs"),
    ],
)
def test_soil_and_herds_are_spared_what_the_words_say_is_in_it(given: str, needed: str) -> None:
    rows = [flow(site("A", 0), "output", given), flow(site("B", 2), "input", needed)]
    assert match(rows, kinds=("substitution",)).synergies == ()


def test_a_need_and_what_meets_it_are_shared_in_one_group() -> None:
    catalogue = load_catalogue()
    strangers = []
    for rule in catalogue.rules:
        given, needed = (catalogue.resources[end] for end in (rule.from_resource, rule.to_resource))
        if rule.strength < SAME_THING or needed.role != "input":
            continue
        if {given.kind, needed.kind} <= SHARED_KINDS and given.kind is needed.kind:
            keys = [set(pool_keys(end.resource_id, Direction.INPUT, catalogue)) for end in (given, needed)]
            if not keys[0] & keys[1]:
                strangers.append((given.resource_id, needed.resource_id))
    assert strangers == []


def test_no_wording_by_use_is_lost_among_words_that_say_nothing() -> None:
    empty = [
        (row["resource"], phrase)
        for row in read_rows("wordings/asked_by_use.csv")
        for phrase in (*split(row["wordings_fr"]), *split(row["wordings_en"]))
        if not stems(phrase)
    ]
    assert empty == []
