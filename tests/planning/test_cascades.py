"""Cascades of heat and water worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.model import Kind, Range
from matching.planning.cascade_flows import (
    heat_problem_from_flows,
    qualities_in,
    water_problem_from_flows,
)
from matching.planning.heat_cascade import HeatParams, HeatProblem, HeatStream, problem_table
from matching.planning.heat_cascade import plan as plan_heat
from matching.planning.plan import InfeasiblePlanError
from matching.planning.water_cascade import plan as plan_water
from matching.planning.water_model import WaterFlow, WaterProblem
from tests.matching.builders import flow, positions, site

NO_PUMP = HeatParams(pumps=False)


def exchanges(found: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["provider"], line["receiver"]): line for line in found.plan["exchanges"]}


def test_the_textbook_example_of_linnhoff_reaches_its_targets() -> None:
    # Four streams, gap of 10 K: 20 of hot, 60 of cold utility, pinch at 85 °C shifted.
    hot = (HeatStream("1", "a", 3.0 * 110, 170, 60), HeatStream("2", "b", 1.5 * 120, 150, 30))
    cold = (HeatStream("3", "c", 2.0 * 115, 135, 20), HeatStream("4", "d", 4.0 * 60, 140, 80))
    given = HeatProblem(hot, cold)
    targets = problem_table(given)
    assert (targets.hot_mwh, targets.cold_mwh, targets.pinch_c) == pytest.approx((20, 60, 85))
    found = plan_heat(given, NO_PUMP)
    assert found.objective == pytest.approx(450)
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_the_hottest_source_is_kept_for_the_need_that_asks_for_it() -> None:
    sources = (HeatStream("furnace", "a", 100, 200, 200), HeatStream("cooling", "b", 100, 70, 70))
    needs = (HeatStream("greenhouse", "c", 100, 50, 50), HeatStream("dryer", "d", 100, 150, 150))
    found = plan_heat(HeatProblem(sources, needs), NO_PUMP)
    assert found.objective == pytest.approx(200)
    assert set(exchanges(found)) == {("furnace", "dryer"), ("cooling", "greenhouse")}


@pytest.mark.parametrize(("source_c", "served"), [(60.0, 100.0), (59.9, 0.0)])
def test_a_source_serves_at_ten_kelvins_above_and_not_below(source_c: float, served: float) -> None:
    given = HeatProblem(
        (HeatStream("a", "x", 100, source_c, source_c),), (HeatStream("b", "y", 100, 50, 50),)
    )
    assert plan_heat(given, NO_PUMP).objective == pytest.approx(served)


def test_a_heat_pump_lifts_what_its_cop_allows() -> None:
    # Liquid both sides: 30 - 2.5 to 60 + 2.5 °C, COP = 0.5 · 335.65 / 35 = 4.795.
    source = HeatStream("condenser", "x", 1000, 30, 30, "liquid")
    need = HeatStream("laundry", "y", 100, 60, 60, "liquid", eur_per_mwh=80)
    found = plan_heat(HeatProblem((source,), (need,)))
    line = exchanges(found)["condenser", "laundry"]
    cop = 0.5 * 335.65 / 35
    assert line["cop"] == pytest.approx(cop, abs=1e-3)
    assert line["mwh"] == pytest.approx(100)
    assert line["electricity_mwh"] == pytest.approx(100 / cop)
    assert line["eur"] == pytest.approx(100 * 80 - 172 * 100 / cop, abs=0.01)


@pytest.mark.parametrize(("need_c", "price"), [(110, 500.0), (60, 20.0), (115, 500.0)])
def test_a_heat_pump_with_a_poor_cop_or_a_loss_or_too_hot_is_refused(need_c: float, price: float) -> None:
    source_c = 90 if need_c == 115 else 30
    source = HeatStream("a", "x", 1000, source_c, source_c, "liquid")
    need = HeatStream("b", "y", 100, need_c, need_c, "liquid", eur_per_mwh=price)
    found = plan_heat(HeatProblem((source,), (need,)))
    assert found.objective == 0
    assert [left.name for left in found.unserved] == ["b: y"]


def test_heat_beyond_the_reach_of_a_pipe_stays_where_it_is() -> None:
    given = (HeatStream("a", "x", 100, 90, 90),), (HeatStream("b", "y", 100, 50, 50),)
    assert plan_heat(HeatProblem(*given, np.array([[15.1]]))).objective == 0
    assert plan_heat(HeatProblem(*given, np.array([[14.9]]))).objective == pytest.approx(100)


def test_random_cascades_without_pumps_reach_the_problem_table() -> None:
    dice = np.random.default_rng(4)
    for _ in range(20):
        streams = []
        for side in "sn":
            ends = np.sort(dice.integers(2, 20, (4, 2)) * 10, axis=1)
            loads = dice.integers(1, 50, 4)
            streams.append(
                tuple(
                    HeatStream(f"{side}{i}", "x", float(q), float(hot), float(cold))
                    for i, ((cold, hot), q) in enumerate(zip(ends, loads, strict=True))
                )
            )
        given = HeatProblem(streams[0], streams[1])
        assert plan_heat(given, NO_PUMP).objective == pytest.approx(
            problem_table(given).recovered_mwh, abs=1e-5
        )


def test_dirty_water_is_blended_up_to_the_limit() -> None:
    # 200 mg/L into at most 50: a quarter.
    source = WaterFlow("laundry", "rinse", 1000, {"cod_mg_l": 200})
    need = WaterFlow("depot", "wash", 1000, {"cod_mg_l": 50})
    found = plan_water(WaterProblem((source,), (need,)))
    assert found.objective == pytest.approx(250)
    assert found.plan["fresh_m3"] == pytest.approx(750)
    assert found.plan["blends"][0]["quality"] == {"cod_mg_l": pytest.approx(50)}  # type: ignore[index]


def test_the_cleaner_water_goes_where_limits_are_strict() -> None:
    sources = (
        WaterFlow("clean", "a", 100, {"cod_mg_l": 10}),
        WaterFlow("dirty", "b", 100, {"cod_mg_l": 100}),
    )
    needs = (WaterFlow("strict", "c", 100, {"cod_mg_l": 10}), WaterFlow("easy", "d", 100, {"cod_mg_l": 100}))
    found = plan_water(WaterProblem(sources, needs))
    assert found.objective == pytest.approx(200)
    assert set(exchanges(found)) == {("clean", "strict"), ("dirty", "easy")}


def test_two_limits_hold_at_once_and_fresh_water_counts() -> None:
    source = WaterFlow("a", "x", 1000, {"cod_mg_l": 100, "chlorides_mg_l": 400})
    need = WaterFlow("b", "y", 100, {"cod_mg_l": 60, "chlorides_mg_l": 110})
    # Chlorides: 400 s + 10 (1 - s) = 110, s = 100/390; COD alone would give 0.6.
    found = plan_water(WaterProblem((source,), (need,), fresh={"chlorides_mg_l": 10}))
    assert found.objective == pytest.approx(100 * 100 / 390)
    with pytest.raises(InfeasiblePlanError, match="relax"):
        plan_water(WaterProblem((source,), (need,), fresh={"chlorides_mg_l": 200}))


def test_water_of_unknown_quality_serves_only_needs_without_limits() -> None:
    source = WaterFlow("a", "x", 100)
    needs = (WaterFlow("b", "y", 100, {"cod_mg_l": 60}), WaterFlow("c", "z", 30))
    found = plan_water(WaterProblem((source,), needs))
    assert found.objective == pytest.approx(30)
    assert [w.code for w in found.warnings] == ["unknown_quality"]


def test_streams_and_qualities_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InvalidParametersError):
        HeatStream("a", "x", 10, 20, 30)
    with pytest.raises(InvalidParametersError):
        WaterFlow("a", "x", 10, {"colour": 3})


def test_cascades_read_a_flow_table() -> None:
    engine = default_engine()
    water: dict[str, Any] = {"kind": Kind.WATER, "unit": "m3"}
    heat: dict[str, Any] = {"kind": Kind.ENERGY, "unit": "MWh"}
    flows = [
        flow(site("Data"), "output", "Chaleur fatale", 500, **heat, temperature_c=Range.of(80)),
        flow(site("Serre", 1), "input", "Chauffage", 300, **heat, temperature_c=Range.of(45)),
        flow(site("Pressing", 1), "output", "Eau de rinçage, DCO 120 mg/L", 900, **water),
        flow(site("Dépôt", 2), "input", "Eau de lavage", 900, comment="DCO < 60 mg/L", **water),
    ]
    columns, amounts = engine.columns(flows, positions(flows))
    warm = plan_heat(heat_problem_from_flows(columns, engine.catalogue, amounts))
    assert warm.objective == pytest.approx(300)
    assert plan_water(water_problem_from_flows(columns, amounts)).objective == pytest.approx(450)


def test_qualities_are_read_from_words() -> None:
    said = flow(
        site("A"), "output", "Eau", comment="conductivité 1,2 mS/cm ; chlorures : 35 mg/L, DCO 0,2 g/L"
    )
    assert qualities_in(said) == {"conductivity_us_cm": 1200, "chlorides_mg_l": 35, "cod_mg_l": 200}
