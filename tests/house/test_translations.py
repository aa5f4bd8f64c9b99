"""Every sentence for users exists in French, with the same places to fill in and real typography."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from tests.house.conftest import ROOT

PO_FILES = sorted((ROOT / "app" / "translations" / "fr").glob("*.po"))
# Before a high punctuation mark French has a no-break space, narrow or not; a ratio such as 1:2 has none.
PLAIN_SPACE_BEFORE_MARK = re.compile(r"\w [;:?!»%](?=\s|$)|« (?=\w)")
STRAIGHT_APOSTROPHE = re.compile(r"\w'\w")


def marked_templates() -> Iterator[tuple[str, str]]:
    """Yield (place, template) for every text in ``N_(…)`` in app, matching and geo."""
    for package in ("app", "matching", "geo"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", _text(node, path)


def _text(node: ast.Call, path: Path) -> str:
    text = node.args[0]
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return text.value
    raise AssertionError(f"{path}:{node.lineno}: N_ takes a literal, else its translation cannot be found")


def french() -> dict[str, str]:
    """Return the French of each English template that has one."""
    found: dict[str, str] = {}
    for path in PO_FILES:
        with path.open("rb") as handle:
            for entry in read_po(handle, locale="fr"):
                if isinstance(entry.id, str) and entry.id and isinstance(entry.string, str) and entry.string:
                    found[entry.id] = entry.string
    return found


def test_every_marked_template_has_a_french_translation() -> None:
    translated = french()
    assert [(place, text) for place, text in marked_templates() if text not in translated] == []


def test_a_translation_fills_in_only_what_its_template_knows() -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert {text: told for text, told in french().items() if not names(told) <= names(text)} == {}


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.stem)
def test_french_has_typographic_apostrophes_and_no_break_spaces(path: Path) -> None:
    with path.open("rb") as handle:
        strings = [str(entry.string) for entry in read_po(handle, locale="fr") if entry.id]
    assert strings
    poor = [s for s in strings if PLAIN_SPACE_BEFORE_MARK.search(s) or STRAIGHT_APOSTROPHE.search(s)]
    assert poor == []
