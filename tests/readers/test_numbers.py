"""Numbers, quantities and rhythms as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.readers.amounts import amount_in, amount_inside
from app.readers.numbers import leading_number, to_float, whole_number
from app.readers.units import rhythm
from matching.errors import InvalidFlowError
from matching.model import Period, Range

SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "'", ""])


def grouped(value: int, separator: str) -> str:
    return f"{value:,}".replace(",", separator)


@given(st.integers(0, 10**9), st.integers(0, 99), SPACES)
def test_a_french_number_is_read_back_with_any_thousands_separator(
    whole: int, hundredths: int, space: str
) -> None:
    assert to_float(f"{grouped(whole, space)},{hundredths:02d}") == pytest.approx(whole + hundredths / 100)


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_an_english_number_is_read_back(whole: int, hundredths: int) -> None:
    assert to_float(f"{grouped(whole, ',')}.{hundredths:02d}") == pytest.approx(whole + hundredths / 100)


@given(st.integers(1, 999), st.integers(0, 999))
def test_a_dot_before_three_digits_separates_thousands_except_where_dots_are_decimal(
    head: int, tail: int
) -> None:
    text = f"{head}.{tail:03d}"
    assert to_float(text) == head * 1000 + tail
    assert to_float(text, decimal_dot=True) == pytest.approx(float(text))


@given(
    st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 2)),
    st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 2)),
    st.sampled_from(["{}-{}", "{} - {}", "{} à {}", "entre {} et {}", "de {} à {}", "{} – {}", "{} to {}"]),
)
def test_a_range_is_read_back_however_it_is_written(first: float, second: float, form: str) -> None:
    low, high = sorted((first, second))
    text = form.format(f"{low:.2f}".replace(".", ","), f"{high:.2f}".replace(".", ","))
    assert whole_number(text) == Range(low, high)


@given(st.text(max_size=40))
def test_no_text_breaks_the_number_reader(text: str) -> None:
    try:
        found = leading_number(text)
    except InvalidFlowError:
        return
    assert found is None or found.value.low <= found.value.high


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1 200,5", 1200.5, 1200.5),
        ("12.000", 12000, 12000),
        ("1.200.000", 1_200_000, 1_200_000),
        ("0.500", 0.5, 0.5),
        ("env. 500", 500, 500),
        ("~40", 40, 40),
        ("<5", 0, 5),
        ("10 ± 2", 8, 12),
        ("10 +/- 10%", 9, 11),
        ("-20 à -10", -20, -10),
        ("une dizaine", 10, 10),
    ],
)
def test_usual_ways_of_writing_a_number(text: str, low: float, high: float) -> None:
    assert whole_number(text) == Range(low, high)


@pytest.mark.parametrize("text", ["inf", "-inf", "NaN", "1e400", "∞", "Infinity"])
def test_a_number_without_end_is_refused(text: str) -> None:
    with pytest.raises(InvalidFlowError, match="finite"):
        leading_number(text)


def test_a_range_that_goes_down_is_refused() -> None:
    with pytest.raises(InvalidFlowError, match="goes down"):
        leading_number("200-150")


@pytest.mark.parametrize(
    ("text", "value", "unit", "period", "times"),
    [
        ("2 à 3 t/an", (2, 3), "t", Period.YEAR, 1),
        ("env. 500 kg / semaine", (500, 500), "kg", Period.WEEK, 1),
        ("12.000 kg/an", (12000, 12000), "kg", Period.YEAR, 1),
        ("12 palettes par mois", (12, 12), "palette", Period.MONTH, 1),
        ("10 palettes 2 fois par semaine", (10, 10), "palette", Period.WEEK, 2),
        ("3 t tous les 2 mois", (3, 3), "t", Period.YEAR, 6),
        ("1 t tous les 15 jours", (1, 1), "t", Period.YEAR, 26),
        ("5 m3 par trimestre", (5, 5), "m3", Period.YEAR, 4),
        ("3 bennes de 30 m3 par mois", (90, 90), "m3", Period.MONTH, 1),
        ("4 x 20 t par an", (80, 80), "t", Period.YEAR, 1),
        ("2 j/semaine", (2, 2), "jour", Period.WEEK, 1),
        ("80L/j", (80, 80), "L", Period.DAY, 1),
        ("15 t en stock", (15, 15), "t", Period.ONCE, 1),
    ],
)
def test_quantity_unit_and_period_in_one_cell(
    text: str, value: tuple[float, float], unit: str, period: Period, times: float
) -> None:
    amount = amount_in(text)
    assert amount is not None
    assert amount.rhythm is not None
    assert (amount.value, amount.unit, amount.factor) == (Range(*value), unit, 1)
    assert (amount.rhythm.period, amount.rhythm.times) == (period, times)


def test_a_multiple_of_a_unit_keeps_its_factor() -> None:
    amount = amount_in("1,2 kt/an")
    assert amount is not None
    assert (amount.unit, amount.factor) == ("t", 1000)


@pytest.mark.parametrize(
    ("text", "container"),
    [("3 camions/mois", "camions"), ("2 big bags/semaine", "big bags"), ("40 m3/h", "m3/h")],
)
def test_a_container_or_a_rate_is_no_unit(text: str, container: str) -> None:
    amount = amount_in(text)
    assert amount is not None
    assert (amount.unit, amount.container) == (None, container)


@pytest.mark.parametrize(
    ("text", "period", "times", "days"),
    [
        ("5 j/7", Period.DAY, 1, 5),
        ("jour ouvré", Period.DAY, 1, 5),
        ("day, 5 days a week", Period.DAY, 1, 5),
        ("hebdomadaire", Period.WEEK, 1, None),
        ("2 fois par semaine", Period.WEEK, 2, None),
        ("trimestriel", Period.YEAR, 4, None),
        ("ponctuel", Period.ONCE, 1, None),
    ],
)
def test_rhythms(text: str, period: Period, times: float, days: float | None) -> None:
    found = rhythm(text)
    assert found is not None
    assert (found.period, found.times, found.days_per_week) == (period, times, days)


def test_words_that_are_no_rhythm_are_not_taken_for_one() -> None:
    assert rhythm("décennie") is None


@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("Cartons (12 t/an)", ("Cartons", "12 t/an")),
        ("Copeaux de bois 5 t/an", ("Copeaux de bois", "5 t/an")),
        ("local de 200 m²", ("local de 200 m²", "200 m²")),
        ("Grue mobile 200 t", None),
        ("Palettes 80x120", None),
        ("Câble 3 mm", None),
    ],
)
def test_an_amount_at_the_end_of_a_label(label: str, found: tuple[str, str] | None) -> None:
    assert amount_inside(label) == found
