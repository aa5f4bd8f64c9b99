"""Points, projections, distances, cells and GeoJSON."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from geo.distance import EARTH_RADIUS_KM, StraightRouter, great_circle_km, road_km
from geo.geojson import area_m2, closed_line, hull, line, point
from geo.grid import CellGrid
from geo.points import InvalidPointError, Point, looks_swapped
from geo.projections import arc_to_chord_km, chord_to_arc_km, earth_centred_km

LON = st.floats(-180, 180)
LAT = st.floats(-89.9, 89.9)
NEAR = st.tuples(st.floats(5.0, 5.5), st.floats(43.2, 43.7))
FRANCE = st.tuples(st.floats(-4, 8), st.floats(42, 51))


def test_marseille_to_lyon_is_as_far_as_maps_say() -> None:
    straight = float(great_circle_km(5.3698, 43.2965, 4.8357, 45.7640))
    assert straight == pytest.approx(278, abs=2)
    assert float(road_km(straight)) == pytest.approx(straight * 1.3)


@given(LON, LAT, LON, LAT)
def test_the_chord_of_centred_coordinates_gives_the_great_circle(
    lon_a: float, lat_a: float, lon_b: float, lat_b: float
) -> None:
    first, second = earth_centred_km([lon_a, lon_b], [lat_a, lat_b])
    arc = chord_to_arc_km(np.linalg.norm(first - second))
    assert float(arc) == pytest.approx(float(great_circle_km(lon_a, lat_a, lon_b, lat_b)), abs=0.5)


@given(st.floats(0, EARTH_RADIUS_KM * 3))
def test_arcs_and_chords_are_inverse(arc_km: float) -> None:
    assert float(chord_to_arc_km(arc_to_chord_km(arc_km))) == pytest.approx(arc_km, abs=0.01)


def test_an_unknown_point_stays_unknown() -> None:
    centred = earth_centred_km([5.0, np.nan], [43.0, np.nan])
    assert centred.shape == (2, 3)
    assert np.isfinite(centred[0]).all()
    assert np.isnan(centred[1]).all()
    assert np.isnan(great_circle_km(np.nan, 43.0, 5.0, 43.0))


def test_a_router_gives_a_symmetric_matrix_with_a_zero_diagonal() -> None:
    matrix = StraightRouter().distances_km(np.array([5.2, 5.4, 4.8]), np.array([43.4, 43.3, 45.7]))
    assert np.allclose(matrix, matrix.T)
    assert np.allclose(np.diag(matrix), 0)


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (float("nan"), 0), (0, float("inf"))])
def test_an_impossible_point_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(InvalidPointError):
        Point(lon, lat)


def test_swapped_coordinates_are_noticed_only_when_the_other_order_is_in_france() -> None:
    assert looks_swapped(43.4, 5.2)
    assert not looks_swapped(5.2, 43.4)
    assert not looks_swapped(55.5, -21.1)


@given(st.lists(FRANCE, min_size=2, max_size=30), st.floats(5, 200))
def test_every_neighbour_within_a_cell_is_found(places: list[tuple[float, float]], radius_km: float) -> None:
    points = earth_centred_km([p[0] for p in places], [p[1] for p in places])
    near = np.flatnonzero(np.linalg.norm(points - points[0], axis=1) <= radius_km)
    assert set(near.tolist()) <= set(CellGrid(points, radius_km).around(points[0]).tolist())


def test_points_without_a_place_are_in_no_cell() -> None:
    points = earth_centred_km([5.0, np.nan], [43.0, np.nan])
    grid = CellGrid(points, 10)
    assert grid.around(points[0]).tolist() == [0]
    assert grid.around(points[1]).tolist() == []
    with pytest.raises(ValueError, match="positive"):
        CellGrid(points, 0)


def test_hulls_of_one_two_and_three_sites() -> None:
    places = [(5.2, 43.4), (5.3, 43.4), (5.25, 43.5)]
    assert [hull(places[:count])["type"] for count in (1, 2, 3)] == ["Point", "LineString", "Polygon"]
    assert hull(places[:2], margin_m=50)["type"] == "Polygon"


@given(st.lists(NEAR, min_size=3, max_size=12, unique=True))
@settings(max_examples=40, deadline=None)
def test_a_hull_with_a_margin_holds_all_its_sites(places: list[tuple[float, float]]) -> None:
    drawn = shape(hull(places, margin_m=100))
    assert drawn.is_valid
    assert all(drawn.contains(shape(point(*place))) for place in places)


def test_a_hull_outside_metropolitan_france_is_drawn_too() -> None:
    assert hull([(55.45, -20.88), (55.5, -21.0), (55.3, -20.95)])["type"] == "Polygon"
    with pytest.raises(ValueError, match="position"):
        hull([])


def test_lines_go_through_their_points_in_order_and_loops_come_back() -> None:
    assert line([(5.2, 43.4), (5.3, 43.5)]) == {
        "type": "LineString",
        "coordinates": [[5.2, 43.4], [5.3, 43.5]],
    }
    assert line([(5.2, 43.4), (5.2, 43.4)]) == point(5.2, 43.4)
    assert closed_line([(5.2, 43.4), (5.3, 43.5)])["coordinates"][-1] == [5.2, 43.4]


def test_a_square_kilometre_measures_one() -> None:
    # One minute of latitude is 1.852 km; at 45° N one minute of longitude is 1.852 × cos 45° km (sphere).
    side = 1 / 60
    area = area_m2([(3.0, 45.0), (3.0 + side, 45.0), (3.0 + side, 45.0 + side), (3.0, 45.0 + side)])
    assert area == pytest.approx(1852**2 * np.cos(np.radians(45.0)), rel=0.01)
