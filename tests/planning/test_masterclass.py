"""The master class: stable, the best stable answer for candidates, by hand and against all matchings."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from matching.engine import default_engine
from matching.errors import InvalidParametersError
from matching.model import Direction, Flow, Kind, Quantity, Range, Site
from matching.planning.masterclass import MasterclassParams, match, plan
from matching.planning.masterclass_flows import problem_from_flows
from matching.planning.masterclass_model import Candidate, MasterclassProblem, Post


def asked(posts: dict[str, tuple[int, str]], candidates: dict[str, str]) -> MasterclassProblem:
    """Posts are upper-case letters with places and who they rank; candidates are lower-case letters."""
    return MasterclassProblem(
        tuple(Post(name, f"Company {name}", places, tuple(rank)) for name, (places, rank) in posts.items()),
        tuple(Candidate(name, tuple(rank)) for name, rank in candidates.items()),
    )


def seeded(seed: int) -> MasterclassProblem:
    dice = np.random.default_rng(seed)

    def some(names: str) -> str:
        return "".join(dice.permutation(list(names))[: dice.integers(0, len(names) + 1)])

    posts = {name: (int(dice.integers(0, 3)), some("abcde")) for name in "XYZ"}
    return asked(posts, {name: some("XYZ") for name in "abcde"})


def is_stable(problem: MasterclassProblem, matched: dict[str, str]) -> bool:
    posts = {post.name: post for post in problem.posts}
    for candidate in problem.candidates:
        mine = matched.get(candidate.name)
        better = candidate.ranking[: candidate.ranking.index(mine)] if mine else candidate.ranking
        for name in better:
            post = posts[name]
            held = [c for c, p in matched.items() if p == name]
            if candidate.name not in post.ranking or not post.places:
                continue
            rank = post.ranking.index
            if len(held) < post.places or any(rank(candidate.name) < rank(other) for other in held):
                return False
    return True


def all_stable(problem: MasterclassProblem) -> list[dict[str, str]]:
    posts = {post.name: post for post in problem.posts}
    found = []
    for choice in product(*((None, *candidate.ranking) for candidate in problem.candidates)):
        matched = {c.name: p for c, p in zip(problem.candidates, choice, strict=True) if p is not None}
        fits = all(name in posts[p].ranking for name, p in matched.items())
        room = all(list(matched.values()).count(name) <= post.places for name, post in posts.items())
        if fits and room and is_stable(problem, matched):
            found.append(matched)
    return found


def test_candidates_get_their_wish_where_companies_would_swap_them() -> None:
    # Both answers are stable; the one where candidates propose gives each its first wish.
    problem = asked({"X": (1, "ba"), "Y": (1, "ab")}, {"a": "XY", "b": "YX"})
    assert match(problem) == {"a": "X", "b": "Y"}


def test_a_company_keeps_whom_it_prefers() -> None:
    problem = asked({"X": (1, "ba"), "Y": (1, "ab")}, {"a": "XY", "b": "XY"})
    assert match(problem) == {"a": "Y", "b": "X"}


def test_who_is_ranked_by_no_company_waits_and_places_stay_open() -> None:
    problem = asked({"X": (2, "a")}, {"a": "X", "b": "X"})
    found = plan(problem)
    assert found.objective == found.bound == 1
    assert [served.name for served in found.unserved] == ["X (Company X)", "b"]
    assert {warning.code for warning in found.warnings} == {"small_class", "few_candidates"}


def test_a_company_with_two_places_has_a_reserve() -> None:
    problem = asked({"X": (2, "abc")}, {"c": "X", "b": "X", "a": "X"})
    posts = plan(problem, MasterclassParams(least=1)).plan["posts"]
    assert isinstance(posts, list)
    assert posts[0]["taken"] == ["a", "b"]
    assert posts[0]["reserve"] == ["c"]


def test_the_answer_is_the_stable_one_that_each_candidate_likes_best() -> None:
    for seed in range(60):
        problem = seeded(seed)
        matched = match(problem)
        stable = all_stable(problem)
        assert matched in stable
        for candidate in problem.candidates:
            wishes = [
                candidate.ranking.index(other[candidate.name]) for other in stable if candidate.name in other
            ]
            if candidate.name in matched:
                assert candidate.ranking.index(matched[candidate.name]) == min(wishes)
            else:
                assert wishes == []
        assert {len(other) for other in stable} == {len(matched)}


def test_the_order_of_the_candidates_changes_nothing() -> None:
    problem = seeded(5)
    turned = MasterclassProblem(problem.posts, problem.candidates[::-1])
    assert match(problem) == match(turned)


@pytest.mark.parametrize(
    ("posts", "candidates", "told"),
    [
        ({"X": (1, "aa")}, {"a": "X"}, "twice"),
        ({"X": (1, "z")}, {"a": "X"}, "not here"),
        ({"X": (-1, "a")}, {"a": "X"}, "fewer"),
        ({"X": (1, "X")}, {"X": "X"}, "two things"),
    ],
)
def test_rankings_that_contradict_themselves_are_refused(
    posts: dict[str, tuple[int, str]], candidates: dict[str, str], told: str
) -> None:
    with pytest.raises(InvalidParametersError, match=told):
        asked(posts, candidates)


def test_posts_of_a_flow_table_take_candidates() -> None:
    flow = Flow(
        Site("Mill", lon=5.4, lat=43.3),
        Direction.INPUT,
        Kind.SERVICE,
        "Formation recrutement (POEC)",
        quantity=Quantity(Range.of(2), "unité"),
    )
    engine = default_engine()
    columns, amounts = engine.columns([flow], np.zeros((1, 3)))
    post = "Mill: Formation recrutement (POEC)"
    problem = problem_from_flows(
        columns, engine.catalogue, amounts, [Candidate("Ada", (post,))], {post: ["Ada"]}
    )
    assert problem.posts[0].places == 2
    assert match(problem) == {"Ada": post}
