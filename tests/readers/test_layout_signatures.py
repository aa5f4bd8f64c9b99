"""Tables of one form are known again by what their titles say, whatever their rows hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.readers.builders import Rows, workbook
from tests.readers.test_corrections import FORM, read


def layouts(sheets: Mapping[str, Rows]) -> list[str]:
    return [table.layout for table in read(workbook(sheets)).tables]


def test_another_year_and_other_rows_have_the_same_signature() -> None:
    first: Rows = [("Entreprise", "Déchet", "Tonnage 2023 (t)"), ("Alpha", "Bois", 2)]
    later: Rows = [
        ("Diagnostic 2024 – vallée", None, None),
        ("ENTREPRISE", "Déchet ", "Tonnage 2024 (t)"),
        ("Bravo", "Carton", 5),
        ("Charlie", "Plâtre", 1),
    ]
    assert layouts({"2023": first}) == layouts({"Saisie": later})


@pytest.mark.parametrize(
    "titles",
    [
        ("Entreprise", "Déchet", "Tonnage (kg)"),
        ("Déchet", "Entreprise", "Tonnage (t)"),
        ("Entreprise", "Déchet", "Tonnage (t)", "Commune"),
    ],
)
def test_other_titles_have_another_signature(titles: Sequence[str]) -> None:
    plain: Rows = [("Entreprise", "Déchet", "Tonnage (t)"), ("Alpha", "Bois", 2)]
    assert layouts({"F": plain}) != layouts({"F": [titles, ("Alpha", "Bois", 2, "Gap")]})


def test_a_form_has_the_same_signature_whatever_was_answered() -> None:
    blank: Rows = [("Entreprise :", "Autre"), *[(row[0], None) for row in FORM[1:-1]], FORM[-1]]
    assert layouts({"Fiche": FORM}) == layouts({"Autre": blank})


def test_sheets_of_one_form_count_once() -> None:
    rows: Rows = [("Déchet", "Quantité"), ("Bois", "2 t/an")]
    assert len(layouts({"Alpha SARL": rows, "Bravo SAS": rows})) == 1
