"""Each gate refuses and passes, and says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching.columns import property_bits
from matching.engine import default_engine
from matching.gates import FEW_MASKS, conflict_masks
from matching.model import Flow, Kind, Range
from matching.parameters import MatchParameters, constant
from matching.refusals import Refusal, why_not
from tests.matching.builders import flow, positions, site

MINIMUM = constant("minimum_score")
A, B = site("A"), site("B", 2)


def offer(label: str, resource: str, amount: float | None = 100, unit: str = "t", **fields: Any) -> Flow:
    return flow(A, "output", label, amount, unit, resource=resource, **fields)


def need(label: str, resource: str, amount: float | None = 100, unit: str = "t", **fields: Any) -> Flow:
    return flow(fields.pop("place", B), "input", label, amount, unit, resource=resource, **fields)


def judge(given: Flow, wanted: Flow, **parameters: Any) -> Refusal:
    rows = [given, wanted]
    return why_not(default_engine(), given, wanted, positions(rows), MatchParameters(**parameters))


def verdicts(refusal: Refusal) -> dict[str, str]:
    return {gate.name: gate.verdict for gate in refusal.gates}


def refused_by(refusal: Refusal) -> list[str]:
    assert refusal.proposed == (
        not any(gate.verdict == "fail" for gate in refusal.gates) and refusal.score >= 30
    )
    assert all((gate.why is not None) == (gate.verdict == "fail") for gate in refusal.gates)
    return [gate.name for gate in refusal.gates if gate.verdict == "fail"]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("sciure", []),
        ("sciure souillée", ["properties"]),
        ("sciure non souillée", []),
        ("sciure hors bois souillé", []),
        ("sciure dangereuse", ["properties"]),
        ("sciure non dangereuse", []),
        ("sciure polluée", ["properties"]),
    ],
)
def test_what_is_soiled_or_hazardous_is_refused_unless_it_says_it_is_not(
    said: str, wanted: list[str]
) -> None:
    assert refused_by(judge(offer(said, "wood-sawdust"), need("sciure", "wood-sawdust"))) == wanted


@pytest.mark.parametrize(("code", "wanted"), [("150110", ["properties"]), ("150102", [])])
def test_a_hazardous_waste_code_refuses(code: str, wanted: list[str]) -> None:
    given = offer("bidons", "wood-sawdust", waste_code=code)
    assert refused_by(judge(given, need("sciure", "wood-sawdust"))) == wanted


def test_a_need_that_is_hazardous_by_nature_takes_what_is_hazardous_by_nature() -> None:
    refusal = judge(
        offer("acide", "hydrochloric-acid", concentration_pct=Range.of(33)), need("acide", "pickling-acid")
    )
    assert refused_by(refusal) == []
    assert refusal.proposed


def test_rented_pallets_go_back_to_their_owner() -> None:
    wanted = need("palettes", "pallet-eur", 100, "palette", kind=Kind.PACKAGING)
    own = offer("palettes", "pallet-eur", 100, "palette", kind=Kind.PACKAGING)
    assert refused_by(judge(own, wanted)) == []
    for rented in (replace(own, label="palettes bleues Chep"), replace(own, label="palettes consignées")):
        refusal = judge(rented, wanted)
        assert refused_by(refusal) == ["properties"]
        assert "deposit" in str(refusal.reason)


@pytest.mark.parametrize(
    ("given", "wanted", "refused"),
    [
        ("palettes en bois", "palettes en plastique", True),
        ("palettes en plastique", "palettes en bois", True),
        ("palettes en bois", "palettes en bois", False),
        ("palettes en bois", "palettes, bois interdit", True),
        ("palettes en plastique", "palettes, bois interdit", False),
        ("palettes en bois", "palettes sans bois", True),
        ("palettes cassées", "palettes en bon état", True),
        ("palettes en bon état", "palettes en bon état", False),
    ],
)
def test_materials_that_contradict_the_need_are_refused(given: str, wanted: str, refused: bool) -> None:
    first = offer(given, "pallets", 100, "palette", kind=Kind.PACKAGING)
    second = need(wanted, "pallets", 100, "palette", kind=Kind.PACKAGING)
    assert bool(refused_by(judge(first, second))) == refused


def heat(source: float | None, wanted: float | None, label: str = "eau chaude") -> Refusal:
    given = offer("chaleur", "hot-water", 100, "MWh", kind=Kind.ENERGY, temperature_c=_at(source))
    return judge(given, need(label, "hot-water", 100, "MWh", kind=Kind.ENERGY, temperature_c=_at(wanted)))


def _at(value: float | None) -> Range | None:
    return None if value is None else Range.of(value)


@pytest.mark.parametrize(
    ("source", "wanted", "label", "verdict"),
    [
        (90, 60, "eau chaude", "pass"),
        (62, 60, "eau chaude", "unknown"),
        (30, 60, "eau chaude", "unknown"),
        (5, 95, "eau chaude", "fail"),
        (30, 60, "eau chaude, sans pompe à chaleur", "fail"),
        (90, 60, "eau chaude, sans pompe à chaleur", "pass"),
        (30, 60, "eau chaude par échange direct", "fail"),
        (90, 60, "eau chaude par échange direct", "pass"),
        (None, 60, "eau chaude", "unknown"),
    ],
)
def test_heat_must_be_warm_enough_or_lifted_by_a_heat_pump_the_receiver_allows(
    source: float | None, wanted: float, label: str, verdict: str
) -> None:
    refusal = heat(source, wanted, label)
    assert verdicts(refusal)["temperature"] == verdict
    assert refused_by(refusal) == (["temperature"] if verdict == "fail" else [])


def test_no_temperature_is_asked_where_the_need_gives_none() -> None:
    assert "temperature" not in verdicts(heat(20, None))


@pytest.mark.parametrize(("source", "refused"), [(2, False), (12, True)])
def test_cold_must_be_cold_enough(source: float, refused: bool) -> None:
    fields: dict[str, Any] = {"kind": Kind.ENERGY}
    given = offer("froid", "process-cold", 100, "MWh", temperature_c=Range.of(source), **fields)
    refusal = judge(given, need("froid", "process-cold", 100, "MWh", temperature_c=Range.of(6), **fields))
    assert refused_by(refusal) == (["temperature"] if refused else [])
    assert (str(refusal.reason) == "The source is not cold enough.") == refused


@pytest.mark.parametrize(
    ("field", "gate", "offered", "asked", "verdict"),
    [
        ("concentration_pct", "concentration", Range(30, 35), Range.of(32), "pass"),
        ("concentration_pct", "concentration", Range.of(8), Range.of(32), "fail"),
        ("concentration_pct", "concentration", None, Range.of(32), "unknown"),
        ("moisture_pct", "moisture", Range(10, 20), Range.of(15), "pass"),
        ("moisture_pct", "moisture", Range(40, 50), Range.of(15), "fail"),
        ("moisture_pct", "moisture", None, Range.of(15), "unknown"),
    ],
)
def test_concentration_is_a_minimum_and_moisture_a_maximum(
    field: str, gate: str, offered: Range | None, asked: Range, verdict: str
) -> None:
    said: dict[str, Any] = {field: offered}
    wanted: dict[str, Any] = {field: asked}
    refusal = judge(offer("calcin", "glass-cullet", **said), need("calcin", "glass-cullet", **wanted))
    assert verdicts(refusal)[gate] == verdict
    assert refused_by(refusal) == ([gate] if verdict == "fail" else [])


@pytest.mark.parametrize(("moisture", "verdict"), [(30, "pass"), (70, "fail"), (None, "unknown")])
def test_a_rules_own_condition_holds_though_the_receiver_asks_nothing(
    moisture: float | None, verdict: str
) -> None:
    given = offer("sciure", "wood-sawdust", moisture_pct=_at(moisture))
    refusal = judge(given, need("matière pour granulés", "pellet-mill-feedstock"))
    assert verdicts(refusal)["requirements"] == verdict
    assert refused_by(refusal) == (["requirements"] if verdict == "fail" else [])


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [({6, 7, 8}, {12, 1, 2}, ["season"]), ({6, 7, 8}, {8, 9}, []), (set(), {12}, [])],
)
def test_seasons_that_never_meet_are_refused(first: set[int], second: set[int], wanted: list[str]) -> None:
    given = offer("calcin", "glass-cullet", months=frozenset(first))
    assert refused_by(judge(given, need("calcin", "glass-cullet", months=frozenset(second)))) == wanted


@pytest.mark.parametrize(("km", "wanted"), [(340, []), (360, ["reach"])])
def test_each_resource_has_its_reach(km: float, wanted: list[str]) -> None:
    refusal = judge(offer("calcin", "glass-cullet"), need("calcin", "glass-cullet", place=site("B", km)))
    assert refused_by(refusal) == wanted


def test_a_refusal_by_distance_gives_both_distances_to_the_tenth() -> None:
    refusal = judge(offer("calcin", "glass-cullet"), need("calcin", "glass-cullet"), max_km=2.5)
    assert str(refusal.reason) == "At 2.6 km it is beyond reach (2.5 km)."


@pytest.mark.parametrize(
    ("offered", "asked", "wanted"),
    [(0.2, 100, ["volume"]), (0.4, 100, []), (0.2, 15, []), (100, 0.2, ["volume"])],
)
def test_a_volume_is_tiny_only_below_both_the_share_and_the_lot(
    offered: float, asked: float, wanted: list[str]
) -> None:
    refusal = judge(offer("calcin", "glass-cullet", offered), need("calcin", "glass-cullet", asked))
    assert refused_by(refusal) == wanted


def test_an_exclusion_in_the_receivers_own_words_is_a_gate() -> None:
    given = offer("palettes grumelées", "pallets", 100, "palette", kind=Kind.PACKAGING)
    wanted = need("palettes, grumelées interdites", "pallets", 100, "palette", kind=Kind.PACKAGING)
    assert refused_by(judge(given, wanted)) == ["exclusions"]
    assert refused_by(judge(given, replace(wanted, label="palettes"))) == []


def test_goods_do_not_answer_the_need_of_a_post() -> None:
    refusal = judge(offer("calcin", "glass-cullet"), need("soudeur", "job-welder", 1, "ETP", kind=Kind.SKILL))
    assert refused_by(refusal) == ["nature"]


def test_journeys_to_two_places_are_refused() -> None:
    resource = next(r for r in default_engine().catalogue.resources.values() if r.kind is Kind.TRANSPORT)
    given = offer("camion", resource.resource_id, None, kind=Kind.TRANSPORT)
    wanted = need("camion", resource.resource_id, None, kind=Kind.TRANSPORT)
    here, far = site("Ici"), site("Loin", 500)
    for place, wanted_gates in ((here, []), (far, ["destination"])):
        ends = positions([replace(given, site=here), replace(wanted, site=place)])
        rows = [given, wanted]
        refusal = why_not(default_engine(), given, wanted, positions(rows), None, ends)
        assert refused_by(refusal) == wanted_gates


def test_few_masks_are_contradicted_as_many_are() -> None:
    every = np.array(list(property_bits().values()), dtype=np.uint64)
    pairs = (every[:, None] | every[None, :]).ravel()
    assert len(pairs) > FEW_MASKS
    few = [conflict_masks(pairs[start : start + 10]) for start in range(0, len(pairs), 10)]
    assert (np.concatenate(few) == conflict_masks(pairs)).all()
    assert conflict_masks(pairs).any()
