"""The short ways to plain words give what the long one gives."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.readers.vocabulary import unaccented
from geo.names import unaccented as unaccented_name

texts = st.one_of(st.text(max_size=30), st.text("aàâéèêëïîôùûçœæ’'²³ABC 12", max_size=30))


@given(texts)
def test_a_cell_without_accents_is_its_characters_decomposed_less_their_marks(text: str) -> None:
    lowered = text.lower().replace("œ", "oe").replace("³", "3").replace("²", "2").replace("’", "'")
    assert unaccented(text) == _bare(unicodedata.normalize("NFD", lowered))


@given(texts)
def test_a_name_without_accents_is_its_characters_decomposed_less_their_marks(text: str) -> None:
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    assert unaccented_name(text) == _bare(unicodedata.normalize("NFKD", lowered))


def _bare(decomposed: str) -> str:
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
