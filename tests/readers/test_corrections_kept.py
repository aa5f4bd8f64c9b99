"""Corrections are written down, refused where nobody can follow them, and completed by later ones."""

from __future__ import annotations

import pytest

from app.readers import read_untrusted
from app.readers.corrections import Correction, InvalidCorrectionError, from_plain, to_plain
from geo.geocoding import offline_geocoder
from tests.readers.builders import workbook
from tests.readers.test_corrections import SWAPPED, only, read, told


@pytest.mark.parametrize(
    ("mapping", "place"),
    [
        ([], "mapping"),
        ({"a": 3}, "a"),
        ({"a": {"colums": {}}}, "a"),
        ({"a": {"columns": {"C": "tonnage"}}}, "a.columns.C"),
        ({"a": {"columns": {"C": {"field": "label", "direction": "out"}}}}, "a.columns.C.direction"),
        ({"a": {"columns": {"C": {"field": "quantity", "unit": "boisseau"}}}}, "a.columns.C.unit"),
        ({"a": {"columns": {"C": {"field": "quantity", "period": "decade"}}}}, "a.columns.C.period"),
        ({"a": {"header_shift": 1.5}}, "a.header_shift"),
        ({"a": {"header_shift": 10_000}}, "a.header_shift"),
        ({"a": {"ignored": "yes"}}, "a.ignored"),
        ({"a": {"direction": ["input"]}}, "a.direction"),
        ({"a": {"columns": {"C": {"field": ["label"]}}}}, "a.columns.C"),
    ],
)
def test_a_mapping_nobody_can_follow_is_refused_where_it_is_wrong(mapping: object, place: str) -> None:
    with pytest.raises(InvalidCorrectionError) as refused:
        from_plain(mapping)
    assert refused.value.place == place


def test_corrections_survive_json_and_the_reading_process() -> None:
    content = workbook({"Feuil1": SWAPPED})
    columns = {"B": {"field": "quantity", "unit": "t", "period": "year"},
               "C": {"field": "label", "direction": "output"}}  # fmt: skip
    corrections = from_plain({only(read(content)).layout: {"columns": columns}})
    assert from_plain(to_plain(corrections)) == corrections
    result = read_untrusted(content, "f.xlsx", offline_geocoder(), corrections=corrections)
    assert [row[2] for row in told(result)] == ["Sciure", "Copeaux"]


def test_a_later_correction_is_completed_by_the_earlier_one() -> None:
    earlier = from_plain({"a": {"columns": {"A": "label", "B": "unit"}}})["a"]
    later = from_plain({"a": {"columns": {"B": "quantity"}, "direction": "input"}})["a"]
    assert later.over(earlier) == Correction({**earlier.columns, **later.columns}, direction="input")


def test_a_correction_that_says_nothing_of_the_titles_keeps_where_they_stand() -> None:
    earlier = from_plain({"a": {"header_shift": 2, "columns": {"A": "label"}}})["a"]
    later = from_plain({"a": {"columns": {"B": "quantity"}}})["a"]
    back = from_plain({"a": {"header_shift": 0}})["a"]
    assert later.over(earlier).header_shift == 2
    assert back.over(earlier).header_shift == 0
