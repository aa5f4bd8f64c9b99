"""What a label says of time or of gender does not change what it names."""

from __future__ import annotations

import pytest

from matching.classify import default_classifier
from matching.model import Direction, Kind
from matching.words import stems


@pytest.mark.parametrize(
    "circumstance",
    [
        "à mi-temps",
        "à temps partagé",
        "temps partiel",
        "2 j/semaine",
        "3 jrs par semaine",
        "2-3 jours par semaine",
        "2 après-midi/sem",
        "une demi-journée par mois",
        "10 h par mois",
    ],
)
def test_how_long_a_job_lasts_is_no_part_of_its_name(circumstance: str) -> None:
    assert stems(f"comptable {circumstance}") == stems("comptable")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("opérateur(trice) de production", "opérateur de production"),
        ("chargé(e) de communication", "chargé de communication"),
        ("technicien·ne qualité", "technicien qualité"),
        ("vendeur/se", "vendeur"),
    ],
)
def test_the_other_gender_is_no_further_word(written: str, plain: str) -> None:
    assert stems(written) == stems(plain)


def test_a_length_or_a_weight_is_still_said() -> None:
    assert stems("fûts de 200 L") != stems("fûts")
    assert "2.5" in stems("chariot 2.5 t")


def test_a_forklift_driver_asked_by_the_week_is_read_as_one() -> None:
    found = default_classifier().classify_text("un cariste 2 j/semaine en été", Direction.INPUT, Kind.SKILL)
    assert found[0].resource == "job-forklift-driver"
