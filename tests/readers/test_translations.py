"""Every finding exists in French."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import app.readers
from app.translations import french

FOLDER = Path(app.readers.__file__).parent
# A mark without its no-break space (figures such as 1-3;9-12 aside), or a typewriter's quote.
BAD_TYPOGRAPHY = re.compile("(?<![\u00a0\\d])[;:?!»]|«(?!\u00a0)|['\"]")
PLACEHOLDER = re.compile(r"\{\w+\}")


def templates() -> set[str]:
    """Return every template marked in the readers and their command."""
    found: set[str] = set()
    for path in (*FOLDER.glob("*.py"), FOLDER.parent / "commands" / "check.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_every_message_has_its_french_with_the_same_parameters() -> None:
    texts = templates()
    assert len(texts) > 50
    assert sorted(text for text in texts if text not in french()) == []
    wrong = [t for t in texts if set(PLACEHOLDER.findall(t)) != set(PLACEHOLDER.findall(french()[t]))]
    assert wrong == []


def test_no_parameter_hides_an_argument_of_the_renderer() -> None:
    names = {name for text in templates() for name in PLACEHOLDER.findall(text)}
    assert not names & {"{text}", "{language}"}


def test_french_findings_use_french_typography() -> None:
    wrong = [text for t in templates() if BAD_TYPOGRAPHY.search(text := french()[t])]
    assert wrong == []
