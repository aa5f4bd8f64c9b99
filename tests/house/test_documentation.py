"""What the documents tell people to type exists."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer.main

from app.cli import app as command_line
from app.settings import Settings
from app.settings_shown import described
from tests.house.conftest import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
README = ROOT / "README.md"
BLOCK = re.compile(r"```(?:sh)?\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)")
SETTING = re.compile(r"ENTREFLUX_(?!TEST)[A-Z_]+")
# Read by compose.yaml and by one command, not settings of the program.
OTHER_VARIABLES = frozenset({"ENTREFLUX_PORT", "ENTREFLUX_NEW_PASSWORD"})


@cache
def described_addresses() -> dict[str, Any]:
    """Return what the program serves, as it describes itself."""
    from app.main import create_app
    from app.settings import Database

    application = create_app(Settings(database=Database(url="sqlite://")))
    application.state.database.close()
    paths: dict[str, Any] = application.openapi()["paths"]
    return paths


def unknown_settings(text: str) -> set[str]:
    """Return the variables of a text that nothing reads; that of a file is read as what it holds."""
    settings = {line.variable for line in described(Settings())}
    return {name.removesuffix("_FILE") for name in SETTING.findall(text)} - settings - OTHER_VARIABLES


def lines_to_type(document: Path) -> Iterator[str]:
    """Yield the lines of a document's shell blocks, continued lines joined, comments left out."""
    for block in BLOCK.findall(document.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            if line.strip() and not line.startswith("#"):
                yield line


def calls(program: str) -> list[Any]:
    """Return, as test cases, what follows ``program`` on each line that starts with it."""
    found = []
    for document in DOCUMENTS:
        for line in lines_to_type(document):
            words = shlex.split(line, comments=True)
            if words and words[0].removeprefix(".venv/bin/") == program:
                found.append(pytest.param(words[1:], id=f"{document.name}: {line[:60]}"))
    return found


@pytest.mark.parametrize("words", calls("entreflux"))
def test_a_command_of_the_documents_exists_with_its_options(words: list[str]) -> None:
    command: Any = typer.main.get_command(command_line)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []


@pytest.mark.parametrize("words", calls("make"))
def test_a_target_of_the_documents_exists(words: list[str]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(words) <= set(targets)


@pytest.mark.parametrize("words", calls("curl"))
def test_an_address_of_the_documents_is_served(words: list[str]) -> None:
    address = next(word for word in words if word.startswith("http"))
    method = words[words.index("-X") + 1] if "-X" in words else ("POST" if "-F" in words else "GET")
    path = re.sub(r"\$[A-Z]+", "{id}", urlsplit(address).path)
    shapes = {re.sub(r"\{\w+\}", "{id}", shape): methods for shape, methods in described_addresses().items()}
    assert method.lower() in shapes[path]


def test_the_table_of_commands_names_each_command() -> None:
    told = set(re.findall(r"^\| `entreflux ([a-z-]+)", README.read_text(encoding="utf-8"), re.MULTILINE))
    command: Any = typer.main.get_command(command_line)
    assert told == set(command.commands)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_files_and_settings_that_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in links if not (document.parent / link).exists()] == []
    assert unknown_settings(text) == set()


@pytest.mark.parametrize("name", ["compose.yaml", ".env.example"])
def test_the_composition_sets_only_variables_that_are_read(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert unknown_settings(text) == set()
