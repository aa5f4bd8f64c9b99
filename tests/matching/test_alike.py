"""A second look at needs that were hardly read: which come together as a question, and which never do."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from matching.classify import Classifier
from matching.columns import LEAST_CERTAINTY
from matching.engine import default_engine
from matching.model import Flow, Kind
from matching.mutualisation import alike
from matching.mutualisation.alike import with_alike
from matching.mutualisation.grouping import Group
from matching.mutualisation.pools import build_pool
from matching.mutualisation.senses import crowds
from matching.parameters import MatchParameters
from tests.matching.builders import flow, positions, site
from tests.matching.test_renewing import Territory

# What each label may be: no label says "snow" for sure, and all may.
MAY_BE = {
    "Accès gelés": (("svc-snow-clearing", 0.35), ("svc-security", 0.2)),
    "Matins blancs": (("svc-snow-clearing", 0.33), ("svc-yard-sweeping", 0.2)),
    "Cour à balayer": (("svc-yard-sweeping", 0.8), ("svc-snow-clearing", 0.2)),
    "Renfort d'hiver": (("job-hgv-driver", 0.35), ("job-logistics", 0.1)),
    "Bras de saison": (("job-hgv-driver", 0.34), ("job-logistics", 0.1)),
    "Rondelles": (("cork-stoppers", 0.35), ("bottle-glass-reusable", 0.1)),
    "Obturateurs": (("cork-stoppers", 0.34), ("bottle-glass-reusable", 0.1)),
}


def need(name: str, km: float, label: str, **fields: Any) -> Flow:
    return flow(site(name, km), "input", label, 2000, "EUR", **{"kind": Kind.SERVICE, **fields})


def looked_at(*rows: Flow) -> list[Group]:
    """Return the groups that a second look adds, each label being what ``MAY_BE`` says."""
    engine = default_engine()
    columns, _ = engine.columns(rows, positions(rows))
    said = cast(Classifier, SimpleNamespace(weighed=lambda flow, top: MAY_BE[flow.label]))
    return with_alike([], columns, engine.catalogue, MatchParameters(), said)


TWO = need("A", 0, "Accès gelés"), need("B", 2, "Matins blancs")


def test_two_needs_that_may_both_be_one_thing_come_together_under_its_name() -> None:
    (group,) = looked_at(*TWO)
    assert group.resources == ("svc-snow-clearing", "svc-snow-clearing")
    assert group.guessed


def test_a_guess_is_never_as_sure_as_a_reading() -> None:
    (group,) = looked_at(*TWO)
    assert max(group.certainty) <= LEAST_CERTAINTY + alike.MOST_GAINED < 1


@pytest.mark.parametrize(
    "other",
    [
        need("A", 0, "Matins blancs"),
        need("B", 300, "Matins blancs"),
        need("B", 2, "Cour à balayer"),
        need("B", 2, "Matins blancs", kind=Kind.SPACE),
        flow(site("B", 2), "output", "Matins blancs", 2000, "EUR", kind=Kind.SERVICE),
    ],
    ids=["the same site", "out of reach", "read for sure as something else", "another kind", "an offer"],
)
def test_what_cannot_be_one_need_stays_apart(other: Flow) -> None:
    assert looked_at(TWO[0], other) == []


def test_calendars_that_never_meet_keep_needs_apart() -> None:
    winter, summer = frozenset({1, 2}), frozenset({7, 8})
    rows = need("A", 0, "Accès gelés", months=winter), need("B", 2, "Matins blancs", months=summer)
    assert looked_at(*rows) == []


def posts(*trades: str) -> list[Flow]:
    labels = ("Renfort d'hiver", "Bras de saison")
    return [
        flow(site(label, km, activity_code=trade), "input", label, 0.3, "ETP", kind=Kind.SKILL)
        for km, (label, trade) in enumerate(zip(labels, trades, strict=True))
    ]


@pytest.mark.parametrize("trades", [("", ""), ("49.41B", "10.51A"), ("49.41B", "")])
def test_nobody_shares_a_post_on_a_guess_across_trades(trades: tuple[str, str]) -> None:
    assert looked_at(*posts(*trades)) == []


def test_firms_of_one_trade_may_mean_one_post_by_words_of_their_own() -> None:
    (group,) = looked_at(*posts("49.41B", "49.41A"))
    assert group.form.name == "shared_job"
    assert group.resources == ("job-hgv-driver", "job-hgv-driver")


def goods(name: str, km: float, label: str, direction: str = "input", **fields: Any) -> Flow:
    return flow(site(name, km), direction, label, 2000, "unité", kind=Kind.PACKAGING, **fields)


def test_goods_that_each_asks_for_in_its_own_words_are_bought_together() -> None:
    (group,) = looked_at(goods("A", 0, "Rondelles"), goods("B", 2, "Obturateurs"))
    assert group.form.name == "joint_purchase"
    assert group.guessed


def test_goods_on_offer_get_no_second_look() -> None:
    assert (
        looked_at(*(goods(n, 1, label, "output") for n, label in (("A", "Rondelles"), ("B", "Obturateurs"))))
        == []
    )


def test_goods_are_never_guessed_to_be_work() -> None:
    rows = [
        need("A", 0, "Accès gelés", kind=Kind.MATERIAL),
        need("B", 2, "Matins blancs", kind=Kind.MATERIAL),
    ]
    assert looked_at(*rows) == []


def test_a_large_territory_gets_no_second_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "MOST_FLOWS", 1)
    assert looked_at(*TWO) == []


def test_more_needs_around_make_each_two_less_likely_one() -> None:
    engine = default_engine()
    columns, found = engine.columns(TWO, positions(TWO))
    said = cast(Classifier, SimpleNamespace(weighed=lambda flow, top: MAY_BE[flow.label]))
    (crowd,) = crowds(columns, engine.catalogue, said)
    few = alike.closeness(crowd[0], crowd[1], columns, 2)
    assert few > alike.closeness(crowd[0], crowd[1], columns, 50)
    assert len(found.value) == len(crowd)


def test_a_guessed_group_says_so_and_asks_first_what_would_settle_it() -> None:
    engine = default_engine()
    columns, found = engine.columns(TWO, positions(TWO))
    (group,) = looked_at(*TWO)
    pool = build_pool(group, columns, engine.catalogue, found, MatchParameters())
    assert str(pool.explanation).startswith("Brought together by meaning, to be checked: 2 sites within")
    assert str(pool.missing[0]) == "Is it Snow clearing that each asks for: Accès gelés / Matins blancs?"
    assert "by meaning" in str(pool.criteria["material"].why)


def test_a_territory_around_the_limit_says_after_changes_what_it_would_say_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alike, "MOST_FLOWS", 6)
    monkeypatch.setattr(alike, "LEAST_ODDS", -8.0)
    run_state_machine_as_test(
        Territory, settings=settings(max_examples=15, stateful_step_count=10, deadline=None)
    )


def test_no_flow_means_no_group() -> None:
    engine = default_engine()
    columns, _ = engine.columns([], np.zeros((0, 3)))
    assert with_alike([], columns, engine.catalogue, MatchParameters(), engine.classifier) == []
