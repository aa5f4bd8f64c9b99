"""Services on different things, goods of one name, and what a round of dangerous things takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from matching.criteria.timing import calendars_met
from matching.model import Flow, Kind
from matching.mutualisation.apartness import under_pressure
from matching.mutualisation.subjects import asks_for_training, objects, objects_apart
from matching.results import SynergyKind
from tests.matching.builders import flow, site
from tests.matching.territories import match


def bought(label: str, km: float = 0.0, kind: Kind = Kind.SERVICE) -> Flow:
    return flow(site(label, km), "input", label, 5, "unité", kind=kind)


def members(rows: Sequence[Flow]) -> list[set[str]]:
    found = match(rows, kinds=(SynergyKind.MUTUALISATION.value,)).synergies
    return [{one.flow.label for one in pool.members} for pool in found]


@pytest.mark.parametrize(
    ("label", "service", "thing"),
    [
        ("Réaffûtage de mèches", "sharpening", "workshop tools"),
        ("Dosage de métaux dans les sols", "analysis", "soil"),
        ("Analyse des rejets atmosphériques", "analysis", "air"),
        ("Nettoyage des vitrages", "washing", "windows"),
    ],
)
def test_a_service_names_what_it_is_done_to(label: str, service: str, thing: str) -> None:
    assert objects(bought(label))[service] == {thing}


def test_a_thing_without_the_service_names_no_object() -> None:
    assert "sharpening" not in objects(bought("Vente de skis"))
    assert not objects(bought("Affûtage de skis", kind=Kind.SPACE)).get("sharpening")


def test_the_longer_phrase_takes_the_word_it_holds() -> None:
    gas, feed = (bought(f"Azote {word}", kind=Kind.MATERIAL) for word in ("organique", "liquide"))
    assert objects_apart([gas, feed])[0, 1]


def test_one_service_on_two_things_makes_two_contracts() -> None:
    rows = [
        bought("Affûtage de forets", 0),
        bought("Affûtage de fraises", 1),
        bought("Affûtage de carres de skis", 0.5),
    ]
    assert all("Affûtage de carres de skis" not in found for found in members(rows))
    assert {"Affûtage de forets", "Affûtage de fraises"} in members(rows)


def test_people_to_be_trained_are_counted_by_head_and_said_so() -> None:
    assert asks_for_training(flow(site("A"), "input", "Soudeurs à former", 4, "unité", kind=Kind.SKILL))
    assert not asks_for_training(flow(site("A"), "input", "Soudeur formé", 0.4, "ETP", kind=Kind.SKILL))
    assert not asks_for_training(flow(site("A"), "input", "Soudeurs", 4, "unité", kind=Kind.SKILL))


def test_a_trade_to_learn_is_a_session_and_the_same_trade_by_posts_is_not() -> None:
    learn = [
        flow(site(name, km), "input", f"Perfectionnement de {n} soudeurs", n, "unité", kind=Kind.SKILL)
        for name, km, n in (("A", 0, 3), ("B", 1, 4))
    ]
    found = match(learn, kinds=(SynergyKind.MUTUALISATION.value,)).synergies
    assert [one.form for one in found] == ["joint_training"]


def test_a_season_meets_a_whole_year_better_than_another_season_half_shared() -> None:
    year, spring, early = 0b111111111111, 0b000000011100, 0b000000000111
    met = calendars_met(np.array([year, spring, early, 0b110000000000], dtype=np.uint16))
    assert met[0, 1] == pytest.approx(0.5)
    assert met[0, 1] > met[1, 2] > met[1, 3] == 0
    assert np.allclose(met, met.T)
    assert np.allclose(np.diag(met), 1)


def test_gases_in_containers_are_told_by_the_first_thing_named_or_by_their_code() -> None:
    assert under_pressure(flow(site("A"), "output", "Aérosols de dégrippant", 1))
    assert under_pressure(flow(site("A"), "output", "Boîtiers vides", 1, waste_code="160504"))
    assert not under_pressure(flow(site("A"), "output", "Pots de colle et aérosols", 1))


def test_a_round_of_dangerous_waste_goes_further_than_one_of_clean_waste() -> None:
    far = [
        flow(site(name, km), "output", "Solvants usagés", 2, resource="solvent-spent", waste_code="140603")
        for name, km in (("A", 0), ("B", 31))
    ]
    clean = [
        flow(site(name, km), "output", "Cartons", 8, resource="cardboard")
        for name, km in (("A", 0), ("B", 31))
    ]
    assert members(clean) == []
    assert len(members(far)) == 1
