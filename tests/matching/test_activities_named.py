"""Activities that a rule names by their first digits are found as a plain search finds them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from matching.kernel.building import named_by

CODES = st.text("0123Z", max_size=4)


@given(st.lists(st.lists(CODES.filter(bool), max_size=3).map(tuple), max_size=4), st.sets(CODES, max_size=12))
def test_each_row_names_the_activities_that_begin_with_its_digits(
    rows: list[tuple[str, ...]], codes: set[str]
) -> None:
    places = {code: place for place, code in enumerate(sorted(codes, reverse=True))}
    found = named_by(rows, places)
    assert found.shape == (len(rows), max(len(codes), 1))
    for row, named in enumerate(rows):
        for code, place in places.items():
            assert bool(found[row, place]) == (not code or code.startswith(named))
