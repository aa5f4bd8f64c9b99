"""What a kind of firm typically gives and needs."""

from __future__ import annotations

import pytest

from matching.catalogue.loader import load_catalogue
from matching.errors import InvalidParametersError
from matching.model import Direction
from matching.profiles import typical_flows


def _names(code: str, direction: Direction, top: int = 30) -> set[str]:
    return {f.resource for f in typical_flows(code, load_catalogue(), top) if f.direction is direction}


def test_a_brewery_gives_spent_grain() -> None:
    assert "spent-grain" in _names("11.05Z", Direction.OUTPUT)


def test_a_code_with_or_without_a_dot_or_a_letter_says_the_same() -> None:
    assert typical_flows("11.05Z", load_catalogue()) == typical_flows("1105", load_catalogue())


@pytest.mark.parametrize("code", ["10.51", "25", "01.21", "16.10A", "23.51Z", "55.10Z"])
def test_both_what_is_given_and_what_is_needed_are_proposed(code: str) -> None:
    flows = typical_flows(code, load_catalogue(), top=20)
    assert 0 < len(flows) <= 20
    assert {flow.direction for flow in flows} == set(Direction)
    weights = [flow.weight for flow in flows]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


def test_nearly_every_division_has_a_profile() -> None:
    divisions = {f"{number:02d}" for number in range(1, 97)} - {
        "04",
        "34",
        "40",
        "44",
        "48",
        "54",
        "57",
        "67",
    }
    divisions -= {"76", "83", "89", "05", "06", "07", "12", "09"}
    known = {division for division in divisions if typical_flows(division, load_catalogue(), 4)}
    assert len(known) > 0.8 * len(divisions)


@pytest.mark.parametrize("code", ["", "A", "1", "boulangerie", "10.51.32"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidParametersError):
        typical_flows(code, load_catalogue())
