"""What a need turns away without saying so: what spoils its use, and the others of the family it names."""

from __future__ import annotations

from typing import Any

import pytest

from matching.catalogue.loader import load_catalogue
from matching.catalogue.tables import read_rows, split
from matching.columns import property_bits
from matching.facts import Facts, facts_of
from matching.model import Kind
from matching.unwanted import unwanted
from tests.matching.builders import flow, site

CATALOGUE = load_catalogue()


def said(label: str, direction: str = "input", activity: str = "", **fields: Any) -> Facts:
    return facts_of(flow(site("A", activity_code=activity), direction, label, **fields), CATALOGUE)


def turned_away(need: str, offer: str, **fields: Any) -> bool:
    """Tell whether a need excludes an offer, or refuses a property that the offer has."""
    asks, gives = said(need, **fields), said(offer, "output")
    excluded = any(phrase <= gives.stems for phrase in asks.refused_phrases)
    return excluded or bool(asks.refuses & gives.has)


@pytest.mark.parametrize(
    ("need", "offer", "refused"),
    [
        ("Polypropylène à broyer", "Chutes de PVC", True),
        ("Polypropylène à broyer", "Bouchons PP", False),
        ("Balles de PET", "Bidons PEHD", True),
        ("Balles de PET", "Bouteilles PET clair", False),
        ("Balles de PE", "Bouteilles PET clair", True),
        ("Plastiques PE ou PVC", "Chutes de PVC", False),
        ("Laiton à refondre", "Chutes d'aluminium", True),
        ("Ferrailles et métaux", "Chutes d'aluminium", False),
        ("Ferrailles", "Chutes d'aluminium", True),
        ("Sulfate de fer", "Sulfate d'ammonium", True),
        ("Sulfate de fer", "Sulfate ferreux", False),
        ("Acide nitrique", "Acide citrique", True),
        ("Oxyde de zinc", "Oxyde de fer", True),
        ("Litière de paille", "Copeaux de hêtre", True),
    ],
)
def test_who_names_one_of_a_family_takes_no_other(need: str, offer: str, refused: bool) -> None:
    assert turned_away(need, offer) is refused


def test_what_follows_pour_is_a_use_and_names_no_family() -> None:
    assert not turned_away("Emballage pour pièces en laiton", "Caisses garnies d'aluminium")


@pytest.mark.parametrize("kind", [Kind.SERVICE, Kind.EQUIPMENT, Kind.TRANSPORT])
def test_who_asks_for_work_names_no_matter(kind: Kind) -> None:
    need = flow(site("A"), "input", "Découpe de laiton", kind=kind)
    assert unwanted(need, need.label) == (frozenset(), ())


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("Papiers à désencrer : désencrage", "Papier paraffiné : paraffine"),
        ("Calcin ambre", "Vaisselle en porcelaine"),
        ("Chips de bois pour fumage", "Chutes d'OSB"),
        ("Substrats de méthanisation", "Fond de cuve, biocide"),
        ("Ration de jeunes bovins", "Orge, ZEA 400 ppb"),
        ("Coproduits de catégorie 3", "Viscères C1"),
    ],
)
def test_what_spoils_a_use_is_turned_away(need: str, offer: str) -> None:
    assert turned_away(need, offer)


def test_a_wording_that_the_need_has_itself_is_not_turned_away() -> None:
    assert turned_away("Calcin", "Rebuts émaillés")
    assert not turned_away("Calcin blanc ou émaillé", "Rebuts émaillés")


def test_a_farm_refuses_what_harms_its_animals_whatever_it_asks_for() -> None:
    assert "unfit_animals" in said("Tourteau", activity="01.46Z").refuses
    assert "unfit_animals" not in said("Tourteau", activity="35.30Z").refuses
    assert "unfit_animals" not in said("Tractoriste", activity="01.46Z", kind=Kind.SKILL).refuses


def test_uses_and_families_name_known_properties_and_cite_their_source() -> None:
    known = property_bits().keys()
    for row in read_rows("uses.csv"):
        assert set(split(row["refuses"])) <= known
        assert row["source"]
    for row in (*read_rows("families.csv"), *read_rows("trade_states.csv"), *read_rows("lookalikes.csv")):
        assert row["source"]


def test_no_wording_stands_for_two_members_of_a_family() -> None:
    told: set[tuple[str, str]] = set()
    for row in read_rows("families.csv"):
        for words in (*split(row["words_fr"]), *split(row["words_en"])):
            assert (row["family"], words) not in told
            told.add((row["family"], words))


@pytest.mark.parametrize(
    ("need", "refused"), [("Ration pour digesteur, méthanisation", False), ("Ration du troupeau", True)]
)
def test_a_use_is_belied_by_another(need: str, refused: bool) -> None:
    assert turned_away(need, "Maïs, mycotoxines élevées") is refused


def test_who_smokes_over_conifers_takes_conifers() -> None:
    assert turned_away("Bois de fumage", "Copeaux de sapin")
    assert not turned_away("Bois résineux de fumage", "Copeaux de sapin")
