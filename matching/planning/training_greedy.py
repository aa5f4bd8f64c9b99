"""A first set of sessions, the fullest first, and a bound that any set of sessions keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

from matching.planning.training_model import (
    TrainingParams,
    TrainingProblem,
    alone_eur_per_head,
    left_out_eur_per_head,
    travel_eur_per_head,
    window,
)

CENT_EUR = 0.01  # what rounding may take from a saving
EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Session:
    """A session at a request's site.

    ``trainees`` by request, and what it makes good to a member for those left out of all, ``extra_eur``.
    """

    venue: int
    trainees: dict[int, int]
    extra_eur: dict[int, float] = field(default_factory=dict)

    def payable_eur(self, problem: TrainingProblem, params: TrainingParams, i: int) -> float:
        """Return what a member can pay for this session without losing, EUR."""
        gain = self.trainees[i] * gain_eur(problem, params, i, self.venue)
        return gain - self.extra_eur.get(i, 0.0)

    def saving_eur(self, problem: TrainingProblem, params: TrainingParams) -> float:
        """Return what the session saves its members together, EUR."""
        return sum(self.payable_eur(problem, params, i) for i in self.trainees) - params.session_eur


def gain_eur(problem: TrainingProblem, params: TrainingParams, i: int, venue: int) -> float:
    """Return what a trainee may pay at most for a session at ``venue`` without losing by it, EUR."""
    way = travel_eur_per_head(params, float(problem.distance_km[i, venue]))
    return alone_eur_per_head(problem.requests[i], params) - way


def reaches(problem: TrainingProblem, params: TrainingParams, i: int, venue: int) -> bool:
    """Tell whether trainees can go to ``venue``: near enough, and the way no dearer than the course today."""
    near = bool(problem.distance_km[i, venue] <= params.travel_km)
    return near and gain_eur(problem, params, i, venue) > 0


def same_time(problem: TrainingProblem, i: int, j: int) -> bool:
    """Tell whether two requests can be met on one day; days common to each two are common to all."""
    first, second = (window(problem.requests[k], problem.start) for k in (i, j))
    return max(first[0], second[0]) <= min(first[1], second[1])


def meeting_points(problem: TrainingProblem, params: TrainingParams) -> list[tuple[int, list[int]]]:
    """Return, for each venue and day on which something starts to be possible, who could come then."""
    count = range(len(problem.requests))
    windows = [window(request, problem.start) for request in problem.requests]
    found: list[tuple[int, list[int]]] = []
    for venue in count:
        near = [i for i in count if reaches(problem, params, i, venue)]
        groups = {
            tuple(i for i in near if windows[i][0] <= day <= windows[i][1])
            for day in {windows[i][0] for i in near}
        }
        found.extend((venue, list(group)) for group in sorted(groups))
    return found


def possible(problem: TrainingProblem, params: TrainingParams) -> list[bool]:
    """Return for each request whether any session at all could take one of its trainees.

    One that takes the ``most`` who could pay the most shows it; without one the request waits in every plan.
    """
    found = [False] * len(problem.requests)
    for venue, group in meeting_points(problem, params):
        left = [request.trainees for request in problem.requests]
        for i in group:
            found[i] = found[i] or _viable(
                problem, params, venue, _richest(problem, params, venue, group, left, i)
            )
    return found


def _make_good(problem: TrainingProblem, params: TrainingParams, sessions: list[Session], i: int) -> bool:
    """Take what a member's left out trainees cost off its sessions' savings; tell whether these suffice."""
    mine = [s for s in sessions if i in s.trainees]
    left = problem.requests[i].trainees - sum(s.trainees[i] for s in mine)
    owed = left * left_out_eur_per_head(problem.requests[i], params) if mine else 0.0
    for session in mine:
        room = session.saving_eur(problem, params) - (params.worthwhile_eur - params.session_eur)
        room = min(room, session.payable_eur(problem, params, i))
        session.extra_eur[i] = min(owed, max(0.0, room - CENT_EUR))
        owed -= session.extra_eur[i]
    return owed <= EPSILON


def greedy(problem: TrainingProblem, params: TrainingParams) -> list[Session]:
    """Return sessions in which nobody loses, picked one by one: the most trainees, then the most saved.

    Members whom their sessions cannot make good stay out, and it starts again without them.
    """
    points = meeting_points(problem, params)
    left = [request.trainees for request in problem.requests]
    while True:
        found = _picked(problem, params, points, list(left))
        losing = [i for i in range(len(left)) if not _make_good(problem, params, found, i)]
        if not losing:
            return found
        left[max(losing, key=lambda i: (problem.requests[i].trainees, i))] = 0


def _picked(
    problem: TrainingProblem, params: TrainingParams, points: list[tuple[int, list[int]]], left: list[int]
) -> list[Session]:
    found: list[Session] = []
    while True:
        best: tuple[tuple[int, float], Session] | None = None
        for venue, group in points:
            session = Session(venue, _fill(problem, params, venue, group, left))
            if not _viable(problem, params, venue, session.trainees):
                continue
            rank = (sum(session.trainees.values()), session.saving_eur(problem, params))
            if best is None or rank > best[0]:
                best = (rank, session)
        if best is None:
            return found
        for i, heads in best[1].trainees.items():
            left[i] -= heads
        found.append(best[1])


def _fill(
    problem: TrainingProblem, params: TrainingParams, venue: int, group: list[int], left: list[int]
) -> dict[int, int]:
    """Return a session of about as many as the next ones will have, so that no few are left over."""
    heads = sum(left[i] for i in group)
    size = ceil(heads / ceil(heads / params.most)) if heads else 0
    return _richest(problem, params, venue, group, left, None, max(size, params.least))


def _richest(
    problem: TrainingProblem,
    params: TrainingParams,
    venue: int,
    group: list[int],
    left: list[int],
    first: int | None,
    size: int | None = None,
) -> dict[int, int]:
    room = params.most if size is None else size
    taken: dict[int, int] = {}
    if first is not None and left[first]:
        taken[first] = 1
    order = sorted(group, key=lambda i: (-gain_eur(problem, params, i, venue), i))
    for i in order:
        heads = min(left[i] - taken.get(i, 0), room - sum(taken.values()))
        if heads > 0:
            taken[i] = taken.get(i, 0) + heads
    return taken


def _viable(problem: TrainingProblem, params: TrainingParams, venue: int, trainees: dict[int, int]) -> bool:
    heads = sum(trainees.values())
    gained = sum(n * gain_eur(problem, params, i, venue) for i, n in trainees.items())
    return params.least <= heads <= params.most and gained >= params.worthwhile_eur
