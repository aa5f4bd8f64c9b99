"""What a need refuses by figures, sizes, formats and treatments that both sides say in words."""

from __future__ import annotations

from typing import Any

import pytest

from matching.catalogue.loader import load_catalogue
from matching.facts import facts_of
from matching.marks.marking import offered_marks, refused_marks
from matching.marks.steps import mark, marks_above, marks_below
from matching.model import Kind
from tests.matching.builders import flow, site

CATALOGUE = load_catalogue()


def excluded(need: str, offer: str, **fields: Any) -> bool:
    """Tell whether a need excludes an offer by what both say."""
    asks = facts_of(flow(site("A"), "input", need, **fields), CATALOGUE)
    gives = facts_of(flow(site("B"), "output", offer, **fields), CATALOGUE)
    return any(phrase <= gives.stems for phrase in asks.refused_phrases)


@pytest.mark.parametrize(
    ("need", "offer", "refused"),
    [
        ("Cendres, chlorures < 1 %", "Cendres, chlorures 12 %", True),
        ("Cendres, chlorures < 1 %", "Cendres, chlorures 0,3 %", False),
        ("Cendres, chlorures < 1 %", "Cendres, sable 12 %", False),
        ("Sable, moins de 2 % de sel", "Sable, sel 15 g/kg", False),
        ("Sable, moins de 2 % de sel", "Sable, sel 90 g/kg", True),
        ("Boue, zinc < 300 mg/kg", "Boue, Zn 4 g/kg", True),
        ("Solution, Cu > 60 g/L", "Solution, cuivre 5 g/L", True),
        ("Solution, Cu > 60 g/L", "Solution, cuivre 80 g/L", False),
        ("Laitier à 3 % de silice", "Laitier, silice 40 %", False),
    ],
)
def test_a_bound_on_a_content_refuses_what_is_surely_beyond(need: str, offer: str, refused: bool) -> None:
    assert excluded(need, offer) is refused


@pytest.mark.parametrize(
    ("need", "offer", "refused"),
    [
        ("Ardoise > 10 cm", "Boue de sciage d'ardoise", True),
        ("Ardoise > 10 cm", "Ardoise cassée < 5 mm", True),
        ("Ardoise > 10 cm", "Ardoises ébréchées", False),
        ("Planches de chêne", "Sciure de chêne", True),
        ("Planches de chêne", "Chutes de chêne", False),
        ("Sciure ou planches de chêne", "Sciure de chêne", False),
        ("Bois pour planches", "Sciure de chêne", False),
    ],
)
def test_who_asks_for_pieces_takes_no_grains(need: str, offer: str, refused: bool) -> None:
    assert excluded(need, offer) is refused


@pytest.mark.parametrize(
    ("need", "offer", "refused"),
    [
        ("Chariot, capacité 3 t mini", "Transpalette 500 kg", True),
        ("Chariot, capacité 3 t mini", "Chariot 4 t", False),
        ("Nacelle, au moins 18 m", "Nacelle 8 m", True),
        ("Broyeur pour 300 t par an", "Broyeur 20 kW, 2 t", False),
    ],
)
def test_a_machine_that_carries_or_reaches_too_little_is_refused(
    need: str, offer: str, refused: bool
) -> None:
    assert excluded(need, offer, kind=Kind.EQUIPMENT) is refused


@pytest.mark.parametrize(
    ("need", "offer", "refused"),
    [
        ("Bidons 20 L", "Cuves 1 m3", True),
        ("Bidons 20 L", "Bidons de 25 litres", False),
        ("Fûts 200 L mini", "Cuves 1000 L", False),
        ("Tubes Ø 30", "Tubes Ø 110 mm", True),
        ("Caisses 600x400", "Caisses 60x40 cm", False),
        ("Caisses 300x200", "Caisses 1200x800", True),
    ],
)
def test_packaging_of_another_format_is_refused(need: str, offer: str, refused: bool) -> None:
    assert excluded(need, offer, kind=Kind.PACKAGING) is refused


def test_formats_tell_nothing_of_materials() -> None:
    assert not excluded("Tôle 300x200", "Tôle 1200x800")


@pytest.mark.parametrize(
    ("need", "offer", "refused"),
    [
        ("Laine lavée", "Laine non lavée", True),
        ("Laine lavée", "Laine", False),
        ("Laine à laver", "Laine non lavée", False),
        ("Laine lavée par nos soins", "Laine non lavée", False),
        ("Laine non triée", "Laine jamais triée", False),
    ],
)
def test_what_must_be_done_before_refuses_what_says_it_is_not(need: str, offer: str, refused: bool) -> None:
    assert excluded(need, offer) is refused


@pytest.mark.parametrize("kind", [Kind.SKILL, Kind.SPACE, Kind.SERVICE])
def test_figures_of_jobs_and_places_are_no_marks(kind: Kind) -> None:
    assert offered_marks(flow(site("A"), "output", "Sel 40 %, < 3 mm", kind=kind)) == frozenset()
    assert refused_marks(flow(site("A"), "input", "Sel < 4 %, > 3 cm", kind=kind)) == ()


@pytest.mark.parametrize("value", [0.004, 0.1, 1.0, 2.5, 39.0])
def test_a_figure_never_falls_beyond_itself(value: float) -> None:
    assert mark("x-least", value) not in marks_above("x", "size", value)
    assert mark("x-most", value) not in marks_below("x", "size", value)


@pytest.mark.parametrize("value", [0.004, 0.1, 1.0, 2.5, 39.0])
def test_three_times_a_figure_is_surely_beyond_it(value: float) -> None:
    assert mark("x-least", 3 * value) in marks_above("x", "size", value)
    assert mark("x-most", value / 3) in marks_below("x", "size", value)
