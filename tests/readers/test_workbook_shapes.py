"""Files as people make them, each read as a careful human would read it.

Beside each file of ``tests/data/workbooks`` stands what a human read in it, written by hand. A column that
an expectation lacks is not compared; ``|`` separates readings that are as good, ``..`` the ends of a range.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.data.workbooks.build import FOLDER, KEPT, SHAPES
from tests.readers.shapes.compare import Comparison, compare, expected_rows

MIN_SHARE = 0.95  # Of all expected cells, those that must be right.
NO_UNIT = "a number without unit stays without quantity, with a warning"
BARE = "“palettes 200/an” inside a label: a number without unit is left in the words, without any warning"
CONTAINER = "a container without its content is told by a warning, and gives no quantity"
NOT_UNDERSTOOD = "the titles of this table are not understood: nothing of it is read"
WEEKDAYS = "one column a weekday is not understood, nor what a line above the titles says was weighed"
GAPS = {
    **{
        (
            "pesees_de_la_semaine",
            f":{row} “biodéchets|Biodéchets|Pesées des biodéchets” {name}: not read",
        ): WEEKDAYS
        for row in (3, 4)
        for name in ("site", "direction", "label", "quantity", "unit", "city")
    },
    ("cantines_dons", ":2 “Restes donnés|Restes” site: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":2 “Restes donnés|Restes” direction: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":2 “Restes donnés|Restes” label: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":2 “Restes donnés|Restes” quantity: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":2 “Restes donnés|Restes” unit: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":3 “Restes donnés|Restes” site: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":3 “Restes donnés|Restes” direction: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":3 “Restes donnés|Restes” label: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":3 “Restes donnés|Restes” quantity: not read"): NOT_UNDERSTOOD,
    ("cantines_dons", ":3 “Restes donnés|Restes” unit: not read"): NOT_UNDERSTOOD,
    ("inventaire_achats", "Achats:6 quantity: None, not '120'"): CONTAINER,
    ("inventaire_achats", "Achats:6 unit: None, not 'carton|unité'"): CONTAINER,
    ("besoins_offres", ":2 quantity: None, not '20000'"): NO_UNIT,
    ("besoins_offres", ":2 unit: None, not 'unité'"): NO_UNIT,
    ("commentaire_a_droite", "Visite:2 quantity: None, not '85'"): NO_UNIT,
    ("liste_email", ":2 label: 'palettes europe 200/an', not 'palettes europe'"): BARE,
    ("liste_email", ":2 quantity: None, not '200'"): BARE,
    ("liste_email", ":2 unit: None, not 'palette|unité'"): BARE,
    ("questionnaire_deux_colonnes", "Questionnaire:15 quantity: None, not '50'"): NO_UNIT,
    ("questionnaire_deux_colonnes", "Questionnaire:15 unit: None, not 'unité'"): NO_UNIT,
}


@lru_cache(maxsize=128)
def compared(name: str) -> Comparison:
    """Return the comparison of a file, read once for all tests."""
    return compare(file_of(name), FOLDER / f"{name}.expected.csv")


def file_of(name: str) -> Path:
    """Return the path of a file."""
    return FOLDER / f"{name}{SHAPES[name].suffix}"


@pytest.mark.parametrize("name", SHAPES)
def test_reads_the_file_as_a_careful_human_would(name: str) -> None:
    known = {fault for file, fault in GAPS if file == name}
    assert [fault for fault in compared(name).faults if fault not in known] == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param(*gap, id=" ".join(gap), marks=pytest.mark.xfail(strict=True, reason=reason))
        for gap, reason in GAPS.items()
    ],
)
def test_a_known_gap_is_closed(name: str, fault: str) -> None:
    assert fault not in compared(name).faults


def test_nearly_every_cell_of_all_files_is_right_and_no_flow_is_invented() -> None:
    found = [compared(name) for name in SHAPES]
    cells, wrong = sum(one.cells for one in found), sum(len(one.wrong) for one in found)
    assert (cells - wrong) / cells >= MIN_SHARE
    known = {fault for _, fault in GAPS}
    assert [fault for one in found for fault in one.invented if fault not in known] == []


@pytest.mark.parametrize("name", [name for name in SHAPES if name not in KEPT])
def test_the_committed_file_holds_the_cells_of_its_source(name: str) -> None:
    committed, built = file_of(name).read_bytes(), SHAPES[name].content()
    if SHAPES[name].suffix == ".csv":
        assert committed == built
    else:
        assert _cells(committed) == _cells(built)


def _cells(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    return {
        f"{sheet.title} {values}": list(sheet.iter_rows(values_only=True))
        for values in (False, True)
        for sheet in load_workbook(io.BytesIO(content), data_only=values).worksheets
    }


def test_every_file_has_its_expectation_and_every_expectation_its_file() -> None:
    expectations = {path.name.removesuffix(".expected.csv") for path in FOLDER.glob("*.expected.csv")}
    assert expectations == set(SHAPES)
    kept = {path.name for path in FOLDER.iterdir() if path.suffix in {".xlsx", ".csv", ".ods", ".tsv"}}
    assert {name for name in kept if not name.endswith(".expected.csv")} == {
        file_of(name).name for name in SHAPES
    }
    assert all(expected_rows(FOLDER / f"{name}.expected.csv") for name in SHAPES)
