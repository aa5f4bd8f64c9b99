"""Files of many synergies: written as they are drawn up, the same as if made at once."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

import openpyxl
import orjson
import pytest

from app.exports import blocks, render, workbook
from app.exports.blocks import SharedDocuments
from app.exports.document import frozen, localised
from app.exports.showing import ShownDocuments
from app.exports.streaming import json_document
from app.exports.table import rows_of
from matching.model import Flow, Range
from tests.matching.builders import flow, site
from tests.matching.territories import match

ROWS = [
    flow(site("A & <B>", 0, park="Nord"), "output", "glass-cullet", 100, resource="glass-cullet"),
    flow(site("C_x0041_", 1, park="Sud"), "input", "glass-cullet", 80, resource="glass-cullet"),
    flow(site("D", 2), "input", "glass-cullet", resource="glass-cullet"),
]
# No park: no sheet of its own, all rows go the short way. Costs, one-offs and strangers' words among them.
SAID = [
    ("output", "verre brisé", 100.0, -20.0), ("input", "calcin de verre", 80.0, 45.5),
    ("output", "=palettes bois", None, 12.0), ("input", "palettes bois", 1234567.0, None),
    ("input", "nettoyage des bureaux", 10.0, 3.0), ("input", "nettoyage des bureaux", None, None),
    ("output", "drêches de brasserie", 55.5, None), ("input", "drêches pour bétail", 40.0, None),
]  # fmt: skip
BUSY = [
    flow(
        site(f"S{number}; <{number}>", number % 5),
        side,
        label,
        amount,
        unit_cost_eur=None if cost is None else Range.of(cost),
        hazardous=number % 4 == 0 or None,
    )
    for number, (side, label, amount, cost) in enumerate(SAID * 2)
]
BUSY.append(flow(site("Câbles", 1), "output", "cuivre", 30.0, resource="copper-scrap"))
BUSY.append(flow(site("Fonderie", 2), "input", "cuivre", 25.5, resource="copper-scrap-charge"))
FILLED = ("warnings", "missing", "assumptions", "saving_eur_low", "saving_tco2e_low", "distance_km")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_document_made_as_it_is_read_is_the_stored_one_shown(language: str) -> None:
    """Both ways to a document say the same, field by field."""
    found = match(ROWS).synergies
    shown = ShownDocuments(found, language)
    assert list(shown) == [localised(frozen(synergy), language) for synergy in found]
    assert shown[0] == shown[:1][0]
    assert list(shown[1:]) == list(shown)[1:]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_row_made_without_its_document_is_the_row_of_the_document(language: str) -> None:
    """Both ways to a row say the same, cell by cell, warnings, figures and questions included."""
    told = ShownDocuments(match(BUSY).synergies, language)
    assert {document["kind"] for document in told} == {"substitution", "mutualisation"}
    assert all(any(document[name] for document in told) for name in FILLED)
    assert list(told.rows()) == list(rows_of(list(told), language))
    assert list(rows_of(told[1:3], language)) == list(told.rows())[1:3]


@pytest.mark.parametrize("format_", ["json", "csv", "xlsx", "geojson"])
@pytest.mark.parametrize("rows", [BUSY, BUSY[:0]], ids=["some", "none"])
def test_a_file_written_by_several_processes_is_the_file_written_by_one(
    format_: str, rows: list[Flow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can tell how many wrote it, and each says how far it has come."""
    monkeypatch.setattr(blocks, "BLOCK", 2)
    shown = ShownDocuments(match(rows).synergies, "fr")
    done: list[int] = []
    files = [
        render(format_, documents, rows, "fr")
        for documents in (
            list(shown),
            shown,
            SharedDocuments(shown, 1),
            SharedDocuments(shown, 2, done.append),
        )
    ]
    parts = [members(file) if format_ == "xlsx" else {"": file} for file in files]
    assert parts[0] == parts[1] == parts[2] == parts[3]
    assert done == list(range(2, len(shown), 2))


def members(file: bytes) -> dict[str, bytes]:
    """Return the members of a workbook but for the one that says when it was made."""
    with ZipFile(io.BytesIO(file)) as book:
        return {name: book.read(name) for name in book.namelist() if name != "docProps/core.xml"}


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
