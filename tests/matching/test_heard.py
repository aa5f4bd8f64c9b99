"""What a text says beside what it names: its matter, what is worn or soiled, and words made from others."""

from __future__ import annotations

import pytest

from matching.catalogue.tables import read_rows
from matching.classify import default_classifier
from matching.context import BLEMISHES, UNWANTED
from matching.model import Direction, Kind
from matching.words import plain, stem, stems


def scores(label: str, direction: str) -> dict[str, float]:
    found = default_classifier().classify_text(label, Direction(direction), Kind.MATERIAL, top=60)
    return {one.resource: one.score for one in found}


def test_a_need_is_hardly_one_of_something_soiled() -> None:
    asked, given = scores("Absorbants", "input"), scores("Absorbants", "output")
    assert asked["absorbents-soiled"] == pytest.approx(UNWANTED * given["absorbents-soiled"], rel=0.2)
    assert "soiled" in BLEMISHES


def test_a_need_that_says_so_may_be_one_of_something_soiled() -> None:
    told = scores("Absorbants souillés", "input")
    assert max(told, key=lambda name: told[name]) == "absorbents-soiled"


def test_a_thing_said_to_be_of_metal_is_hardly_a_sea_shell() -> None:
    assert scores("Coquilles en acier", "output").get("mollusc-shells", 0.0) < (
        0.9 * scores("Coquilles", "output")["mollusc-shells"]
    )
    first = max(found := scores("Coquilles d'huîtres", "output"), key=lambda name: found[name])
    assert first == "mollusc-shells"


@pytest.mark.parametrize(
    ("word", "noun"), [("lactée", "lait"), ("dératiseurs", "dératisation"), ("porcins", "porc")]
)
def test_a_word_made_from_a_noun_speaks_of_it_in_all_its_forms(word: str, noun: str) -> None:
    assert set(stems(noun)) <= set(stems(word))


def test_no_word_is_told_to_be_made_from_itself_and_none_stands_twice() -> None:
    rows = read_rows("derived_words.csv")
    words = [stem(plain(row["word"])) for row in rows]
    assert len(set(words)) == len(words)
    assert not [row["word"] for row in rows if stem(plain(row["word"])) == stem(plain(row["noun"]))]


def test_who_treats_a_thing_may_ask_for_a_soiled_one() -> None:
    plainly, treating = (scores(label, "input") for label in ("Absorbants d'atelier", "Absorbants à laver"))
    given = scores("Absorbants d'atelier", "output"), scores("Absorbants à laver", "output")
    assert plainly["absorbents-soiled"] < 0.8 * given[0]["absorbents-soiled"]
    assert treating["absorbents-soiled"] > 0.9 * given[1]["absorbents-soiled"]
