"""Outlets: which activities could take an output."""

from __future__ import annotations

import re

import pytest

from matching.catalogue.loader import load_catalogue
from matching.engine import default_engine
from matching.outlets import Outlet, find_outlets


def outlets(text: str, **options: object) -> tuple[Outlet, ...]:
    return find_outlets(default_engine().classifier, text, **options)  # type: ignore[arg-type]


def test_spent_grain_goes_first_to_livestock() -> None:
    best = outlets("drêches de brasserie")[0]
    rule = next(rule for rule in load_catalogue().rules if rule.rule_id == best.rule)
    assert best.activity_code.startswith(("01", "10"))
    assert best.activity_code in rule.receiver_activities
    assert best.source == rule.source


@pytest.mark.parametrize("text", ["drêches", "calcin", "chaleur fatale", "palettes cassées", "sciure"])
def test_outlets_come_best_first_once_each_with_a_code_and_a_source(text: str) -> None:
    found = outlets(text, top=30)
    scores = [outlet.score for outlet in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len({outlet.activity_code for outlet in found}) == len(found)
    assert all(re.fullmatch(r"\d{2,4}", outlet.activity_code) for outlet in found)
    assert all(outlet.source and outlet.use.fr and outlet.use.en for outlet in found)


@pytest.mark.parametrize("top", [1, 3])
def test_top_keeps_the_best(top: int) -> None:
    assert outlets("drêches", top=top) == outlets("drêches", top=30)[:top]


def test_a_waste_code_alone_finds_outlets() -> None:
    assert outlets("", waste_code="170202")


def test_a_donor_of_the_usual_trade_makes_an_outlet_a_little_surer() -> None:
    rule = next(
        rule
        for rule in load_catalogue().rules
        if rule.from_resource == "spent-grain" and rule.donor_activities
    )
    donor = rule.donor_activities[0]
    plain = {o.activity_code: o.score for o in outlets("drêches", top=30) if o.rule == rule.rule_id}
    helped = {
        o.activity_code: o.score
        for o in outlets("drêches", donor_activity=donor, top=30)
        if o.rule == rule.rule_id
    }
    shared = plain.keys() & helped.keys()
    assert shared
    assert all(helped[code] >= plain[code] for code in shared)


def test_words_that_mean_nothing_find_nothing() -> None:
    assert outlets("xylobande flimarde") == ()
