"""A second look at what nothing answers: which pairs come together as a question, and which never do."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from matching import second_look
from matching.classify import Classifier
from matching.engine import default_engine
from matching.model import Flow, Kind, Range
from matching.mutualisation import alike
from matching.parameters import MatchParameters, constant
from matching.results import Synergy
from matching.substitution import Substitutions, find_substitutions
from tests.matching.builders import flow, positions, site
from tests.matching.test_renewing import Compiled, Territory

# What each label may be; none says it for sure, and the catalogue knows no word of them.
MAY_BE = {
    "Xylobande": (("glass-cullet", 0.35), ("wood-sawdust", 0.2)),
    "Flimarde": (("glass-cullet", 0.33), ("wood-chips", 0.2)),
    "Xylobande triée": (("glass-cullet", 0.4), ("wood-sawdust", 0.1)),
    "Xylobande en mélange": (("glass-cullet", 0.4), ("wood-sawdust", 0.1)),
    "Brume": (("steam", 0.4), ("process-heat", 0.1)),
    "Nivarde": (("process-heat", 0.4), ("steam", 0.1)),
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
    answered = replace(TWO[1], resource="glass-cullet")
    assert labels(looked_at(TWO[0], answered, sure[0])) == {("calcin", "Flimarde")}


def test_each_output_and_each_need_stands_in_one_guess_the_likeliest() -> None:
    better = given("Xylobande triée", 2)
    assert labels(looked_at(*TWO, better)) == {("Xylobande triée", "Flimarde")}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((TWO[0], replace(TWO[1], kind=Kind.PACKAGING)), id="another kind"),
        pytest.param((given("Xylobande en mélange"), TWO[1]), id="mixed"),
        pytest.param((replace(TWO[0], hazardous=True), TWO[1]), id="hazardous"),
        pytest.param((TWO[0], wanted("Xylobande triée")), id="one noun of two things"),
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


def test_labels_read_for_sure_leave_nothing_to_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "SURE_READING", 0.0)
    monkeypatch.setattr(second_look, "LEAST_BESIDE_SURE", 2.0)
    assert looked_at(*TWO) == ()


def test_more_needs_around_ask_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [wanted(f"Besoin {n}", n) for n in range(2, 40)]
    assert labels(looked_at(*TWO, *crowd)) == {("Xylobande", "Flimarde")}
    monkeypatch.setattr(second_look, "USUAL_NEEDS", 0.1)
    assert looked_at(*TWO, *crowd) == ()


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
        given("Xylobande triée", 4),
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
    monkeypatch.setattr(second_look, "SURE_READING", 2.0)
    monkeypatch.setattr(second_look, "LEAST_LINKED", 1e-6)
    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=10, deadline=None)
    )
