"""Loads that are never shared: people with goods, frozen with chilled, clean with dangerous."""

from __future__ import annotations

from typing import Any

import pytest

from matching.catalogue.loader import load_catalogue
from matching.engine import default_engine
from matching.model import Flow, Kind
from matching.mutualisation import alike
from matching.mutualisation.carrying import GOODS, PEOPLE, apart, carries, coldness
from matching.mutualisation.pools import find_pools
from matching.mutualisation.senses import Sense
from matching.parameters import MatchParameters
from tests.matching.builders import flow, positions, site

CATALOGUE = load_catalogue()


def journey(label: str, comment: str = "") -> Flow:
    return flow(site("A"), "input", label, kind=Kind.TRANSPORT, comment=comment)


def members(*rows: Flow) -> list[set[str]]:
    """Return the labels of each pool."""
    engine = default_engine()
    columns, amounts = engine.columns(rows, positions(rows))
    pools = find_pools(columns, engine.catalogue, amounts, MatchParameters(), engine.classifier)
    return [{one.flow.label for one in pool.members} for pool in pools]


@pytest.mark.parametrize(
    ("row", "found", "load"),
    [
        (journey("Péniche", "80 passagers"), (("transport-river", 0.6),), PEOPLE),
        (journey("Péniche", "sans passagers"), (("transport-river", 0.6),), GOODS),
        (journey("Navette"), (("transport-shuttle-station", 0.6), ("transport-parcels", 0.3)), PEOPLE),
        (journey("Navette"), (("transport-shuttle-station", 0.6), ("transport-parcels", 0.6)), ""),
        (journey("Navette"), (), ""),
        (flow(site("A"), "input", "Passagers"), (("transport-river", 0.6),), ""),
    ],
)
def test_a_journey_carries_what_its_words_or_most_readings_say(
    row: Flow, found: tuple[tuple[str, float], ...], load: str
) -> None:
    assert carries(row, found, CATALOGUE) == load


@pytest.mark.parametrize(
    ("row", "cold"),
    [
        (journey("Rungis en négatif"), "frozen"),
        (journey("4 palettes", "-20 °C"), "frozen"),
        (journey("6 palettes en frais"), "chilled"),
        (journey("6 palettes"), ""),
        (journey("Frigo pour Lyon"), "chilled"),
        (journey("Semi bâchée pour Lyon"), "dry"),
        (flow(site("A"), "input", "Local sec", kind=Kind.SPACE), ""),
        (flow(site("A"), "output", "Produits surgelés"), ""),
    ],
)
def test_a_load_is_frozen_or_chilled_by_its_own_words(row: Flow, cold: str) -> None:
    assert coldness(row) == cold


def test_a_shuttle_of_parcels_carries_no_people() -> None:
    found = (("transport-shuttle-station", 0.6),)
    assert carries(journey("Navette de colis"), found, CATALOGUE) == GOODS
    assert carries(journey("Navette de colis et passagers"), found, CATALOGUE) == PEOPLE
    assert carries(journey("Navette", "colis à part"), found, CATALOGUE) == PEOPLE


def test_only_two_known_and_different_loads_stay_apart() -> None:
    assert apart(PEOPLE, GOODS)
    assert not apart(PEOPLE, PEOPLE)
    assert not apart(PEOPLE, "")


def needs(label: str, km: float, comment: str = "", **fields: Any) -> Flow:
    return flow(site(label, km), "input", label, 5, "trajet", kind=Kind.TRANSPORT, comment=comment, **fields)


def test_passengers_do_not_board_a_barge_of_gravel() -> None:
    river = {"resource": "transport-river"}
    barges = needs("Granulats par péniche", 0, **river), needs("Ciment par péniche", 1, **river)
    boat = needs("Péniche de promenade", 2, "80 passagers", **river)
    assert members(*barges, boat) == [{"Granulats par péniche", "Ciment par péniche"}]


def test_frozen_loads_do_not_travel_with_others() -> None:
    cold = {"resource": "transport-partial"}
    fresh = needs("Palettes de légumes", 0, **cold), needs("Palettes de fromages", 1, **cold)
    frozen = needs("Palettes de glaces", 2, "-20 °C", **cold)
    assert members(*fresh, frozen) == [{"Palettes de légumes", "Palettes de fromages"}]


def test_dry_loads_do_not_travel_with_chilled_ones() -> None:
    cold = {"resource": "transport-partial"}
    fresh = needs("Palettes de beurre", 0, "frigo", **cold), needs("Palettes de fromages", 1, "frais", **cold)
    dry = needs("Palettes de tuiles", 2, "semi bâchée", **cold)
    assert members(*fresh, dry) == [{"Palettes de beurre", "Palettes de fromages"}]


@pytest.mark.parametrize(
    ("soil", "together"), [("souillées de viande", True), ("souillées de résine", False)]
)
def test_what_food_has_soiled_is_collected_with_its_like(soil: str, together: bool) -> None:
    boxes = [
        flow(site(name, km), "output", f"Caisses {said}", 5, resource="eps", kind=Kind.PACKAGING)
        for name, km, said in (("A", 0, "nettoyées"), ("B", 1, soil))
    ]
    assert (len(members(*boxes)) == 1) is together


def test_lithium_is_not_collected_with_lead() -> None:
    cells = [
        flow(site(name, km), "output", name, 5, resource=resource)
        for name, km, resource in (
            ("A", 0, "lead-batteries"),
            ("B", 1, "lead-batteries"),
            ("C", 2, "lithium-batteries"),
        )
    ]
    assert members(*cells) == [{"A", "B"}]


def test_a_collection_takes_clean_things_or_dangerous_ones() -> None:
    films = [
        flow(
            site(name, km),
            "output",
            name,
            5,
            resource="agri-film-cover",
            kind=Kind.PACKAGING,
            hazardous=hazardous,
        )
        for name, km, hazardous in (
            ("Films", 0, None),
            ("Bâches", 1, None),
            ("Bidons", 2, True),
            ("Fûts", 3, True),
        )
    ]
    assert sorted(map(sorted, members(*films))) == [["Bidons", "Fûts"], ["Bâches", "Films"]]


def test_a_second_look_keeps_known_and_different_loads_apart() -> None:
    engine = default_engine()
    rows = journey("Tournée"), journey("Navette")
    columns, _ = engine.columns(rows, positions(rows))

    def closeness(first: tuple[str, str], second: tuple[str, str]) -> float:
        one, other = (Sense(n, 0.3, {}, {}, load) for n, load in enumerate((first, second)))
        return alike.closeness(one, other, columns, 2)

    for first, second in ((PEOPLE, GOODS), ("", PEOPLE), (GOODS, GOODS)):
        kept_apart = "" not in (first, second) and first != second
        assert (closeness((first, ""), (second, "")) == alike.NEVER) is kept_apart
    assert closeness((GOODS, "frozen"), (GOODS, "chilled")) == alike.NEVER
