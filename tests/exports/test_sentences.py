"""Many sentences made at once say what each says alone, and cells hold what they are given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import inf, nan
from string import Formatter

import pytest

from app.exports.sentences import Sentences
from app.exports.sheet_rows import CellStyles, RowWriter, escaped, escaped_cell, text_cell
from app.translations import french, translate
from matching.messages import LocalName, Message

CELL = re.compile(r'<c r="(\w+)" s="(\d)"(?: t="inlineStr")?>(?:<is><t>|<v>)([^<]*)<')
VALUES = (
    "Câbles & <fils>",
    1234.5,
    LocalName("bois", "wood"),
    Message("Only {it}: 5 %.", {"it": "100 %"}),
    3,
)
TEXTS = ("", "a & <b>", " é ", "_x0041_", "_x005F_", "\x01", "\uffff", "’ 1 234", "&lt;", "x" * 32_767)


def messages() -> Iterator[Message]:
    """Yield a sentence of each template that is translated, with values of each sort."""
    for number, template in enumerate(french()):
        try:
            names = {name for _, name, _, _ in Formatter().parse(template) if name}
        except ValueError:
            names = set()
        yield Message(template, {name: VALUES[(number + n) % 5] for n, name in enumerate(sorted(names))})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_sentence_is_what_it_is_when_translated_alone(language: str) -> None:
    """All templates there are, first and later times alike."""
    sentences = Sentences(language)
    for message in messages():
        assert sentences.own(message) == translate(message, language)
        assert sentences.usual(message) == sentences.usual(message) == translate(message, language)


def test_a_sentence_of_escaped_pieces_is_the_escaped_sentence() -> None:
    """Signs of XML are written out once, wherever they come from."""
    pieces = Sentences("fr", escaped)
    for message in messages():
        assert pieces.own(message) == escaped(translate(message, "fr"))


@pytest.mark.parametrize("text", [*TEXTS, *(f"{text}&" * 20_000 for text in TEXTS[1:4])])
def test_a_cell_of_escaped_text_is_the_cell_of_the_text(text: str) -> None:
    """Cut at the same character, blanks kept, codes kept."""
    assert escaped_cell(escaped(text)) == text_cell(text)


def test_what_is_no_number_to_a_spreadsheet_stands_as_text_and_nothing_stands_for_nothing() -> None:
    """Other cells of such a row are as they would be in another row."""
    writer = RowWriter(9, CellStyles(text="1", number="2"))
    row = ("%s & {0}", None, "", 12.5, 7, inf, nan, True, "")
    plain = [("A31", "1", "%s &amp; {0}"), ("D31", "2", "12.5"), ("E31", "2", "7")]
    odd = [("F31", "1", "inf"), ("G31", "1", "nan"), ("H31", "1", "True")]
    assert CELL.findall(writer.row(31, row)) == [*plain, *odd]
    assert CELL.findall(writer.row(31, (*row[:5], None, None, None, ""))) == plain
