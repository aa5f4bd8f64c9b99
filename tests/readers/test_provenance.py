"""What was understood stands beside the cell that says it."""

from __future__ import annotations

from app.readers.result import ReadResult, Source
from matching.model import Range
from tests.readers.builders import Rows, read, workbook

ROWS: Rows = [
    ("Relevé", None, None, None, None),
    ("Entreprise", "Déchet", "Tonnage", "Température (°C)", "Mois"),
    ("Alpha", "Bois", "3 à 5 t/an", 5, "janv-mars"),
    (None, "Carton", "5 t/an", "tiède", None),
    (None, "Plâtre", -3, None, None),
]


def cells(result: ReadResult, row: int, sheet: str | None = "Flux") -> dict[str, Source]:
    return {source.field: source for source in result.sources[sheet, row]}


def test_each_field_names_its_cell_with_its_text_and_what_it_was_taken_for() -> None:
    found = cells(read(workbook({"Flux": ROWS})), 3)
    assert found["quantity"] == Source("quantity", "C3", "3 à 5 t/an", "read", "3-5 t year")
    assert found["months"] == Source("months", "E3", "janv-mars", "read", "1;2;3")
    assert (found["label"].cell, found["label"].understood) == ("B3", "")


def test_a_company_left_blank_names_the_cell_above() -> None:
    assert cells(read(workbook({"Flux": ROWS})), 4)["company"].cell == "A3"


def test_equal_cells_are_not_taken_for_each_other() -> None:
    rows: Rows = [
        ("Température (°C)", "Entreprise", "Déchet", "Quantité (t/an)"),
        (5, "Alpha", "Eau chaude", 5),
    ]
    found = cells(read(workbook({"Flux": rows})), 2)
    assert (found["temperature_c"].cell, found["quantity"].cell) == ("A2", "D2")


def test_what_no_cell_says_is_guessed_and_says_so() -> None:
    kind = cells(read(workbook({"Flux": ROWS})), 3)["kind"]
    assert kind == Source("kind", "", "", "guessed", "material")


def test_a_cell_that_could_not_be_read_is_refused_and_its_finding_names_it() -> None:
    result = read(workbook({"Flux": ROWS}))
    assert cells(result, 5)["quantity"].sure == "refused"
    assert [(one.row, one.field, one.cell) for one in result.errors] == [(5, "quantity", "C5")]
    assert ("temperature_c", "D4") in [(one.field, one.cell) for one in result.findings]


def test_the_answers_of_a_form_name_their_cells() -> None:
    rows: Rows = [("Entreprise :", "Alpha"), ("Déchet :", "Bois"), ("Quantité :", "3 t/an")]
    found = cells(read(workbook({"Flux": rows})), 2)
    assert {name: one.cell for name, one in found.items() if one.cell} == {
        "company": "B1",
        "label": "B2",
        "quantity": "B3",
    }


def test_a_label_that_is_a_title_names_the_title() -> None:
    rows: Rows = [("Entreprise", "Carton (t/an)", "Bois (t/an)"), ("Alpha", 4, 2), ("Bravo", 3, None)]
    result = read(workbook({"Flux sortants": rows}))
    labels = [one for one in result.sources["Flux sortants", 2] if one.field == "label"]
    assert [(one.cell, one.text) for one in labels] == [("B1", "Carton (t/an)"), ("C1", "Bois (t/an)")]


def test_labels_listed_in_one_cell_name_it() -> None:
    rows: Rows = [("Entreprise", "Besoins", "Commune"), ("Alpha", "palettes\nbâches", "Gap")]
    assert cells(read(workbook({"Flux": rows})), 2)["label"].cell == "B2"


def test_a_table_on_its_side_names_cells_as_the_file_does() -> None:
    rows: Rows = [
        ("Entreprise", "Alpha", "Bravo"),
        ("Déchet", "Bois", "Carton"),
        ("Quantité (t/an)", 3, 4),
        ("Commune", "Gap", "Lyon"),
        ("Code postal", "05000", "69001"),
    ]
    result = read(workbook({"Flux": rows}))
    assert [table.shape for table in result.tables] == ["turned"]
    assert [column.place for column in result.tables[0].columns] == ["1", "2", "3", "4", "5"]
    assert cells(result, result.flows[1].row or 0)["quantity"].cell == "C3"


def test_the_same_words_are_read_anew_in_each_column_and_refused_in_each_row() -> None:
    rows: Rows = [
        ("Entreprise", "Déchet", "Température (°C)", "Humidité (%)", "Remarque"),
        ("Alpha", "Eau chaude", "12,5", "12,5", "12,5"),
        ("Beta", "Eau chaude", "tiède", "12,5", "tiède"),
        ("Gamma", "Eau chaude", "tiède", "tiède", None),
    ]
    result = read(workbook({"Flux": rows}))
    first, second, third = result.flows
    assert (first.temperature_c, first.moisture_pct, first.comment) == (
        Range.of(12.5),
        Range.of(12.5),
        "12,5",
    )
    assert (second.temperature_c, second.moisture_pct) == (None, Range.of(12.5))
    assert (third.temperature_c, third.moisture_pct) == (None, None)
    told = [(f.row, f.field) for f in result.findings if f.field in ("temperature_c", "moisture_pct")]
    assert told == [(3, "temperature_c"), (4, "moisture_pct"), (4, "temperature_c")]
