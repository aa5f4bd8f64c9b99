"""Cells that are sentences."""

from __future__ import annotations

import pytest

from app.readers.sentences import said_in
from matching.model import Direction


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("jette 12 t/an de polystyrène", (Direction.OUTPUT, "polystyrène", "12 t/an")),
        ("cherche du sable fin, 300 t/an", (Direction.INPUT, "sable fin", "300 t/an")),
        ("Nous achetons de l’acier", (Direction.INPUT, "acier", "")),
        ("sells 30 t of scrap", (Direction.OUTPUT, "scrap", "30 t")),
        ("Produits chimiques", None),
        ("Vendange", None),
    ],
)
def test_a_sentence_tells_the_direction_the_thing_and_its_amount(
    text: str, told: tuple[Direction, str, str] | None
) -> None:
    assert said_in(text) == told
