"""How probable a reading is, and what an unsure one asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.certainty import probabilities, settling_question
from matching.classify import default_classifier
from matching.messages import Message
from matching.model import Direction, Kind

scores = st.lists(st.floats(0, 1), min_size=1, max_size=6).map(lambda s: sorted(s, reverse=True))


@given(scores)
def test_a_probability_lies_between_none_and_all_and_follows_the_ranking(found: list[float]) -> None:
    for model in ("reading", "code"):
        chances = probabilities(found, model)
        assert all(0 <= chance <= 1 for chance in chances)
        assert chances == sorted(chances, reverse=True)


@given(st.floats(0.3, 1), st.floats(0, 0.3), st.floats(0, 0.3))
def test_a_nearer_rival_makes_a_reading_less_probable(best: float, near: float, far: float) -> None:
    closer, further = max(near, far), min(near, far)
    assert probabilities([best, closer], "reading")[0] <= probabilities([best, further], "reading")[0]


def test_a_plain_label_is_surer_than_an_oblique_one() -> None:
    classifier = default_classifier()
    plain = classifier.classify_text("drêches de brasserie", Direction.OUTPUT)
    oblique = classifier.classify_text("restes de fabrication un peu humides", Direction.OUTPUT)
    assert plain[0].probability > 0.8
    assert not oblique or oblique[0].probability < 0.5


def test_an_unsure_reading_asks_between_its_two_best_and_a_sure_one_asks_nothing() -> None:
    catalogue = default_classifier().catalogue
    asked = settling_question(["spent-grain", "malt"], 0.3, catalogue)
    assert isinstance(asked, Message)
    names = {catalogue.resources["spent-grain"].name, catalogue.resources["malt"].name}
    assert {asked.params["first"], asked.params["second"]} == names
    assert settling_question(["spent-grain", "malt"], 0.9, catalogue) is None


def test_what_is_not_recognised_asks_what_it_is_made_of() -> None:
    asked = settling_question([], 0.0, default_classifier().catalogue)
    assert isinstance(asked, Message)
    assert "made of" in asked.text


@pytest.mark.parametrize("text", ["palettes perdues", "drêches de brasserie", "huile de vidange"])
def test_the_stated_probability_is_the_same_whatever_the_number_of_answers_shown(text: str) -> None:
    classifier = default_classifier()
    one, five = (classifier.classify_text(text, Direction.OUTPUT, top=top)[0] for top in (1, 5))
    assert one.probability == five.probability
    code, codes = (classifier.waste_codes(text, top=top)[0] for top in (1, 5))
    assert code.probability == codes.probability


def test_a_score_near_nothing_is_improbable_even_alone() -> None:
    assert probabilities([0.03, 0.029], "code")[0] < 0.06
    assert probabilities([0.0], "reading")[0] < 0.001


def test_a_declared_service_has_no_waste_code() -> None:
    assert default_classifier().waste_codes("contrôle des extincteurs", kind=Kind.SERVICE) == ()
    assert default_classifier().waste_codes("contrôle des extincteurs", kind=Kind.MATERIAL)


def test_what_reads_like_a_job_is_less_probably_a_waste() -> None:
    classifier = default_classifier()
    job, waste = (
        classifier.waste_codes("un cariste en été")[0],
        classifier.waste_codes("batteries au plomb")[0],
    )
    assert job.probability < 0.5 < waste.probability
