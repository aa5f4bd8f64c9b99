"""A need that a whole country has is grouped place by place, as if each place were alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import default_engine
from matching.mutualisation import grouping
from matching.mutualisation.grouping import Group, find_groups
from matching.mutualisation.neighbourhoods import neighbourhoods
from matching.parameters import MatchParameters
from tests.matching.builders import flow, positions, site

# Kilometres to the north; no two alike, so that no tie may be settled either way.
PLACES = st.lists(st.integers(0, 9_000), min_size=2, max_size=40, unique=True)


def _groups(km_north: list[float], many: int) -> set[tuple[int, ...]]:
    rows = [
        flow(site(f"S{place:.2f}", place), "output", "cartons", 20, resource="cardboard")
        for place in km_north
    ]
    columns, _ = default_engine().columns(rows, positions(rows))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(grouping, "MANY", many)
        found: list[Group] = find_groups(columns, default_engine().catalogue, MatchParameters())
    return {group.rows for group in found}


@settings(max_examples=60, deadline=None)
@given(places=PLACES, stretched=st.sampled_from((0.01, 0.037, 0.1, 0.333)))
def test_groups_found_place_by_place_are_those_found_among_all(places: list[int], stretched: float) -> None:
    km_north = [place * stretched + place**2 * 1e-7 for place in places]
    assert _groups(km_north, many=2) == _groups(km_north, many=10**9)


def test_a_set_is_what_short_steps_lead_through_and_nobody_alone_is_one() -> None:
    km = np.array([[0.0, 0, 0], [90, 0, 0], [9, 0, 0], [18, 0, 0], [500, 0, 0], [95, 0, 0]])
    assert [places.tolist() for places in neighbourhoods(km, 10.0)] == [[0, 2, 3], [1, 5]]
    assert neighbourhoods(km[[0, 1, 4]], 10.0) == []
    # 143 m by road are told as 0.1 km, and compared so.
    assert [places.tolist() for places in neighbourhoods(np.array([[0.0, 0, 0], [0.11, 0, 0]]), 0.1)] == [
        [0, 1]
    ]
