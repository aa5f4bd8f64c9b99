"""Trades that were once missing are read, meet the needs they serve, and stay away from their look-alikes."""

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
        ("output", Kind.MATERIAL, "Bouts de noyer et d'ébène", "fine-wood-offcuts"),
        ("output", Kind.MATERIAL, "Expired fall-arrest gear and climbing ropes", "climbing-gear-used"),
        ("output", Kind.MATERIAL, "Blanchets offset à changer", "offset-blankets-used"),
        ("output", Kind.MATERIAL, "Copeaux d'épicéa et de pin", "wood-softwood-shavings"),
        ("output", Kind.MATERIAL, "Balles de padel du club", "tennis-balls-used"),
        ("output", Kind.ENERGY, "Rejet de thermes vers le ruisseau", "spa-discharge-water"),
        ("input", Kind.MATERIAL, "Terre crue pour un torchis", "earth-building-need"),
        ("input", Kind.MATERIAL, "Fascines pour une berge", "erosion-control-need"),
        ("input", Kind.MATERIAL, "Gaz alimentaires pour barquettes", "food-gas-need"),
        ("input", Kind.PACKAGING, "Magnums et bouteilles bordelaises", "buy-glass-bottles"),
        ("input", Kind.ENERGY, "Cellules de séchage d'avivés", "wood-kiln-heat"),
        ("input", Kind.EQUIPMENT, "Finir des meubles au pistolet", "need-finishing-booth"),
        ("input", Kind.SPACE, "Hiverner des bateaux à terre", "space-boatyard"),
        ("input", Kind.TRANSPORT, "Déposer des cartons chez le transitaire", "need-port-delivery"),
        ("input", Kind.SKILL, "Programmeur FAO deux jours par semaine", "job-cam-programmer"),
        ("input", Kind.SKILL, "Greenkeeper à partager", "job-greenkeeper"),
        ("input", Kind.SERVICE, "Révision de radeaux de survie", "inspection-marine-safety"),
        ("input", Kind.SERVICE, "Tests d'infiltrométrie", "svc-airtightness-test"),
        ("input", Kind.SERVICE, "Travaux à proximité des réseaux enterrés", "training-water-network"),
    ],
)
def test_people_s_words_of_a_trade_are_read(direction: str, kind: Kind, label: str, resource: str) -> None:
    assert first_reading(label, kind, direction) == resource


@pytest.mark.parametrize(
    ("kind", "given", "needed"),
    [
        (Kind.MATERIAL, "Chutes de buis et de palissandre", "Bois pour manches de couteaux"),
        (Kind.MATERIAL, "Chutes de balsa et de Divinycell", "Âme de panneau pour cloisons légères"),
        (Kind.MATERIAL, "Tissus carbone périmés, secs", "Renforts de seconde main pour stratifier"),
        (Kind.MATERIAL, "Restes de bougies d'église", "Cire à fondre"),
        (Kind.MATERIAL, "Lames de ressort et vieilles limes", "Acier trempant"),
        (Kind.MATERIAL, "Écumes de canne", "Amendement organique"),
        (Kind.MATERIAL, "Légumes moches et fruits déclassés", "Nourrir les animaux du parc"),
        (Kind.PACKAGING, "Barriques de quatre vins", "Fûts pour vieillir du rhum"),
        (Kind.EQUIPMENT, "Conteneur reefer réformé", "Caisson isotherme recherché"),
        (Kind.EQUIPMENT, "Cabine de vernissage libre le lundi", "Laquer des portes au pistolet"),
    ],
)
def test_what_a_trade_gives_meets_the_need_it_serves(kind: Kind, given: str, needed: str) -> None:
    rows = [
        flow(site("A", 0), "output", given, kind=kind),
        flow(site("B", 2), "input", needed, kind=kind),
    ]
    assert len(match(rows, kinds=("substitution",)).synergies) == 1


@pytest.mark.parametrize(
    ("kind", "given", "needed"),
    [
        (Kind.MATERIAL, "Copeaux de sapin et de douglas", "Bois de fumaison, feuillus"),
        (Kind.MATERIAL, "Poussières de carbone cuit", "Renforts de seconde main pour stratifier"),
        (Kind.MATERIAL, "Géomembrane PEHD de bassin", "Toile solide pour sacs"),
        (Kind.MATERIAL, "Bouts d'aluminium en plaque", "Plaques d'acier à souder"),
        (Kind.MATERIAL, "Tessons de porcelaine cuite", "Terre à modeler"),
        (Kind.EQUIPMENT, "Cabine poudre et four de cuisson poudre", "Vernir des meubles en cabine"),
    ],
)
def test_a_look_alike_meets_no_need(kind: Kind, given: str, needed: str) -> None:
    rows = [
        flow(site("A", 0), "output", given, kind=kind),
        flow(site("B", 2), "input", needed, kind=kind),
    ]
    assert match(rows, kinds=("substitution",)).synergies == ()


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (Kind.SERVICE, "Restauration de midi pour trente", "Restauration d'une chapelle classée"),
        (Kind.SERVICE, "Renouvellement Certiphyto", "Certificat phytosanitaire pour l'export"),
        (Kind.SKILL, "Soudeur inox", "Conducteur de soudeuse à sachets"),
        (Kind.MATERIAL, "Argon pour postes TIG", "Mélange N2/CO2 alimentaire"),
        (Kind.TRANSPORT, "Péniche de granulats", "Péniche de promenade"),
    ],
)
def test_one_word_for_two_trades_makes_no_group(kind: Kind, first: str, second: str) -> None:
    rows = [
        flow(site("A", 0), "input", first, kind=kind),
        flow(site("B", 2), "input", second, kind=kind),
    ]
    assert match(rows, kinds=("mutualisation",)).synergies == ()


def test_every_need_is_served_by_a_rule_or_shared_in_a_pool() -> None:
    catalogue = load_catalogue()
    served = {rule.to_resource for rule in catalogue.rules}
    lost = [
        resource.resource_id
        for resource in catalogue.resources.values()
        if resource.role == "input"
        and not pool_keys(resource.resource_id, Direction.INPUT, catalogue)
        and not served.intersection(catalogue.lineage(resource.resource_id))
    ]
    assert lost == []
