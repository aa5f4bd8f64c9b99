"""Bounds that a need says in words, and how much one figure of moisture covers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matching.engine import default_engine
from matching.model import Flow, Kind, Range
from matching.refusals import why_not
from matching.stated import ranges
from tests.matching.builders import flow, positions, site


def need(label: str, **fields: Any) -> Flow:
    return flow(site("B", 1), "input", label, 100, **fields)


@pytest.mark.parametrize(
    ("label", "name", "bound"),
    [
        ("Boues pompables, MS 4 % mini", "concentration_pct", 4),
        ("Soude, 30 % minimum", "concentration_pct", 30),
        ("Acide, au moins 12,5 %", "concentration_pct", 12.5),
        ("Plaquettes, humidité < 25 %", "moisture_pct", 25),
        ("Sciure sèche < 12 %", "moisture_pct", 12),
        ("Grain, humidité maxi 15%", "moisture_pct", 15),
    ],
)
def test_a_bound_in_words_is_read(label: str, name: str, bound: float) -> None:
    assert ranges([need(label)], name).tolist() == [[bound, bound]]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Vinaigre blanc 8 %", "concentration_pct"),
        ("Plaquettes, humidité au moins 25 %", "concentration_pct"),
        ("Remise de 10 % au maximum", "concentration_pct"),
        ("Soude, 30 % minimum", "moisture_pct"),
    ],
)
def test_a_share_that_sets_no_bound_is_none(label: str, name: str) -> None:
    assert np.isnan(ranges([need(label)], name)).all()


def test_a_declared_column_stands_before_words_and_offers_set_no_bound() -> None:
    declared = need("Soude, 30 % minimum", concentration_pct=Range.of(45.0))
    offered = flow(site("A"), "output", "Soude, 30 % minimum", 100)
    found = ranges([declared, offered], "concentration_pct")
    assert found[0].tolist() == [45, 45]
    assert np.isnan(found[1]).all()


@pytest.mark.parametrize(("moisture", "verdict"), [(27.0, "pass"), (28.0, "fail")])
def test_one_figure_of_moisture_is_the_middle_of_a_tenth_around_it(moisture: float, verdict: str) -> None:
    given = flow(site("A"), "output", "Plaquettes forestières", 100, moisture_pct=Range.of(moisture))
    wanted = need("Plaquettes forestières", moisture_pct=Range.of(25.0))
    gates = why_not(default_engine(), given, wanted, positions([given, wanted])).gates
    assert {gate.name: gate.verdict for gate in gates}["moisture"] == verdict


def test_a_range_of_moisture_is_taken_as_it_is() -> None:
    given = flow(site("A"), "output", "Plaquettes", 100, moisture_pct=Range(27.0, 40.0))
    assert ranges([given], "moisture_pct").tolist() == [[27, 40]]


def test_what_is_too_weak_by_the_need_s_words_is_refused() -> None:
    given = flow(site("A"), "output", "Soude caustique", 100, concentration_pct=Range.of(10.0))
    wanted = need("Soude caustique, 30 % minimum")
    found = why_not(default_engine(), given, wanted, positions([given, wanted]))
    assert {gate.name: gate.verdict for gate in found.gates}["concentration"] == "fail"


@pytest.mark.parametrize(
    ("label", "bounds"),
    [
        ("Eau tiède de process 45 °C", [45, 45]),
        ("Fumées à 180°C", [180, 180]),
        ("Eau chaude 80/60 °C", [60, 80]),
        ("Buées entre 60 et 80 degrés", [60, 80]),
        ("Frigories -10 °C", [-10, -10]),
        ("Eau glacée 6°", [6, 6]),
    ],
)
@pytest.mark.parametrize("direction", ["input", "output"])
def test_a_temperature_in_the_label_of_heat_is_read(label: str, bounds: list[float], direction: str) -> None:
    told = flow(site("A"), direction, label, 100, kind=Kind.ENERGY)
    assert ranges([told], "temperature_c").tolist() == [bounds]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Eau adoucie, dureté < 5 °f", Kind.WATER),
        ("Rejet à 60 °C, refroidi à 25 °C", Kind.WATER),
        ("Chambre froide -20 °C", Kind.SPACE),
        ("Vapeur 6 bar", Kind.ENERGY),
    ],
)
def test_several_temperatures_or_those_of_other_things_are_left_alone(label: str, kind: Kind) -> None:
    assert np.isnan(ranges([flow(site("A"), "output", label, 100, kind=kind)], "temperature_c")).all()


def test_heat_too_cold_by_its_label_is_refused_as_by_its_column() -> None:
    given = flow(site("A"), "output", "Chaleur de serveurs 28 °C", 100, kind=Kind.ENERGY)
    wanted = flow(site("B", 0.2), "input", "Vapeur pour stérilisation 134 °C", 100, kind=Kind.ENERGY)
    gates = why_not(default_engine(), given, wanted, positions([given, wanted])).gates
    assert {gate.name: gate.verdict for gate in gates}["temperature"] == "fail"
