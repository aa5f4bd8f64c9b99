"""Why a pair is not proposed, or that it is."""

from __future__ import annotations

from matching.engine import default_engine
from matching.model import Range
from tests.matching.test_gates import A, judge, need, offer, refused_by


def test_two_inputs_or_two_outputs_are_told_apart_from_a_refusal() -> None:
    refusal = judge(need("calcin", "glass-cullet"), offer("calcin", "glass-cullet"))
    assert (refusal.proposed, refusal.gates) == (False, ())
    assert "from an output to an input" in str(refusal.reason)


def test_two_flows_of_one_site_are_refused_for_that_reason() -> None:
    refusal = judge(offer("calcin", "glass-cullet"), need("calcin", "glass-cullet", place=A))
    assert "same site" in str(refusal.reason)
    assert not refusal.proposed


def test_what_no_rule_links_is_named_on_both_sides() -> None:
    refusal = judge(offer("calcin", "glass-cullet"), need("sciure", "wood-sawdust"))
    names = [default_engine().catalogue.resources[r].name.en for r in ("glass-cullet", "wood-sawdust")]
    assert all(name in str(refusal.reason) for name in names)
    assert (refusal.score, refusal.criteria) == (0, {})


def test_a_pair_that_is_proposed_says_its_score_and_criteria() -> None:
    refusal = judge(offer("calcin", "glass-cullet"), need("calcin", "glass-cullet"))
    assert refusal.proposed
    assert f"{refusal.score:.6g}" in str(refusal.reason)
    assert set(refusal.criteria) == {"material", "quantity", "timing", "distance", "quality"}


def test_a_refusal_is_found_whichever_flow_sorts_first() -> None:
    first = offer("zzz calcin", "glass-cullet", moisture_pct=Range.of(50))
    second = need("aaa calcin", "glass-cullet", moisture_pct=Range.of(10))
    assert refused_by(judge(first, second)) == ["moisture"]
