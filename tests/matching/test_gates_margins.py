"""Gates at their margins: a rule's own distance, the heat of hot water, plated things asked for clean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matching.engine import default_engine
from matching.model import Kind, Range
from matching.parameters import constant
from tests.matching.builders import site
from tests.matching.test_gates import judge, need, offer, refused_by, verdicts


@pytest.mark.parametrize(("share", "verdict"), [(0.9, "near"), (1.15, "near"), (1.3, "fail")])
def test_a_rule_s_own_distance_is_an_estimate_and_refuses_only_well_beyond(
    share: float, verdict: str
) -> None:
    rule = next(r for r in default_engine().catalogue.rules if r.from_resource == "osmosis-concentrate")
    assert rule.max_km is not None
    # Road km are longer than straight ones.
    place = site("Far", share * rule.max_km / constant("road_factor"))
    given = offer("rejet", rule.from_resource, 100, "m3", kind=Kind.WATER)
    wanted = need("eau", rule.to_resource, 100, "m3", kind=Kind.WATER, place=place)
    assert verdicts(judge(given, wanted)).get("reach", "near") == verdict


@pytest.mark.parametrize(("source", "proposed"), [(70.0, True), (30.0, False)])
def test_hot_water_gives_its_heat_where_it_is_warm_enough(source: float, proposed: bool) -> None:
    given = offer("condensats", "evaporation-condensate", 800, "MWh", temperature_c=Range.of(source))
    wanted = need("douches", "sanitary-hot-water", 900, "MWh", kind=Kind.ENERGY, temperature_c=Range.of(45.0))
    assert judge(replace(given, kind=Kind.WATER), wanted).proposed is proposed


def test_what_is_asked_clean_is_not_plated() -> None:
    wanted = need("retours propres", "zinc-scrap")
    assert refused_by(judge(offer("jets de zamak", "zinc-scrap"), wanted)) == []
    assert refused_by(judge(offer("poignées chromées", "zinc-scrap"), wanted)) == ["properties"]
