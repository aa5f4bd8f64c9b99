"""Laws of what takes a territory apart: nothing within reach is lost, columns round as single numbers do."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.projections import earth_centred_km
from matching.blocks.digits import decimals, significant
from matching.partitions import seen_from, split, straight_km

POINTS = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=40)
NUMBERS = st.lists(st.floats(allow_nan=True, allow_infinity=False, width=64), max_size=20)
USUAL = st.lists(st.integers(-(10**9), 10**9).map(lambda n: n / 1000), max_size=20)


@given(POINTS, st.integers(1, 6), st.floats(0.1, 3000), st.integers(0, 2**32 - 1))
def test_a_cell_sees_every_input_that_one_of_its_outputs_reaches(
    degrees: list[tuple[float, float]], parts: int, cut_km: float, seed: int
) -> None:
    """All over the Earth, poles and antimeridian included, by the road distance as it is rounded."""
    points = earth_centred_km([p[0] for p in degrees], [p[1] for p in degrees])
    gives = np.random.default_rng(seed).random(len(points)) < 0.5
    cells = split(points, gives.astype(np.int64), parts)
    factor = 1.3
    reach = straight_km(np.full(len(points), cut_km), factor)
    for output in np.flatnonzero(gives):
        chord = np.sqrt(((points - points[output]) ** 2).sum(axis=1))
        road = np.round(2 * 6371.0088 * np.arcsin(np.minimum(chord / (2 * 6371.0088), 1.0)) * factor, 1)
        seen = seen_from(cells, int(cells.cell[output]), points, reach)
        assert seen[road <= cut_km].all()


def test_an_unplaced_input_is_seen_by_every_cell_and_an_unplaced_output_sees_everything() -> None:
    """What has no place may be near anything."""
    points = earth_centred_km([2.0, 6.0, np.nan], [48.0, 44.0, np.nan])
    near = np.full(3, 1.0)
    cells = split(points, np.array([1, 1, 0]), 2)
    assert [seen_from(cells, cell, points, near).tolist() for cell in cells.cell[:2]] == [
        [True, False, True],
        [False, True, True],
    ]
    cells = split(points, np.array([1, 1, 1]), 2)
    assert seen_from(cells, int(cells.cell[2]), points, near).all()


def test_cells_hold_about_as_many_outputs_each() -> None:
    """A worker with half the territory would make the others wait."""
    dice = np.random.default_rng(1)
    points = earth_centred_km(dice.normal(2, 3, 4000), dice.normal(46, 2, 4000))
    cells = split(points, np.ones(4000, dtype=np.int64), 7)
    shares = np.bincount(cells.cell, minlength=7) / 4000
    assert abs(shares * 7 - 1).max() < 0.02


@given(st.one_of(NUMBERS, USUAL), st.sampled_from([3, 6, 12]))
def test_a_column_keeps_its_significant_digits_as_a_single_number_does(
    values: list[float], digits: int
) -> None:
    """The very float of the decimal text, whatever the size."""
    expected = [float(f"{value:.{digits}g}") for value in values]
    np.testing.assert_array_equal(significant(np.array(values, dtype=np.float64), digits), expected)


@given(USUAL, st.sampled_from([0, 1, 3]))
def test_a_column_rounds_to_decimals_as_a_single_number_does(values: list[float], digits: int) -> None:
    """Halves included, which lie on either side of what a double can hold."""
    np.testing.assert_array_equal(
        decimals(np.array(values, dtype=np.float64), digits), [round(value, digits) for value in values]
    )
