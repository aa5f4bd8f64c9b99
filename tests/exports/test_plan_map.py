"""Plans on a map: as many shapes as the plan has members, rounds, exchanges and groups."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
from shapely.geometry import shape

from app.exports.plan_map import plan_geojson
from tests.exports.plans import best, demo, flows


def sites() -> dict[str, tuple[float, float]]:
    return {
        flow.site.name: (flow.site.lon, flow.site.lat)
        for flow in flows()
        if flow.site.lon is not None and flow.site.lat is not None
    }


def kinds(found: dict[str, Any]) -> Counter[str]:
    return Counter(feature["properties"]["kind"] for feature in found["features"])


def of_kind(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [feature for feature in found["features"] if feature["properties"]["kind"] == kind]


def test_a_round_is_a_line_through_its_stops_in_their_order() -> None:
    document = best("collection")
    document["problem"]["depot"] = {"name": "?", "lon": None, "lat": None}
    found = plan_geojson([document], sites())
    (line,) = of_kind(found, "round")
    stops = [[stop["lon"], stop["lat"]] for stop in document["plan"]["rounds"][0]["stops"]]
    assert [list(point) for point in line["geometry"]["coordinates"]] == stops
    assert line["properties"]["round"] == 1
    assert kinds(found)["site"] == len(document["plan"]["members"])


def test_a_round_starts_and_ends_at_a_depot_that_is_known() -> None:
    document = best("collection")
    document["problem"]["depot"] = {"name": "Dépôt", "lon": 7.0, "lat": 43.0}
    found = plan_geojson([document], sites())
    (line,) = of_kind(found, "round")
    assert line["geometry"]["coordinates"][0] == line["geometry"]["coordinates"][-1] == (7.0, 43.0)
    assert kinds(found)["depot"] == 1


def test_an_exchange_is_a_line_from_provider_to_receiver() -> None:
    document = best("allocation")
    found = plan_geojson([document], sites())
    links = document["plan"]["links"]
    assert kinds(found) == {"exchange": len(links), "site": len(document["plan"]["members"])}
    first = of_kind(found, "exchange")[0]
    ends = [sites()[links[0]["provider"]], sites()[links[0]["receiver"]]]
    assert list(first["geometry"]["coordinates"]) == ends


def test_a_site_sums_what_it_gains_over_its_exchanges() -> None:
    document = best("allocation")
    gains = {row["site"]: row["eur"] for row in document["plan"]["members"]}
    for point in of_kind(plan_geojson([document], sites()), "site"):
        gain = gains[point["properties"]["site"]]
        assert abs((point["properties"]["saving_eur"] or 0) - gain) <= 1e-6 * abs(gain) + 0.1


def test_a_group_is_the_hull_of_its_members_and_a_flow_counts_once_over_alternatives() -> None:
    document = next(d for d in demo("groups") if len(d["plan"]["groups"][0]["members"]) > 3)
    groups = document["plan"]["groups"]
    found = plan_geojson([document], sites())
    hulls = of_kind(found, "group")
    assert len(hulls) == len(groups)
    assert shape(hulls[0]["geometry"]).geom_type == "Polygon"
    quantities = {row["site"]: row["quantity_per_year"] for row in groups[0]["members"]}
    for point in of_kind(found, "site"):
        site = point["properties"]["site"]
        if site in quantities:
            assert point["properties"]["quantity"] == quantities[site]


def test_a_trip_goes_on_to_a_destination_that_is_placed() -> None:
    document = best("transport")
    towns = {
        stop["place"]: (5.0 + number / 100, 43.3)
        for number, lorry in enumerate(document["plan"]["lorries"])
        for stop in lorry["stops"]
        if stop["action"] == "drop"
    }
    assert kinds(plan_geojson([document], {**sites(), **towns}))["trip"] == len(document["plan"]["lorries"])


def test_a_site_that_cannot_be_placed_is_named_and_leaves_no_shape() -> None:
    document = best("allocation")
    lost = document["plan"]["links"][0]["provider"]
    known = {name: place for name, place in sites().items() if name != lost}
    found = plan_geojson([document], known)
    assert found["unplaced"] == [lost]
    names = {lost}
    for feature in of_kind(found, "exchange"):
        assert names.isdisjoint({feature["properties"]["provider"], feature["properties"]["receiver"]})


def test_the_map_of_every_planner_is_valid_json_and_geometry() -> None:
    for planner in ("collection", "purchase", "jobs", "training", "space", "transport", "workshop"):
        found = plan_geojson(demo(planner), sites())
        assert found["unplaced"] == []
        assert orjson.loads(orjson.dumps(found))["type"] == "FeatureCollection"
        assert all(shape(feature["geometry"]).is_valid for feature in found["features"])
        assert kinds(found)["site"]


def test_a_cascade_of_heat_draws_each_source_towards_its_need() -> None:
    document = best("heat")
    pairs = {(row["provider"], row["receiver"]) for row in document["plan"]["exchanges"]}
    found = of_kind(plan_geojson([document], sites()), "exchange")
    apart = {pair for pair in pairs if sites()[pair[0]] != sites()[pair[1]]}
    assert {(one["properties"]["provider"], one["properties"]["receiver"]) for one in found} == apart
    assert all(one["properties"]["unit"] == "MWh" for one in found)
