"""What words allow, clear, take out or refuse beside what they name."""

from __future__ import annotations

import pytest

from matching.allowances import allowed
from matching.catalogue.loader import load_catalogue
from matching.facts import Facts, facts_of
from matching.said import named
from tests.matching.builders import flow, site

CATALOGUE = load_catalogue()


def said(label: str, direction: str = "input") -> Facts:
    return facts_of(flow(site("A"), direction, label), CATALOGUE)


@pytest.mark.parametrize("turn", ["ok", "accepté", "toléré", "possible"])
def test_what_a_need_allows_it_does_not_ask_for(turn: str) -> None:
    assert "reusable" in said("Caisses, réemploi").has
    assert "reusable" not in said(f"Caisses, réemploi {turn}").has


def test_what_is_not_accepted_is_not_allowed() -> None:
    assert not allowed("reemploi non accepte", named, is_output=False)
    assert allowed("reemploi accepte", named, is_output=False) == {"reusable"}


@pytest.mark.parametrize("turn", ["ok", "contrôlés", "conformes", "sous les seuils"])
def test_contaminants_that_were_looked_for_are_not_there(turn: str) -> None:
    assert "toxic" in said("Terre, pesticides", "output").has
    assert "toxic" not in said(f"Terre, pesticides {turn}", "output").has


def test_only_contaminants_are_cleared() -> None:
    assert "wooden" in said("Palettes en bois contrôlé", "output").has


def test_what_was_taken_out_is_not_there() -> None:
    assert "broken" in said("Bacs, quelques cassés", "output").has
    assert "broken" not in said("Bacs, quelques cassés retirés", "output").has


def test_what_is_not_done_yet_is_not_there() -> None:
    assert "painted" in said("Profilés peints", "output").has
    assert "painted" not in said("Profilés avant peinture", "output").has


def test_where_something_is_refused_is_not_what_is_refused() -> None:
    phrases = said("Broyat, pas de verre dans les allées").refused_phrases
    assert frozenset({"verr"}) in phrases


def test_why_something_is_needed_refuses_nothing_alone() -> None:
    assert frozenset({"four"}) not in said("Cuisson, pas de four dans nos locaux").refused_phrases


@pytest.mark.parametrize(
    ("label", "refused"),
    [
        ("Litière, aucun bois collé", False),
        ("Litière, aucun bois", True),
        ("Litière, aucun bois toléré", True),
        ("Litière, ni bois ni verre", True),
    ],
)
def test_a_matter_made_narrower_is_not_refused_whole(label: str, refused: bool) -> None:
    assert ("wooden" in said(label).refuses) is refused


def test_who_refuses_one_word_refuses_others_for_the_same_thing() -> None:
    phrases = said("Papier sans adhésif").refused_phrases
    assert frozenset(said("autocollant", "output").stems) in phrases


def test_who_sells_off_what_was_lent_owns_it() -> None:
    assert "consigned" in said("Conteneurs réformés", "output").refuses
    assert "consigned" not in said("Conteneurs réformés, consignés", "output").refuses
