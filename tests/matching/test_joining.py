"""Hesitant labels: who joins the pool that sure neighbours make, and who does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching.engine import default_engine
from matching.model import Flow, Kind
from matching.mutualisation.grouping import find_groups
from matching.mutualisation.joining import with_hesitant
from matching.parameters import MatchParameters, constant
from matching.results import SynergyKind
from tests.matching.builders import flow, positions, site
from tests.matching.territories import match

LIMOUSINE = "Chauffeur VTC pour dirigeants"
HESITANT = "Accès du site gelés à traiter"


def service(name: str, km: float, label: str, **fields: Any) -> Flow:
    return flow(site(name, km), "input", label, 2000, "EUR", **{"kind": Kind.SERVICE, **fields})


def sure(*, months: frozenset[int] = frozenset()) -> list[Flow]:
    return [
        service("A", 0, "Déneigement du parking", months=months),
        service("B", 2, "Salage et déneigement", months=months),
    ]


def gathered(*rows: Flow) -> list[list[str]]:
    """Return the sites of each pool."""
    found = match(rows, kinds=(SynergyKind.MUTUALISATION.value,)).synergies
    return sorted([member.flow.site.name for member in pool.members] for pool in found)


def test_the_label_of_these_tests_is_hesitant_and_may_mean_snow_clearing() -> None:
    """The other tests would say nothing of joining if the label were read well, or not at all."""
    found = default_engine().classifier.classify(service("C", 1, HESITANT), top=10)
    assert found[0].score < constant("hesitant_reading")
    assert "svc-snow-clearing" in {candidate.resource for candidate in found}


def test_a_hesitant_label_joins_what_its_neighbours_make_sure_of() -> None:
    assert gathered(*sure(), service("C", 1, HESITANT)) == [["A", "B", "C"]]


@pytest.mark.parametrize(
    "stranger",
    [
        service("A", 0, HESITANT),
        service("C", 300, HESITANT),
        service("C", 1, HESITANT, kind=Kind.SPACE),
    ],
    ids=["a member's own site", "out of reach", "another kind of flow"],
)
def test_a_hesitant_label_stays_out(stranger: Flow) -> None:
    assert gathered(*sure(), stranger) == [["A", "B"]]


def test_calendars_that_never_meet_keep_a_hesitant_label_out() -> None:
    winter, summer = frozenset({1, 2}), frozenset({7, 8})
    assert gathered(*sure(months=winter), service("C", 1, HESITANT, months=summer)) == [["A", "B"]]


def test_a_label_that_its_likeliest_reading_placed_joins_no_other_group() -> None:
    engine = default_engine()
    rows = [*sure(), service("C", 1, HESITANT)]
    columns, _ = engine.columns(rows, positions(rows))
    snow = find_groups(columns, engine.catalogue, MatchParameters())
    (third,) = (row for row, flow in enumerate(columns.flows) if flow.label == HESITANT)
    other = replace(snow[0], key="another", rows=(third,), resources=("svc-landscaping",), certainty=(1.0,))
    joined = with_hesitant(snow, columns, engine.catalogue, MatchParameters(), engine.classifier)
    kept = with_hesitant([*snow, other], columns, engine.catalogue, MatchParameters(), engine.classifier)
    assert third in joined[0].rows
    assert third not in kept[0].rows


def test_nobody_shares_a_post_on_a_guess() -> None:
    """A limousine's driver may be read weakly as a lorry's: he does not join the lorry drivers."""
    rows = [
        flow(site(name, km), "input", label, 0.3, "ETP", kind=Kind.SKILL)
        for name, km, label in (
            ("A", 0, "Chauffeur poids lourd"),
            ("B", 2, "Conducteur poids lourd"),
            ("C", 1, LIMOUSINE),
        )
    ]
    found = default_engine().classifier.classify(rows[2], top=10)
    assert "job-hgv-driver" in {candidate.resource for candidate in found}
    assert ["A", "B", "C"] not in gathered(*rows)


def test_a_pool_joined_on_a_guess_is_less_sure_than_without_it() -> None:
    (alone,) = match(sure(), kinds=(SynergyKind.MUTUALISATION.value,)).synergies
    (joined,) = match(
        [*sure(), service("C", 1, HESITANT)], kinds=(SynergyKind.MUTUALISATION.value,)
    ).synergies
    assert joined.score < alone.score
    assert joined.confidence < alone.confidence


def test_no_group_means_nothing_to_join() -> None:
    engine = default_engine()
    columns, _ = engine.columns([], np.zeros((0, 3)))
    assert with_hesitant([], columns, engine.catalogue, MatchParameters(), engine.classifier) == []
