"""Joint training: sessions of 8 to 15 trainees of several members, in time and within reach."""

from __future__ import annotations

from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
from matching.planning.plan import Plan, Unserved
from matching.planning.training_greedy import Session, reaches, same_time
from matching.planning.training_model import (
    PLANNER,
    Request,
    TrainingParams,
    TrainingProblem,
    alone_eur_per_head,
    is_late,
    travel_eur_per_head,
    window,
)
from matching.planning.training_search import search
from matching.results import Warning_

__all__ = ["Request", "TrainingParams", "TrainingProblem", "plan"]


def plan(
    problem: TrainingProblem,
    params: TrainingParams | None = None,
    seed: int = 0,
    time_limit_s: float = 20.0,
) -> Plan:
    """Return the sessions that take the most trainees, each at a member's site, at no member's expense.

    The bound is proven for sessions at the members' sites.

    Raises
    ------
    InvalidParametersError
        If there is no request at all.
    """
    chosen = params or TrainingParams()
    if not problem.requests:
        raise InvalidParametersError(Message(N_("Joint training takes a request at least.")))
    found = search(problem, chosen, seed, time_limit_s)
    trained = [0] * len(problem.requests)
    for session in found.sessions:
        for i, heads in session.trainees.items():
            trained[i] += heads
    told = [_session(problem, chosen, session, n) for n, session in enumerate(found.sessions, start=1)]
    reached = sum(trained)
    return Plan(
        planner=PLANNER,
        problem={
            "course": problem.course,
            "start": problem.start.isoformat(),
            "requests": [_request(request) for request in problem.requests],
            "trainees": sum(request.trainees for request in problem.requests),
            "least": chosen.least,
            "most": chosen.most,
            "travel_km": chosen.travel_km,
        },
        plan={
            "sessions": told,
            "trainees": reached,
            "waiting": [
                {"member": request.member, "label": request.label, "trainees": request.trainees - heads}
                for request, heads in zip(problem.requests, trained, strict=True)
                if request.trainees > heads
            ],
            "saving_eur": round(sum(session.saving_eur(problem, chosen) for session in found.sessions)),
            "missing": _missing(problem),
        },
        objective=float(reached),
        bound=float(max(found.bound, reached)),
        unit="trainees",
        minimised=False,
        unserved=_unserved(problem, chosen, trained),
        assumptions=_assumptions(chosen),
        warnings=_warnings(problem, found.cut),
    )


def _request(request: Request) -> dict[str, object]:
    return {
        "member": request.member,
        "label": request.label,
        "trainees": request.trainees,
        "due": None if request.due is None else request.due.isoformat(),
        "today_eur_per_head": request.today_eur_per_head,
    }


def _session(
    problem: TrainingProblem, params: TrainingParams, session: Session, number: int
) -> dict[str, object]:
    windows = [window(problem.requests[i], problem.start) for i in session.trainees]
    payable = sum(session.payable_eur(problem, params, i) for i in session.trainees)
    return {
        "session": number,
        "venue": problem.requests[session.venue].member,
        "from": max(first for first, _ in windows).isoformat(),
        "until": min(last for _, last in windows).isoformat(),
        "trainees": sum(session.trainees.values()),
        "free_seats": params.most - sum(session.trainees.values()),
        "joint": len({problem.requests[i].member for i in session.trainees}) > 1,
        "cost_eur": round(params.session_eur),
        "members": [
            _member(problem, params, session, i, params.session_eur / payable) for i in session.trainees
        ],
    }


def _member(
    problem: TrainingProblem, params: TrainingParams, session: Session, i: int, part: float
) -> dict[str, object]:
    """Return what a member pays: the same part of what it could pay at most as the others."""
    heads = session.trainees[i]
    distance_km = float(problem.distance_km[i, session.venue])
    fee = part * session.payable_eur(problem, params, i)
    extra = session.extra_eur.get(i, 0.0)
    travel = heads * travel_eur_per_head(params, distance_km)
    today = heads * alone_eur_per_head(problem.requests[i], params)
    return {
        "member": problem.requests[i].member,
        "label": problem.requests[i].label,
        "trainees": heads,
        "distance_km": round(distance_km, 1),
        "fee_eur": round(fee, 2),
        "travel_eur": round(travel, 2),
        "today_eur": round(today, 2),
        "left_out_eur": round(extra, 2),
        "saving_eur": round(today - fee - travel - extra, 2),
    }


def _missing(problem: TrainingProblem) -> list[Message]:
    asked = [
        Message(
            N_("How many trainees: “{label}” ({site})?"), {"label": request.label, "site": request.member}
        )
        for request in problem.requests
        if request.assumed
    ]
    undated = sum(request.due is None for request in problem.requests)
    if undated:
        asked.append(Message(N_("By when must they be trained ({count} requests)?"), {"count": undated}))
    return asked


def _unserved(problem: TrainingProblem, params: TrainingParams, trained: list[int]) -> tuple[Unserved, ...]:
    return tuple(
        Unserved(f"{request.label} ({request.member})", _why(problem, params, i))
        for i, request in enumerate(problem.requests)
        if trained[i] == 0
    )


def _why(problem: TrainingProblem, params: TrainingParams, i: int) -> Message:
    """Return why a request is in no session, by the best of the venues it reaches."""
    count = range(len(problem.requests))
    most = max(
        sum(
            problem.requests[j].trainees
            for j in count
            if reaches(problem, params, j, venue) and same_time(problem, i, j)
        )
        for venue in count
        if venue == i or reaches(problem, params, i, venue)
    )
    if most < params.least:
        return Message(
            N_("{missing} more trainees are needed within {distance_km} km and before the due date."),
            {"missing": params.least - most, "distance_km": params.travel_km},
        )
    return Message(
        N_("No session of {least} or more is left that saves its members anything: ask for a cheaper one."),
        {"least": params.least},
    )


def _assumptions(params: TrainingParams) -> tuple[Message, ...]:
    table = sourced(PLANNER)
    return (
        Message(
            N_("A session of {days} days costs {price} EUR; alone, a seat costs {seat} EUR ({source})."),
            {
                "days": params.days,
                "price": params.session_eur,
                "seat": params.days * params.seat_day_eur,
                "source": table["session_day_eur"].source,
            },
        ),
        Message(
            N_("The way costs {price} EUR a km ({source}, {year}), {people} people in a car."),
            {
                "price": table["km_eur"].value,
                "source": table["km_eur"].source,
                "year": table["km_eur"].year,
                "people": constant(PLANNER, "people_a_car"),
            },
        ),
        Message(
            N_("A session starts in {lead} days at the earliest, at most {early} days before a due date."),
            {"lead": constant(PLANNER, "lead_days"), "early": constant(PLANNER, "early_days")},
        ),
        Message(N_("Each member pays the same part of what it could pay without losing.")),
        Message(N_("A trainee left out takes a seat elsewhere; its extra cost is taken off the saving.")),
    )


def _warnings(problem: TrainingProblem, cut: bool) -> tuple[Warning_, ...]:
    found = [
        Warning_(
            "late",
            Message(
                N_("“{label}” ({site}) is due on {due}, before a session can be held."),
                {"label": request.label, "site": request.member, "due": str(request.due)},
            ),
        )
        for request in problem.requests
        if is_late(request, problem.start)
    ]
    if cut:
        found.append(
            Warning_(
                "time_out",
                Message(N_("Time ran out before the search ended: allow more for a better one.")),
            )
        )
    return tuple(found)
