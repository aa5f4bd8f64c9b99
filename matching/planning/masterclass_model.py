"""The problem of a master class: its posts, its candidates, and how each ranks the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.plan import OversizedPlanError

PLANNER = "masterclass"


@dataclass(frozen=True, slots=True)
class Application:
    """A person who applies for a post, and how each ranks the other, 1 the best; None where refused.

    ``label`` may be empty where the site has one post.
    """

    candidate: str
    site: str
    label: str
    wish: int | None
    company_rank: int | None


@dataclass(frozen=True, slots=True)
class Post:
    """Places of one kind at a company, and the candidates it accepts, best first."""

    name: str
    company: str
    places: int
    ranking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person, and the posts he or she accepts, best first."""

    name: str
    ranking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MasterclassProblem:
    """Posts and candidates, each named once, each ranking without ties."""

    posts: tuple[Post, ...]
    candidates: tuple[Candidate, ...]

    def __post_init__(self) -> None:
        posts = [post.name for post in self.posts]
        people = [candidate.name for candidate in self.candidates]
        _check_names(posts, people)
        _check_names(people, posts)
        for post in self.posts:
            _check_ranking(post.name, post.ranking, people)
            if post.places < 0:
                raise InvalidParametersError(
                    Message(N_("“{name}” has fewer than no places."), {"name": post.name})
                )
        for candidate in self.candidates:
            _check_ranking(candidate.name, candidate.ranking, posts)
        most = int(constant(PLANNER, "most_candidates"))
        if len(people) > most:
            raise OversizedPlanError(
                Message(
                    N_("{count} candidates are more than {most}: hold several master classes."),
                    {"count": len(people), "most": most},
                )
            )


def _check_names(names: Sequence[str], others: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1 or name in others:
            raise InvalidParametersError(Message(N_("“{name}” names two things."), {"name": name}))


def _check_ranking(name: str, ranking: Sequence[str], known: Sequence[str]) -> None:
    if len(set(ranking)) != len(ranking):
        raise InvalidParametersError(Message(N_("“{name}” ranks the same one twice."), {"name": name}))
    strangers = sorted(set(ranking) - set(known))
    if strangers:
        raise InvalidParametersError(
            Message(N_("“{name}” ranks “{other}”, who is not here."), {"name": name, "other": strangers[0]})
        )
