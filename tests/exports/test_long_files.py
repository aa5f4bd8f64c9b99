"""Files of many synergies: written as they are drawn up, the same as if made at once."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import orjson
import pytest

from app.exports import render, workbook
from app.exports.document import frozen, localised
from app.exports.showing import ShownDocuments
from app.exports.streaming import json_document
from tests.matching.builders import flow, site
from tests.matching.territories import match

ROWS = [
    flow(site("A & <B>", 0, park="Nord"), "output", "glass-cullet", 100, resource="glass-cullet"),
    flow(site("C_x0041_", 1, park="Sud"), "input", "glass-cullet", 80, resource="glass-cullet"),
    flow(site("D", 2), "input", "glass-cullet", resource="glass-cullet"),
]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_document_made_as_it_is_read_is_the_stored_one_shown(language: str) -> None:
    """Both ways to a document say the same, field by field."""
    found = match(ROWS).synergies
    shown = ShownDocuments(found, language)
    assert list(shown) == [localised(frozen(synergy), language) for synergy in found]
    assert shown[0] == shown[:1][0]


@pytest.mark.parametrize("items", [[], [{"a": [1, {"b": "x\ny"}], "c": {}}], [{"a": 1}, {"a": []}]])
def test_json_written_item_by_item_is_the_same_to_the_byte(items: list[dict[str, Any]]) -> None:
    """Nobody can tell how the file was written."""
    whole = orjson.dumps({"engine": {"v": 1}, "list": items}, option=orjson.OPT_INDENT_2) + b"\n"
    assert b"".join(json_document({"engine": {"v": 1}}, "list", items)) == whole


def test_a_workbook_holds_names_as_they_are_written() -> None:
    """Signs that mean something in XML come back as they were."""
    shown = ShownDocuments(match(ROWS).synergies, "fr")
    book = openpyxl.load_workbook(io.BytesIO(render("xlsx", shown, ROWS, "fr")))
    assert book.sheetnames == ["Synergies", "Nord", "Sud", "Flux"]
    assert book["Synergies"].max_row == len(shown) + 1
    assert {row[0].value for row in book["Flux"].iter_rows(min_row=2)} >= {"A & <B>", "D"}


def test_a_workbook_that_cannot_hold_everything_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out, and how to get it, stands in a sheet of its own."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    shown = ShownDocuments(match(ROWS).synergies, "fr")
    book = openpyxl.load_workbook(io.BytesIO(render("xlsx", shown, ROWS, "fr")))
    assert book["Synergies"].max_row == 2
    told = " ".join(str(row[0].value) for row in book["À savoir"].iter_rows())
    assert f"sur {len(shown)}" in told
    assert "CSV" in told
