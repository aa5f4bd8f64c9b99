"""Phrases looked for by their first word are those that a plain search finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.phrases import PhraseIndex

WORDS = st.lists(st.sampled_from(["bois", "bo", "is", "peint", "non"]), max_size=5)


def between_blanks(words: list[str]) -> str:
    return f" {' '.join(words)} "


@given(st.lists(WORDS.filter(bool), max_size=8), WORDS)
def test_the_phrases_told_are_those_that_stand_in_the_line(phrases: list[list[str]], said: list[str]) -> None:
    line, looked_for = between_blanks(said), [between_blanks(words) for words in phrases]
    assert PhraseIndex(looked_for).told(line) == {i for i, phrase in enumerate(looked_for) if phrase in line}


def test_a_phrase_without_a_word_is_told_nowhere() -> None:
    assert PhraseIndex(["  "]).told(" bois ") == set()
