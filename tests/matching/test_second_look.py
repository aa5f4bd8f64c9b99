"""A second look at what nothing answers: which pairs come together as a question, and which never do."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from matching import second_look
from matching.classify import Classifier
from matching.engine import default_engine
from matching.likelihood import FIGURES, Likely, figures, log_odds
from matching.model import Flow, Kind, Range
from matching.mutualisation import alike
from matching.parameters import MatchParameters, constant
from matching.results import Synergy
from matching.scoring import score_pairs
from matching.second_look import bare_pairs
from matching.substitution import Substitutions, find_substitutions
from tests.matching.builders import flow, positions, site
from tests.matching.test_renewing import Compiled, Territory

# What each label may be; none says it for sure, and the catalogue knows no word of them.
MAY_BE = {
    "Xylobande": (("glass-cullet", 0.35), ("wood-sawdust", 0.2)),
    "Flimarde": (("glass-cullet", 0.33), ("wood-chips", 0.2)),
    "Xylobande mal triée": (("glass-cullet", 0.3), ("wood-sawdust", 0.29)),
    "Xylobande en mélange": (("glass-cullet", 0.4), ("wood-sawdust", 0.1)),
    "Flimarde de pin": (("wood-chips", 0.35), ("glass-cullet", 0.1)),
    "Brume": (("steam", 0.4), ("process-heat", 0.1)),
    "Nivarde": (("process-heat", 0.4), ("steam", 0.1)),
    "Verre": (("glass-cullet", 0.9), ("wood-sawdust", 0.1)),
    "Bois": (("wood-chips", 0.9), ("glass-cullet", 0.2)),
}


def given(label: str, km: float = 0, **fields: Any) -> Flow:
    return flow(site(f"giver {km}", km), "output", label, 100, **fields)


def wanted(label: str, km: float = 1, **fields: Any) -> Flow:
    return flow(site(f"taker {km}", km), "input", label, 100, **fields)


def found(*rows: Flow, few_flows: int = 10_000) -> Substitutions:
    """Return what is found when each label may be what ``MAY_BE`` says."""
    engine = default_engine()
    columns, amounts = engine.columns(rows, positions(rows))
    said = cast(Classifier, SimpleNamespace(weighed=lambda flow, top: MAY_BE.get(flow.label, ())))
    return find_substitutions(
        columns, engine.catalogue, engine.compatibility, amounts, MatchParameters(), few_flows, said
    )


def looked_at(*rows: Flow) -> tuple[Synergy, ...]:
    return found(*rows).best


def labels(synergies: tuple[Synergy, ...]) -> set[tuple[str, str]]:
    return {(one.members[0].flow.label, one.members[1].flow.label) for one in synergies}


TWO = given("Xylobande"), wanted("Flimarde")


def test_two_flows_that_may_both_be_one_thing_come_together() -> None:
    (one,) = looked_at(*TWO)
    assert one.resource == "glass-cullet"
    assert constant("minimum_score") <= one.score < 70


def test_a_guess_says_so_and_asks_first_what_would_settle_it() -> None:
    (one,) = looked_at(*TWO)
    assert str(one.explanation).startswith("Brought together by meaning, to be checked: “Xylobande”")
    assert "by meaning" in str(one.criteria["material"].why)
    assert str(one.missing[0]).startswith("“Xylobande”: is it Cullet? And would it do for “Flimarde”")
    assert "“Xylobande”: is it Cullet?" in str(one.next_step)


def test_a_guess_is_less_sure_than_a_reading() -> None:
    (guess,) = looked_at(*TWO)
    (read,) = looked_at(given("calcin", resource="glass-cullet"), wanted("verre", resource="glass-cullet"))
    assert guess.confidence <= constant("unread_certainty") * read.confidence + 1e-3


def test_without_a_classifier_nothing_is_guessed() -> None:
    engine = default_engine()
    columns, amounts = engine.columns(TWO, positions(TWO))
    plain = find_substitutions(columns, engine.catalogue, engine.compatibility, amounts, MatchParameters())
    assert plain.best == ()


def test_what_is_answered_gets_no_second_look() -> None:
    sure = given("calcin", 2, resource="glass-cullet"), wanted("calcin", 3, resource="glass-cullet")
    assert labels(looked_at(*TWO, *sure)) == {("Xylobande", "Flimarde"), ("calcin", "calcin")}


def test_what_is_read_and_refused_is_not_guessed() -> None:
    refused = wanted("calcin", 900, resource="glass-cullet")
    assert looked_at(given("calcin", 2, resource="glass-cullet"), refused) == ()


def test_each_output_and_each_need_stands_in_one_guess_the_likeliest() -> None:
    worse = given("Xylobande mal triée", 0)
    assert labels(looked_at(worse, *TWO)) == {("Xylobande", "Flimarde")}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((TWO[0], replace(TWO[1], kind=Kind.PACKAGING)), id="another kind"),
        pytest.param((given("Xylobande en mélange"), TWO[1]), id="mixed"),
        pytest.param((replace(TWO[0], hazardous=True), TWO[1]), id="hazardous"),
        pytest.param((given("Verre"), wanted("Bois")), id="two labels read for sure"),
        pytest.param((TWO[0], replace(TWO[1], site=TWO[0].site)), id="one site"),
        pytest.param((TWO[0], wanted("Flimarde", 5_000)), id="out of reach"),
        pytest.param(
            (
                given("Brume", kind=Kind.ENERGY, temperature_c=Range.of(7)),
                wanted("Nivarde", kind=Kind.ENERGY, temperature_c=Range.of(-25)),
            ),
            id="a need of cold",
        ),
    ],
)
def test_what_nobody_should_guess_stays_apart(rows: tuple[Flow, ...]) -> None:
    assert looked_at(*rows) == ()


def test_heat_may_be_guessed_where_it_is_warm_enough() -> None:
    heat = (
        given("Brume", kind=Kind.ENERGY, temperature_c=Range.of(160)),
        wanted("Nivarde", kind=Kind.ENERGY, temperature_c=Range.of(80)),
    )
    assert labels(looked_at(*heat)) == {("Brume", "Nivarde")}


def test_a_guess_asks_for_more_where_another_need_might_as_well_be_meant() -> None:
    engine = default_engine()
    rows = (*TWO, replace(TWO[1], site=site("another", 3)))
    columns, amounts = engine.columns(rows, positions(rows))
    said = cast(Classifier, SimpleNamespace(weighed=lambda flow, top: MAY_BE[flow.label]))
    odds = []
    for needs in ([1], [1, 2]):
        likely = Likely(columns, [0], needs, engine.compatibility, said)
        pairs = bare_pairs(likely, [(0, 0)], engine.compatibility)
        scored = score_pairs(pairs, columns, engine.catalogue, amounts, MatchParameters())
        odds.append(float(log_odds(figures(likely, [(0, 0)], scored))[0]))
    assert odds[0] > odds[1]


@pytest.mark.parametrize(
    ("figure", "helps"), [("quantity", True), ("passed", True), ("unknown", False), ("same_words", False)]
)
def test_what_suits_makes_a_guess_likelier_and_what_is_open_less_likely(figure: str, helps: bool) -> None:
    table = np.zeros((2, len(FIGURES)))
    table[1, FIGURES.index(figure)] = 1
    plain, changed = log_odds(table)
    assert (changed > plain) == helps


def test_a_large_territory_gets_no_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST_FLOWS", 1)
    assert looked_at(*TWO) == ()


def test_no_loop_rests_on_a_guess() -> None:
    back = given("Xylobande", 1), wanted("Flimarde", 0)
    assert len(looked_at(*TWO, *(replace(b, site=TWO[1 - n].site) for n, b in enumerate(back)))) == 2
    assert found(*TWO).links == ()


def test_flows_that_say_nothing_are_not_guessed() -> None:
    assert looked_at(given("Rien"), wanted("Vide")) == ()


@pytest.mark.parametrize("few_flows", [0, 10_000])
def test_the_compiled_search_leads_to_the_same_guesses(few_flows: int) -> None:
    rows = [
        *TWO,
        given("Xylobande mal triée", 4),
        wanted("calcin", 3, resource="glass-cullet"),
        given("calcin", 2, resource="glass-cullet"),
    ]
    assert labels(found(*rows, few_flows=few_flows).best) == labels(found(*rows).best)
    assert len(found(*rows, few_flows=few_flows).best) == 2


@pytest.mark.parametrize("machine", [Territory, Compiled])
def test_a_territory_around_the_limit_says_after_changes_what_it_would_say_anew(
    machine: type[RuleBasedStateMachine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "MOST_FLOWS", 8)
    monkeypatch.setattr(second_look, "constant", lambda key: -9 if key == "guess_least" else constant(key))
    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=10, deadline=None)
    )
