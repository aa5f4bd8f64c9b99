"""The workbook that companies fill in."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from app.readers import write_template
from app.readers.template import KINDS, PERIODS
from app.readers.units import rhythm
from app.readers.vocabulary import kind_said
from matching.model import Kind, Period
from tests.readers.builders import complaints, read, understood


def test_the_example_left_in_the_template_is_no_flow_and_is_told() -> None:
    content = write_template()
    assert understood(content) == []
    result = read(content)
    told = [(one.severity, one.row, str(one.message)) for one in result.findings]
    assert ("info", 2, "This row is an example: it was not read.") in told


def test_the_example_typed_over_is_a_flow() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    sheet = book["Flux"]
    titles = {str(cell.value): place for place, cell in enumerate(sheet[1], start=1)}
    sheet.cell(2, titles["Quantité"], 40)
    stream = io.BytesIO()
    book.save(stream)
    content = stream.getvalue()
    assert understood(content) == [("Atelier de Vitrolles", "output", "Sciure de bois non traité", 40.0, "t")]
    result = read(content)
    assert complaints(result, "error") == complaints(result, "warning") == []
    assert result.flows[0].waste_code == "030105"


def test_a_second_row_filled_from_the_lists_is_read() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    sheet = book["Flux"]
    titles = {str(cell.value): place for place, cell in enumerate(sheet[1], start=1)}
    filled = {"Site": "B", "Ville": "Istres", "Sens": "entrant", "Nature": "énergie", "Libellé": "Vapeur"}
    filled |= {"Quantité": "100-200", "Unité": "MWh", "Période": "mois", "Mois": "11-2"}
    for title, value in filled.items():
        sheet.cell(3, titles[title], value)
    stream = io.BytesIO()
    book.save(stream)
    assert understood(stream.getvalue())[0] == ("B", "input", "Vapeur", 600.0, "MWh")


def test_every_word_of_the_lists_is_understood() -> None:
    assert [kind_said(word) for word in KINDS] == list(Kind)
    assert {found.period for word in PERIODS if (found := rhythm(word))} == set(Period)


def test_the_lists_are_offered_and_hidden() -> None:
    book = load_workbook(io.BytesIO(write_template()))
    assert book["Listes"].sheet_state == "hidden"
    assert len(book["Flux"].data_validations.dataValidation) == 4
