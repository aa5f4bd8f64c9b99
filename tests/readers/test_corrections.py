"""A mapping that somebody corrects is read as if the titles had said so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.readers import ReadResult, read_table
from app.readers.corrections import from_plain
from app.readers.reading import read_unplaced
from app.readers.summary import summary
from app.readers.understanding import FIELDS, ColumnRead, TableRead
from geo.geocoding import offline_geocoder
from tests.readers.builders import Rows, workbook

WORKBOOKS = sorted(
    path
    for path in (Path(__file__).parents[1] / "data" / "workbooks").iterdir()
    if path.suffix in {".csv", ".xlsx"} and ".expected" not in path.name
)
Told = tuple[str, str, str, float | None, str | None]
NONSENSE: Rows = [
    ("Zorglub", "Truc", "Machin", "Bidule"),
    ("Scierie Morel", "Sciure", 12, "38000"),
    ("Menuiserie Blanc", "Copeaux", 7.5, "38100"),
]
SWAPPED: Rows = [
    ("Entreprise", "Déchet", "Tonnage (t/an)", "Code postal"),
    ("Scierie Morel", 12, "Sciure", "38000"),
    ("Menuiserie Blanc", 7.5, "Copeaux", "38100"),
]
MATRIX: Rows = [
    ("Entreprise", "Carton (t/an)", "Palettes", "Effectif"),
    ("Alpha", 4, 120, 30),
    ("Bravo", 2, 60, 12),
]
FORM: Rows = [
    ("Entreprise :", "Laiterie du Lac"),
    ("Code postal :", "74000"),
    ("Déchet produit :", "Lactosérum"),
    ("Estimation à la louche ?", "300 t/an"),
    ("Remarques :", "à voir"),
]


TURNED: Rows = [
    ("Entreprise", "Alpha", "Bravo"),
    ("Déchet", "Bois", "Carton"),
    ("Quantité (t/an)", 3, 4),
    ("Code postal", "05000", "69001"),
]
CONTRACT: Rows = [("site", "direction", "label", "quantity"), ("Alpha", "output", "carton", 3)]


def read(content: bytes, mapping: Mapping[str, object] | None = None, name: str = "flux.xlsx") -> ReadResult:
    return read_table(content, name, offline_geocoder(), corrections=from_plain(mapping or {}))


def told(result: ReadResult) -> list[Told]:
    flows = summary(result, "en")["flows"]
    return [(f["site"], f["direction"], f["label"], f["quantity_per_year"], f["unit"]) for f in flows]


def only(result: ReadResult) -> TableRead:
    assert len(result.tables) == 1
    return result.tables[0]


def column(table: TableRead, place: str) -> ColumnRead:
    return next(one for one in table.columns if one.place == place)


READ_FILES = [
    (content, only(read(content)).layout)
    for rows in (NONSENSE, SWAPPED, MATRIX, FORM, TURNED, CONTRACT)
    for content in [workbook({"Feuil1": rows})]
]


def hows(table: TableRead) -> list[tuple[str, str, str]]:
    return [(one.place, one.field, one.how) for one in table.columns]


def test_a_table_tells_what_each_column_was_taken_for() -> None:
    rows: Rows = [
        ("Diagnostic 2024", None, None, None, None),
        ("Entreprise", "Déchets produits", "Tonnage annuel (t)", "Gisement principal", "CP"),
        ("Alpha", "Carton", 4, "quai", "38000"),
        ("Bravo", "Bois", 2, None, "38100"),
    ]
    table = only(read(workbook({"Flux": rows})))
    assert (table.sheet, table.row, table.shape, table.corrected) == ("Flux", 2, "table", False)
    label, amount = column(table, "B"), column(table, "C")
    assert (label.field, label.how, label.direction) == ("label", "exact", "output")
    assert (amount.field, amount.unit, amount.period) == ("quantity", "t", "year")
    assert amount.samples == ("4", "2")
    assert column(table, "E").title == "CP"


def test_titles_that_say_nothing_are_offered_for_correction() -> None:
    result = read(workbook({"Feuil1": NONSENSE}))
    assert not result.readable
    table = only(result)
    assert (table.shape, table.row) == ("unknown", 1)
    assert [one.how for one in table.columns] == ["ignored"] * 4
    assert column(table, "C").samples == ("12", "7.5")


def test_titles_that_say_nothing_are_read_once_corrected() -> None:
    content = workbook({"Feuil1": NONSENSE})
    layout = only(read(content)).layout
    columns = {
        "A": {"field": "company"},
        "B": {"field": "label", "direction": "output"},
        "C": {"field": "quantity", "unit": "t", "period": "year"},
        "Bidule": {"field": "postcode"},
    }
    result = read(content, {layout: {"columns": columns}})
    assert told(result) == [
        ("Scierie Morel", "output", "Sciure", 12, "t"),
        ("Menuiserie Blanc", "output", "Copeaux", 7.5, "t"),
    ]
    assert [site.postcode for site in result.sites] == ["38000", "38100"]
    table = only(result)
    assert (table.layout, table.shape, table.corrected) == (layout, "table", True)
    assert {one.how for one in table.columns} == {"corrected"}


def test_cells_without_any_title_are_read_once_corrected() -> None:
    content = b"Scierie Morel;Sciure;12\nMenuiserie Blanc;Copeaux;7,5\n"
    table = only(read(content, name="flux.csv"))
    assert table.row == 0
    columns = {"A": "company", "B": {"field": "label", "direction": "output"},
               "C": {"field": "quantity", "unit": "t", "period": "year"}}  # fmt: skip
    result = read(content, {table.layout: {"columns": columns}}, "flux.csv")
    assert told(result) == [
        ("Scierie Morel", "output", "Sciure", 12, "t"),
        ("Menuiserie Blanc", "output", "Copeaux", 7.5, "t"),
    ]


def test_swapped_columns_are_read_once_corrected() -> None:
    content = workbook({"Feuil1": SWAPPED})
    layout = only(read(content)).layout
    columns = {
        "B": {"field": "quantity", "unit": "t", "period": "year"},
        "C": {"field": "label", "direction": "output"},
    }
    result = read(content, {layout: {"columns": columns}})
    assert told(result) == [
        ("Scierie Morel", "output", "Sciure", 12, "t"),
        ("Menuiserie Blanc", "output", "Copeaux", 7.5, "t"),
    ]
    assert hows(only(result))[:3] == [
        ("A", "company", "exact"),
        ("B", "quantity", "corrected"),
        ("C", "label", "corrected"),
    ]


def test_columns_of_the_contract_can_be_swapped_too() -> None:
    content = b"site,direction,label,comment\nAlpha,output,cardboard,bois\n"
    table = only(read(content, name="f.csv"))
    assert table.shape == "contract"
    columns = {"label": "comment", "comment": "label"}
    result = read(content, {table.layout: {"columns": columns}}, "f.csv")
    assert [(flow.label, flow.comment) for flow in result.flows] == [("bois", "cardboard")]
    assert only(result).shape == "contract"


def test_a_column_of_a_matrix_gets_its_unit_and_another_is_left_out() -> None:
    content = workbook({"Feuil1": MATRIX})
    before = only(read(content))
    assert before.shape == "matrix"
    assert column(before, "B").field == "amount"
    columns = {"C": {"field": "amount", "unit": "piece", "period": "month", "direction": "output"}, "B": ""}
    result = read(content, {before.layout: {"columns": columns}})
    assert told(result) == [
        ("Alpha", "output", "Palettes", 1440, "unité"),
        ("Bravo", "output", "Palettes", 720, "unité"),
    ]
    assert [site.employees for site in result.sites] == [30, 12]
    assert column(only(result), "B").how == "corrected"


def test_nonsense_becomes_a_matrix_when_its_columns_are_amounts() -> None:
    rows: Rows = [("Nom X", "Zinc usé", "Fûts vides"), ("Alpha", 4, 20), ("Bravo", 2, None)]
    content = workbook({"Feuil1": rows})
    layout = only(read(content)).layout
    amount = {"field": "amount", "direction": "output", "unit": "t", "period": "year"}
    columns = {"A": "company", "B": amount, "C": {**amount, "unit": "kg"}}
    result = read(content, {layout: {"columns": columns}})
    assert told(result) == [
        ("Alpha", "output", "Zinc usé", 4, "t"),
        ("Alpha", "output", "Fûts vides", 20, "kg"),
        ("Bravo", "output", "Zinc usé", 2, "t"),
    ]


def test_a_question_that_is_not_understood_is_read_once_corrected() -> None:
    content = workbook({"Fiche": FORM})
    before = only(read(content))
    assert before.shape == "questions"
    asked = {one.title: one for one in before.columns}
    assert (asked["Déchet produit"].field, asked["Déchet produit"].place) == ("label", "3")
    assert asked["Estimation à la louche ?"].field == ""
    assert asked["Estimation à la louche ?"].samples == ("300 t/an",)
    result = read(content, {before.layout: {"columns": {"Estimation à la louche ?": "quantity"}}})
    assert told(result) == [("Laiterie du Lac", "output", "Lactosérum", 300, "t")]
    by_row = read(content, {before.layout: {"columns": {"4": "quantity", "5": ""}}})
    assert told(by_row) == told(result)
    assert by_row.flows[0].comment == ""


def test_two_questions_of_one_row_are_corrected_apart() -> None:
    rows: Rows = [("Société : Alpha",), ("Lieu : Gap", "Code postal : 05000"), ("Déchet :", "Bois")]
    content = workbook({"Fiche": rows})
    table = only(read(content))
    assert [one.place for one in table.columns] == ["1", "2", "2.2", "3"]
    result = read(content, {table.layout: {"columns": {"2": "city", "2.2": ""}}})
    assert [(site.city, site.postcode) for site in result.sites] == [("Gap", "")]


def as_read(result: ReadResult) -> dict[str, object]:
    """Return the mapping that says again what was understood."""
    told: dict[str, object] = {}
    for table in result.tables:
        columns = {}
        for one in table.columns:
            fixed = {"direction": one.direction, "unit": one.unit, "period": one.period}
            columns[one.place] = {"field": one.field, **fixed}
        if table.shape != "unknown":
            told[table.layout] = {"columns": columns}
    return told


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_every_column_said_to_be_what_it_was_taken_for_changes_nothing(path: Path) -> None:
    content = path.read_bytes()
    before = read_unplaced(content, path.name)
    after = read_unplaced(content, path.name, corrections=from_plain(as_read(before)))
    assert after.flows == before.flows
    assert [table.layout for table in after.tables] == [table.layout for table in before.tables]


def test_the_titles_can_stand_lower_than_they_were_found() -> None:
    rows: Rows = [
        ("Entreprise", "Libellé", "Quantité"),
        ("à remplir", "à remplir", "à remplir"),
        ("Alpha", "Carton", "4 t/an"),
    ]
    content = workbook({"Sortants": rows})
    before = read(content)
    assert len(before.flows) + len(before.errors) == 2
    columns = {"A": "company", "B": "label", "C": "quantity"}
    result = read(content, {only(before).layout: {"header_shift": 1, "columns": columns}})
    assert told(result) == [("Alpha", "output", "Carton", 4, "t")]
    assert (only(result).row, only(result).found_row) == (2, 1)


def test_the_titles_can_stand_higher_than_they_were_found() -> None:
    rows: Rows = [
        ("Trucs", "Machins", "Choses"),
        ("Entreprise", "Libellé", "Quantité"),
        ("Alpha", "Carton", "4 t/an"),
    ]
    content = workbook({"Sortants": rows})
    columns = {"A": "company", "B": "label", "C": "quantity"}
    layout = only(read(content)).layout
    result = read(content, {layout: {"header_shift": -1, "columns": columns}})
    assert [flow.label for flow in result.flows] == ["Libellé", "Carton"]
    assert result.errors == ()


def test_a_table_is_left_out_and_the_other_one_of_the_workbook_is_read() -> None:
    other: Rows = [("Société", "Besoin", "Quantité (t/an)"), ("Bravo", "Palettes", 3)]
    content = workbook({"Déchets": [*SWAPPED[:1], ("Alpha", "Bois", 2, "38000")], "Besoins": other})
    first, second = read(content).tables
    assert first.layout != second.layout
    result = read(content, {first.layout: {"ignored": True}})
    assert told(result) == [("Bravo", "input", "Palettes", 3, "t")]
    assert [(table.ignored, table.corrected) for table in result.tables] == [(True, True), (False, False)]


def test_a_table_that_says_no_direction_gets_one() -> None:
    rows: Rows = [("Entreprise", "Libellé", "Quantité"), ("Alpha", "Carton", "4 t/an")]
    content = workbook({"Feuil1": rows})
    before = read(content)
    assert [(one.field, one.cell) for one in before.errors] == [("direction", "")]
    result = read(content, {only(before).layout: {"direction": "input"}})
    assert told(result) == [("Alpha", "input", "Carton", 4, "t")]
    assert only(result).direction == "input"


def test_a_column_that_the_table_does_not_have_is_told() -> None:
    content = workbook({"Feuil1": SWAPPED})
    result = read(content, {only(read(content)).layout: {"columns": {"Z": "label"}}})
    told_of = [str(finding.message) for finding in result.findings if "“Z”" in str(finding.message)]
    assert told_of == ["The mapping names a column “Z” that this table does not have."]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_correction_breaks_the_reading(data: st.DataObject) -> None:
    content, layout = READ_FILES[data.draw(st.integers(0, len(READ_FILES) - 1))]
    column = st.fixed_dictionaries(
        {"field": st.sampled_from(("", "mark", "month", *FIELDS))},
        optional={
            "direction": st.sampled_from(["input", "output"]),
            "unit": st.sampled_from(["t", "kg", "m3"]),
            "period": st.sampled_from(["year", "once"]),
        },
    )
    names = st.sampled_from(["A", "B", "C", "D", "E", "1", "3", "Remarques", "Entreprise", "Z"])
    correction = st.fixed_dictionaries(
        {"columns": st.dictionaries(names, column)},
        optional={
            "header_shift": st.integers(-3, 5),
            "ignored": st.booleans(),
            "direction": st.sampled_from(["input", "output"]),
        },
    )
    result = read(content, {layout: data.draw(correction)})
    assert [table.layout for table in result.tables] == [layout]


def test_the_letters_of_a_column_are_not_the_title_of_another() -> None:
    rows: Rows = [("Entreprise", "A", "B"), ("Alpha", "4 t/an", "Carton")]
    content = workbook({"Sortants": rows})
    mapping = {"A": "company", "B": "quantity", "C": "label"}
    result = read(content, {only(read(content)).layout: {"columns": mapping}})
    assert told(result) == [("Alpha", "output", "Carton", 4, "t")]
    by_title = read(content, {only(read(content)).layout: {"columns": {"a": "quantity", "b": "label"}}})
    assert told(by_title) == told(result)
