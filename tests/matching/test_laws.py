"""Laws of the whole engine, on small territories."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.model import Flow
from matching.parameters import CRITERIA, MatchParameters
from matching.results import SynergyKind
from tests.matching.builders import flow, site
from tests.matching.territories import (
    PLACES,
    flows,
    in_small_units,
    match,
    read_substitutions,
    signature,
    substitutions,
    territories,
)

lawful = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@lawful
@given(territories, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows: list[Flow], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert signature(match(shuffled)) == signature(match(rows))


@lawful
@given(territories)
def test_kilograms_and_kilowatt_hours_give_the_document_of_tonnes_and_megawatt_hours(
    rows: list[Flow],
) -> None:
    assert signature(match([in_small_units(row) for row in rows])) == signature(match(rows))


@lawful
@given(territories)
def test_scores_criteria_and_confidence_stay_in_their_ranges(rows: list[Flow]) -> None:
    for synergy in match(rows).synergies:
        assert 0 <= synergy.score <= 100
        assert 0 <= synergy.confidence <= 1
        assert all(0 <= c.value <= 1 for c in synergy.criteria.values())
        assert sum(c.weight for c in synergy.criteria.values()) - 1 < 1e-9
        for worth in (synergy.saving_eur, synergy.saving_tco2e):
            assert worth is None or worth.low <= worth.middle <= worth.high


@lawful
@given(territories, st.floats(0.1, 60))
def test_moving_a_site_further_never_raises_a_substitution(rows: list[Flow], km: float) -> None:
    provider, receiver = site("Ouest"), site("Est", 2)
    further = site("Est", 2 + km)
    outputs = [replace(row, site=provider) for row in rows if row.is_output]
    needs = [row for row in rows if not row.is_output]
    near = match([*outputs, *(replace(row, site=receiver) for row in needs)], top=100)
    far = match([*outputs, *(replace(row, site=further) for row in needs)], top=100)
    scores = {
        (str(o), str(replace(i, site=receiver))): score for (o, i), score in read_substitutions(near).items()
    }
    for (o, i), score in read_substitutions(far).items():
        assert score <= scores[str(o), str(replace(i, site=receiver))]


@lawful
@given(territories, flows())
def test_one_more_flow_changes_no_other_pair(rows: list[Flow], extra: Flow) -> None:
    before, after = (
        read_substitutions(match(rows, top=100)),
        read_substitutions(match([*rows, extra], top=100)),
    )
    assert {pair: score for pair, score in after.items() if extra not in pair} == {
        pair: score for pair, score in before.items() if extra not in pair
    }


@lawful
@given(territories)
def test_ids_are_unique(rows: list[Flow]) -> None:
    ids = [synergy.synergy_id for synergy in match(rows).synergies]
    assert len(set(ids)) == len(ids)


@lawful
@given(territories, st.integers(1, 3))
def test_a_flow_given_has_at_most_top_receivers(rows: list[Flow], top: int) -> None:
    unique = list(dict.fromkeys(rows))
    everything, cut = match(unique, top=100), match(unique, top=top)
    receivers = Counter(provider for provider, _ in substitutions(cut))
    wanted = Counter(provider for provider, _ in substitutions(everything))
    assert receivers == {provider: min(top, count) for provider, count in wanted.items()}


@lawful
@given(territories, st.integers(1, 3))
def test_pools_and_loops_are_not_cut_by_top(rows: list[Flow], top: int) -> None:
    whole, cut = (
        [s.synergy_id for s in match(rows, top=t).synergies if s.kind is not SynergyKind.SUBSTITUTION]
        for t in (100, top)
    )
    assert whole == cut


@lawful
@given(territories, st.floats(0.01, 50))
def test_no_reported_distance_is_beyond_max_km(rows: list[Flow], max_km: float) -> None:
    for synergy in match(rows, max_km=max_km).synergies:
        assert synergy.distance_km is not None
        assert synergy.distance_km <= max_km


@lawful
@given(territories, st.sampled_from([k.value for k in SynergyKind]))
def test_each_kind_is_found_alike_alone_and_with_the_others(rows: list[Flow], kind: str) -> None:
    together = [s.synergy_id for s in match(rows).synergies if s.kind == kind]
    assert [s.synergy_id for s in match(rows, kinds=(kind,)).synergies] == together


@given(
    max_km=st.one_of(st.none(), st.floats(0.1, 1000)),
    top=st.integers(1, 50),
    kinds=st.sets(st.sampled_from([k.value for k in SynergyKind]), min_size=1).map(
        lambda s: tuple(sorted(s))
    ),
    weights=st.fixed_dictionaries({name: st.floats(0.01, 10) for name in CRITERIA}),
    reaches_km=st.dictionaries(st.sampled_from(("glass", "pallet")), st.floats(1, 500)),
    prices=st.dictionaries(st.sampled_from(("c_rigid", "p_sand")), st.floats(0, 500)),
)
def test_parameters_survive_a_journey_through_json(**values: object) -> None:
    parameters = MatchParameters(**values)  # type: ignore[arg-type]
    assert MatchParameters.from_mapping(json.loads(json.dumps(parameters.as_mapping()))) == parameters


def test_a_flow_declared_twice_in_the_same_words_keeps_two_ids_whatever_the_order() -> None:
    twin = flow(PLACES[0], "output", "palettes bois", 100, "t")
    wetter = replace(twin, dimensions="80 x 120")
    need = flow(PLACES[1], "input", "palettes bois", 100, "t")
    first, second = (match(rows) for rows in ([twin, wetter, need], [need, wetter, twin]))
    assert signature(first) == signature(second)
    assert len({s.synergy_id for s in first.synergies}) == len(first.synergies)
    assert len(substitutions(first)) == 2


def test_an_id_does_not_depend_on_the_row_or_the_sheet() -> None:
    rows = [flow(PLACES[0], "output", "palettes bois", 9), flow(PLACES[1], "input", "palettes bois", 9)]
    moved = [replace(row, row=place, sheet="Feuil2", flow_id=str(place)) for place, row in enumerate(rows)]
    assert [s.synergy_id for s in match(rows).synergies] == [s.synergy_id for s in match(moved).synergies]
