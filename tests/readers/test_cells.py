"""Months, dates, codes and coordinates in cells."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.readers.calendar import date_of, days_per_week, months_of, parse_months
from app.readers.codes import LostSiretError, siret_of, waste_code_of, waste_codes
from app.readers.coordinates import degrees_of, from_lambert_93, pair_of
from app.readers.headers import column_of
from matching.errors import InvalidFlowError
from matching.model import Direction, Period

ALL = frozenset(range(1, 13))


@given(st.integers(1, 12), st.integers(1, 12))
def test_months_run_over_new_year(first: int, last: int) -> None:
    found = parse_months(f"{first}-{last}") or ALL
    assert {first, last} <= found
    assert len(found) == (last - first) % 12 + 1


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("1-3;9-12", {1, 2, 3, 9, 10, 11, 12}),
        ("11-2", {11, 12, 1, 2}),
        ("d'avril à octobre", set(range(4, 11))),
        ("sept. à nov.", {9, 10, 11}),
        ("juin, juillet et août", {6, 7, 8}),
        ("hiver", {12, 1, 2}),
        ("T1", {1, 2, 3}),
        ("toute l'année", set()),
        ("1-12", set()),
        ("", set()),
    ],
)
def test_months_in_words_and_figures(text: str, months: set[int]) -> None:
    assert parse_months(text) == months


@pytest.mark.parametrize("text", ["13", "0-3", "saisonnier", "1-2-3"])
def test_months_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InvalidFlowError, match="Months"):
        parse_months(text)


def test_a_spreadsheet_that_took_months_for_a_date_is_undone() -> None:
    assert months_of(datetime(2024, 9, 3)) == frozenset(range(3, 10))


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-31",
        "31/03/2026",
        "31.3.26",
        datetime(2026, 3, 31, 10),
        date(2026, 3, 31),
        46112,
        "31 mars 2026",
    ],
)
def test_dates_in_every_usual_form(cell: str | int | date) -> None:
    assert date_of(cell, "due_date") == date(2026, 3, 31)


def test_a_date_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidFlowError) as refused:
        date_of("31/02/2026", "due_date")
    assert refused.value.field == "due_date"


@pytest.mark.parametrize(
    ("text", "days"), [("lun-ven", 5), ("1-5", 5), ("lundi, mardi", 2), ("5j", 5), ("selon besoin", None)]
)
def test_weekdays(text: str, days: float | None) -> None:
    assert days_per_week(text) == days


@given(
    st.sampled_from(sorted(waste_codes())),
    st.sampled_from(["{}{}{}", "{} {} {}", "{}.{}.{}", "{} {} {}*", "{}-{}-{}"]),
)
def test_every_waste_code_is_read_however_it_is_spaced(code: str, form: str) -> None:
    assert waste_code_of(form.format(code[:2], code[2:4], code[4:])) == (code, False)


def test_a_waste_code_that_lost_its_zero_is_mended() -> None:
    assert waste_code_of("10306") == ("010306", False)


@pytest.mark.parametrize("text", ["999999", "15 01", "DIB"])
def test_an_unknown_waste_code_is_refused(text: str) -> None:
    with pytest.raises(InvalidFlowError, match="List of Waste"):
        waste_code_of(text)


@pytest.mark.parametrize(
    "cell", ["443 061 841 00047", 44306184100047, 44306184100047.0, "4.4306184100047E+13"]
)
def test_a_siret_is_read_with_spaces_and_as_a_number(cell: str | float) -> None:
    assert siret_of(cell) == "44306184100047"


@pytest.mark.parametrize("cell", ["4,43061E+13", 44306184100000.0])
def test_a_rounded_siret_is_said_to_be_lost(cell: str | float) -> None:
    with pytest.raises(LostSiretError, match="rounded"):
        siret_of(cell)


def test_a_siren_alone_is_no_siret_and_no_mistake() -> None:
    assert siret_of("443061841") == ""


def test_a_siret_with_a_wrong_key_is_refused() -> None:
    with pytest.raises(InvalidFlowError, match="not a SIRET"):
        siret_of("44306184100048")


@pytest.mark.parametrize(
    "text",
    [
        "43.4380, 5.2560",
        "43,4380 ; 5,2560",
        "5.2560 43.4380",
        "43,4380, 5,2560",
        "(43.4380;5.2560)",
        "43.4380,5.2560",
    ],
)
def test_both_coordinates_in_one_cell(text: str) -> None:
    assert pair_of(text) == (5.2560, 43.4380)


def test_degrees_minutes_and_seconds() -> None:
    assert pair_of("43°26'12\"N 5°15'10\"E") == pytest.approx((5.252778, 43.436667), abs=1e-6)
    assert degrees_of("1°33'0\" O", "lon") == pytest.approx(-1.55)


def test_words_are_no_coordinates() -> None:
    assert pair_of("entrée par la rue de Rome") is None
    with pytest.raises(InvalidFlowError) as refused:
        degrees_of("ici", "lat")
    assert refused.value.field == "lat"


def test_lambert_93_metres_become_degrees() -> None:
    # IGN's own example of the false origin: x0 = 700 000 m, y0 = 6 600 000 m is 3° E, 46.5° N.
    assert from_lambert_93(700_000, 6_600_000) == pytest.approx((3.0, 46.5), abs=1e-6)
    assert from_lambert_93(5.2, 43.4) is None


@pytest.mark.parametrize(
    ("title", "field", "unit", "period"),
    [
        ("Tonnage annuel (t)", "quantity", "t", Period.YEAR),
        ("Qté (kg/mois)", "quantity", "kg", Period.MONTH),
        ("Quantité en tonnes par an", "quantity", "tonnes", Period.YEAR),
        ("Volume", "quantity", "", None),
    ],
)
def test_a_quantity_title_tells_unit_and_period(
    title: str, field: str, unit: str, period: Period | None
) -> None:
    column = column_of(title)
    assert column is not None
    assert (column.field, column.unit, column.rhythm and column.rhythm.period) == (field, unit, period)


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Nom de l'entreprise *", "company"),
        ("N° SIRET", "siret"),
        ("Code déchet (6 chiffres)", "waste_code"),
        ("Expéditeur raison sociale", "site"),
        ("Transporteur SIRET ou numéro de TVA le cas échéant", "ignore"),
        ("Coût (€/t)", "unit_cost_eur"),
        ("CP", "postcode"),
    ],
)
def test_usual_titles(title: str, field: str) -> None:
    column = column_of(title)
    assert column is not None
    assert column.field == field


def test_a_title_or_a_question_tells_the_direction() -> None:
    found = column_of("Flux sortants"), column_of("Que recherchez-vous ?")
    assert [(c.field, c.direction) for c in found if c] == [
        ("label", Direction.OUTPUT),
        ("label", Direction.INPUT),
    ]
