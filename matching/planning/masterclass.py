"""The master class: candidates to posts where each company chooses its own, by deferred acceptance.

Candidates propose (Gale and Shapley, 1962): nobody and no company would rather have each other than what they
got, and no other such matching is better for any candidate. All of them fill the same posts (Roth, 1986).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
from matching.planning.masterclass_model import PLANNER, Candidate, MasterclassProblem, Post
from matching.planning.plan import Plan, Unserved
from matching.results import Warning_


@dataclass(frozen=True, slots=True)
class MasterclassParams:
    """How many trainees make a class: at least and at most."""

    least: int = field(default_factory=lambda: int(constant(PLANNER, "least")))
    most: int = field(default_factory=lambda: int(constant(PLANNER, "most")))

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise InvalidParametersError(
                Message(N_("A session takes a trainee at least, and no fewer at most than at least."))
            )


def match(problem: MasterclassProblem) -> dict[str, str]:
    """Return the post of each candidate who gets one: stable, and the best stable one for each candidate."""
    rank = {post.name: {name: k for k, name in enumerate(post.ranking)} for post in problem.posts}
    places = {post.name: post.places for post in problem.posts}
    held: dict[str, list[str]] = {post.name: [] for post in problem.posts}
    wishes = {candidate.name: deque(candidate.ranking) for candidate in problem.candidates}
    free = deque(wishes)
    while free:
        name = free.popleft()
        if not wishes[name]:
            continue
        post = wishes[name].popleft()
        if name not in rank[post] or not places[post]:
            free.appendleft(name)
            continue
        held[post].append(name)
        if len(held[post]) > places[post]:
            last = max(held[post], key=rank[post].__getitem__)
            held[post].remove(last)
            free.append(last)
    return {name: post for post, names in held.items() for name in names}


def plan(
    problem: MasterclassProblem,
    params: MasterclassParams | None = None,
    seed: int = 0,
    time_limit_s: float = 5.0,
) -> Plan:
    """Return who trains for which post. ``seed`` and ``time_limit_s`` change nothing: the answer is unique.

    The bound is the posts that any stable matching fills, which all fill the same.
    """
    chosen = params or MasterclassParams()
    matched = match(problem)
    places = sum(post.places for post in problem.posts)
    return Plan(
        planner=PLANNER,
        problem={
            "posts": len(problem.posts),
            "places": places,
            "candidates": len(problem.candidates),
            "least": chosen.least,
            "most": chosen.most,
        },
        plan={
            "posts": [_post(problem, post, matched) for post in problem.posts],
            "candidates": [_candidate(candidate, matched) for candidate in problem.candidates],
            "places_filled": len(matched),
            "first_wishes": sum(
                matched.get(candidate.name) == candidate.ranking[0]
                for candidate in problem.candidates
                if candidate.ranking
            ),
            "classes": -(-len(matched) // chosen.most),
        },
        objective=float(len(matched)),
        bound=float(len(matched)),
        unit="posts",
        minimised=False,
        unserved=_unserved(problem, matched),
        assumptions=(
            Message(
                N_("Candidates apply in their order, each post keeps those it ranks best (Gale, Shapley).")
            ),
            Message(N_("Every stable answer fills the same posts; this is the best one for each candidate.")),
        ),
        warnings=_warnings(problem, chosen, len(matched), places),
    )


def _post(problem: MasterclassProblem, post: Post, matched: Mapping[str, str]) -> dict[str, object]:
    """Return who is taken, in the company's order, and who would be next."""
    wanting = {c.name for c in problem.candidates if post.name in c.ranking}
    taken = [name for name in post.ranking if matched.get(name) == post.name]
    reserve = [name for name in post.ranking if name not in matched and name in wanting]
    return {
        "post": post.name,
        "company": post.company,
        "places": post.places,
        "taken": taken,
        "reserve": reserve[: int(constant(PLANNER, "reserves"))],
    }


def _candidate(candidate: Candidate, matched: Mapping[str, str]) -> dict[str, object]:
    post = matched.get(candidate.name)
    return {
        "candidate": candidate.name,
        "post": post,
        "wish": None if post is None else candidate.ranking.index(post) + 1,
    }


def _unserved(problem: MasterclassProblem, matched: Mapping[str, str]) -> tuple[Unserved, ...]:
    found = []
    for post in problem.posts:
        free = post.places - sum(name == post.name for name in matched.values())
        if free:
            found.append(
                Unserved(
                    f"{post.name} ({post.company})",
                    Message(
                        N_("{count} places stay open: pre-select more candidates, or accept more of them."),
                        {"count": free},
                    ),
                )
            )
    waiting = Message(N_("Each post on this person's list took others or did not rank him or her."))
    found.extend(Unserved(c.name, waiting) for c in problem.candidates if c.name not in matched)
    return tuple(found)


def _warnings(
    problem: MasterclassProblem, params: MasterclassParams, filled: int, places: int
) -> tuple[Warning_, ...]:
    found = []
    if filled < params.least:
        found.append(
            Warning_(
                "small_class",
                Message(
                    N_("{count} trainees are fewer than the {least} of a class: add posts or candidates."),
                    {"count": filled, "least": params.least},
                ),
            )
        )
    usual = constant(PLANNER, "candidates_a_post")
    if len(problem.candidates) < usual * places:
        found.append(
            Warning_(
                "few_candidates",
                Message(
                    N_("Few candidates: {count} for {places} places; others had {usual} a place ({source})."),
                    {
                        "count": len(problem.candidates),
                        "places": places,
                        "usual": usual,
                        "source": sourced(PLANNER)["candidates_a_post"].source,
                    },
                ),
            )
        )
    return tuple(found)
