"""Months that a label says, and those it only seems to say."""

from __future__ import annotations

import pytest

from matching.engine import default_engine
from matching.model import Kind
from matching.months_said import said_months
from matching.refusals import why_not
from tests.matching.builders import flow, positions, site


def months(label: str, kind: Kind = Kind.SPACE) -> list[int]:
    return sorted(said_months(flow(site("A"), "output", label, kind=kind)))


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Chambre froide à moitié vide jan-mai", [1, 2, 3, 4, 5]),
        ("Désherbage de novembre à mars", [1, 2, 3, 11, 12]),
        ("Renfort du 15 mai au 30 septembre", [5, 6, 7, 8, 9]),
        ("Salle hors juillet-août", [1, 2, 3, 4, 5, 6, 9, 10, 11, 12]),
        ("Un cariste 2 j/semaine en été", [6, 7, 8, 9]),
        ("Locaux libres en hiver", [1, 2, 3, 12]),
        ("Kitchen free July to August", [7, 8]),
        ("Vapeur disponible été seulement", [6, 7, 8, 9]),
    ],
)
def test_months_of_a_label_are_read(label: str, said: list[int]) -> None:
    assert months(label) == said


@pytest.mark.parametrize(
    "label",
    [
        "Plateau libre, bail jusqu'en juin",
        "Chaleur, arrêt en août",
        "Concrète de rose de mai",
        "Formation avant l'été",
        "Surtout en hiver",
        "Chantier mars-avril 2027",
        "Parking fermé en été",
        "Jan-mai puis sept-oct",
    ],
)
def test_what_is_no_season_of_the_flow_says_nothing(label: str) -> None:
    assert months(label) == []


def test_goods_wait_for_who_takes_them() -> None:
    assert months("Paille de juillet à août", Kind.MATERIAL) == []


def test_months_declared_stand_before_those_said_and_two_seasons_do_not_meet() -> None:
    given = flow(site("A"), "output", "Vapeur disponible juin-août", 100, kind=Kind.ENERGY)
    wanted = flow(site("B", 0.2), "input", "Vapeur de novembre à mars", 100, kind=Kind.ENERGY)
    declared = flow(
        site("B", 0.2), "input", "Vapeur de novembre à mars", 100, kind=Kind.ENERGY, months=frozenset({6, 7})
    )
    verdicts = []
    for need in (wanted, declared):
        found = why_not(default_engine(), given, need, positions([given, need]))
        verdicts.append({gate.name: gate.verdict for gate in found.gates}.get("season"))
    assert verdicts[0] == "fail"
    assert verdicts[1] != "fail"
