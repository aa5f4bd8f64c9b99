"""Plans kept in no language: what is stored reads as what was found, and its headline counts in words."""

from __future__ import annotations

import json
from datetime import date
from math import inf
from typing import Any

import numpy as np
import pytest

from app.exports.document import localised
from app.services.plan_figures import counted_once, saving_of, summary_of
from app.services.planning import best_first, frozen, frozen_plan
from app.translations import translate
from matching.engine import default_engine
from matching.messages import LocalName, Message
from matching.planning.plan import Plan, Unserved

PALLETS = LocalName("Palettes", "Pallets")
MORE = Message("Give at least {min_length}.", {"min_length": Message("Give text.")})
DAY = date(2026, 12, 1)


def test_what_is_stored_is_plain_json_and_reads_in_the_language_asked() -> None:
    plan = Plan(
        planner="groups",
        problem={"name": PALLETS, "from": DAY, "tonnes": np.float64(1.5), "no_end": inf},
        plan={"why": MORE, "months": frozenset({1}), "counts": np.array([1, 2]), "by": {5: ("a",)}},
        objective=3.0,
        bound=inf,
        unit="EUR",
        minimised=False,
        unserved=(Unserved("Alpha", MORE),),
    )
    stored = json.loads(json.dumps(frozen_plan(plan, default_engine()), allow_nan=False))
    french, english = localised(stored, "fr"), localised(stored, "en")
    assert english["problem"] == {"name": "Pallets", "from": "2026-12-01", "tonnes": 1.5, "no_end": None}
    assert french["problem"]["name"] == "Palettes"
    assert french["plan"]["why"] == french["unserved"][0]["why"] == translate(MORE, "fr")
    assert english["plan"] == {
        "why": "Give at least Give text..",
        "months": [1],
        "counts": [1, 2],
        "by": {"5": ["a"]},
    }
    assert (english["bound"], english["gap"]) == (None, None)


@pytest.mark.parametrize("value", [1234567.5, np.int64(12), inf, DAY, PALLETS, "x", True, None])
def test_a_sentence_reads_the_same_before_and_after_it_was_stored(value: Any) -> None:
    message = Message("{value} is here.", {"value": value})
    stored = json.loads(json.dumps(frozen(message), allow_nan=False))
    for language in ("fr", "en"):
        assert localised({"x": stored}, language)["x"] == translate(message, language)


def _purchase(saving: float | None, *sites: str) -> dict[str, Any]:
    members = [{"site": site, "label": "Gaz"} for site in sites]
    return {"plan": {"members": members, "saving_eur_per_year": saving}}


def test_plans_come_in_the_order_of_what_they_save() -> None:
    documents = [_purchase(5, "A"), _purchase(None, "B"), _purchase(9, "C")]
    assert [saving_of("purchase", one) for one in best_first("purchase", documents)] == [9, 5, None]
    assert best_first("workshop", documents) == documents


def test_the_savings_of_plans_that_share_a_flow_are_not_added_up() -> None:
    documents = [_purchase(9, "A", "B"), _purchase(5, "B", "C"), _purchase(2, "C", "D")]
    assert counted_once("purchase", documents) == [documents[0], documents[2]]
    summary = summary_of("purchase", documents)
    assert (summary["count"], summary["saving_eur_per_year"], summary["companies"]) == (3, 11, 4)


def test_a_headline_counts_in_words_of_one_and_of_several() -> None:
    one = summary_of("jobs", [{"plan": {"contracts": [{"members": [{"member": "A"}]}]}}])
    several = summary_of("purchase", [_purchase(1200, "A", "B"), _purchase(34.4, "C", "D")])
    assert _said(one, "fr") == "1 emploi partagé, 1 entreprise"
    assert _said(one, "en") == "1 shared job, 1 company"
    assert _said(several, "fr") == "2 achats groupés, 4 entreprises, 1 234 € d’économies par an"
    assert _said(several, "en") == "2 joint purchases, 4 companies, 1,234 € saved a year"


def _said(summary: dict[str, Any], language: str) -> str:
    said = ", ".join(translate(part, language) for part in summary["parts"])
    return said.replace("\u202f", " ").replace("\xa0", " ")


def test_groups_after_the_first_are_alternatives_and_do_not_count() -> None:
    groups = [
        {"members": [{"site": "A", "label": "x"}], "saving_eur_per_year": 7},
        {"members": [{"site": "B", "label": "x"}], "saving_eur_per_year": 6},
    ]
    summary = summary_of("groups", [{"plan": {"groups": groups}}, {"plan": {"groups": []}}])
    assert (summary["saving_eur_per_year"], summary["companies"]) == (7, 1)
