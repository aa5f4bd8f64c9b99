"""Plan shared space, equipment and parking: which request goes to which offer, in which months."""

from __future__ import annotations

import numpy as np

from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
from matching.planning.plan import InfeasiblePlanError, Plan, Unserved
from matching.planning.space_filters import WORDS, Pairs, judge, questions, used
from matching.planning.space_model import (
    KINDS,
    MONTHS,
    PLANNER,
    Offer,
    Place,
    Request,
    SpaceParams,
    SpaceProblem,
    Why,
)
from matching.planning.space_search import Assignment, Served, assign
from matching.results import Warning_

__all__ = ["KINDS", "Offer", "Place", "Request", "SpaceParams", "SpaceProblem", "Why", "plan"]


def plan(
    problem: SpaceProblem, params: SpaceParams | None = None, seed: int = 0, time_limit_s: float = 10.0
) -> Plan:
    """Return which requests are served by which offers, worth most a year, and why the others are not.

    Raises
    ------
    InfeasiblePlanError
        If no offer suits any request: the message says what refuses them most often.
    """
    chosen = params or SpaceParams()
    pairs = judge(problem, chosen)
    if not (pairs.why == 0).any():
        raise InfeasiblePlanError(_why_none(problem, pairs))
    found = assign(problem, pairs, chosen, seed, time_limit_s)
    return Plan(
        planner=PLANNER,
        problem={
            "kind": problem.kind,
            "unit": problem.unit,
            "requests": len(problem.requests),
            "offers": len(problem.offers),
            "pairs_possible": int((pairs.why == 0).sum()),
            "parts": chosen.parts,
        },
        plan={
            "assignments": [_shown(problem, chosen, served) for served in found.served],
            "served_requests": len({served.request for served in found.served}),
            "saving_eur_per_year": _total_saving(problem, chosen, found),
            "offers": [_filled(problem, found, o) for o in range(len(problem.offers))],
            "missing": _missing(problem, found),
        },
        objective=round(found.value_eur, 2),
        bound=None if found.bound_eur is None else round(found.bound_eur, 2),
        unit="EUR/year",
        minimised=False,
        unserved=_unserved(problem, pairs, found),
        assumptions=_assumptions(problem, chosen, found),
        warnings=_warnings(problem, found),
    )


def _shown(problem: SpaceProblem, params: SpaceParams, served: Served) -> dict[str, object]:
    request, offer = problem.requests[served.request], problem.offers[served.offer]
    km = float(problem.distance_km[served.request, served.offer])
    quantity = _used(request, served)
    return {
        "site": request.place.site,
        "label": request.place.label,
        "row": request.place.row,
        "offer_site": offer.place.site,
        "offer_label": offer.place.label,
        "offer_row": offer.place.row,
        "amount": served.amount,
        "unit": problem.unit,
        "months": served.by_month,
        "weekdays": sorted(request.place.weekdays & offer.place.weekdays),
        "distance_km": None if np.isnan(km) else round(km, 1),
        "pays_eur_per_year": None if offer.price_eur is None else round(offer.price_eur * quantity, 2),
        "saving_eur_per_year": _saving(problem, params, served),
        "income_eur_per_year": None if offer.price_eur is None else round(offer.price_eur * quantity, 2),
    }


def _used(request: Request, served: Served) -> float:
    return used(request) * served.amount / request.amount


def _saving(problem: SpaceProblem, params: SpaceParams, served: Served) -> float | None:
    """Return what the requester saves a year, road paid; None while one of the two prices is unknown."""
    request, offer = problem.requests[served.request], problem.offers[served.offer]
    if request.budget_eur is None or offer.price_eur is None:
        return None
    share = served.amount / request.amount
    km = float(np.nan_to_num(problem.distance_km[served.request, served.offer]))
    road = params.road_eur_per_km(problem.kind) * km * share
    return round((request.budget_eur - offer.price_eur) * _used(request, served) - road, 2)


def _total_saving(problem: SpaceProblem, params: SpaceParams, found: Assignment) -> float | None:
    known = [s for served in found.served if (s := _saving(problem, params, served)) is not None]
    return round(sum(known), 2) if known else None


def _filled(problem: SpaceProblem, found: Assignment, o: int) -> dict[str, object]:
    offer = problem.offers[o]
    taken = dict.fromkeys(range(1, MONTHS + 1), 0.0)
    for served in found.served:
        if served.offer == o:
            for month, amount in served.by_month.items():
                taken[month] += amount
    return {
        "site": offer.place.site,
        "label": offer.place.label,
        "row": offer.place.row,
        "unit": problem.unit,
        "free_by_month": {
            month: round(offer.in_month(month) - taken[month], 2) for month in sorted(offer.place.months)
        },
    }


def _missing(problem: SpaceProblem, found: Assignment) -> list[Message]:
    asked: list[Message] = []
    for served in found.served:
        request, offer = problem.requests[served.request], problem.offers[served.offer]
        asked += questions(request.place, offer.place)
        if offer.price_eur is None:
            asked.append(Message(N_("{offer}: at which price is “{label}” shared?"), _names(offer.place)))
        if request.budget_eur is None:
            asked.append(Message(N_("{site}: what is paid today for “{label}”?"), _site(request.place)))
    seen: dict[str, Message] = {}
    for message in asked:
        seen.setdefault(str(message), message)
    return list(seen.values())


def _names(place: Place) -> dict[str, object]:
    return {"offer": place.site, "label": place.label}


def _site(place: Place) -> dict[str, object]:
    return {"site": place.site, "label": place.label}


def _unserved(problem: SpaceProblem, pairs: Pairs, found: Assignment) -> tuple[Unserved, ...]:
    served = {s.request for s in found.served}
    return tuple(
        Unserved(f"{request.place.site} – {request.place.label}", _why_out(problem, pairs, r))
        for r, request in enumerate(problem.requests)
        if r not in served
    )


def _why_out(problem: SpaceProblem, pairs: Pairs, r: int) -> Message:
    """Return what keeps a request out: others in its place, else the refusal nearest to a yes."""
    open_to = np.flatnonzero(pairs.why[r] == 0)
    if len(open_to):
        best = int(open_to[np.argmax(pairs.surplus_eur[r, open_to])])
        return Message(
            N_("{offer} would suit, and serves others of more worth: ask whether it has room left"),
            {"offer": problem.offers[best].place.site},
        )
    if not len(problem.offers):
        return Message(WORDS[Why.OTHER])
    highest = pairs.why[r].max()
    same = np.flatnonzero(pairs.why[r] == highest)
    near = same[np.argmin(np.nan_to_num(problem.distance_km[r, same], nan=np.inf))]
    return Message(
        WORDS[Why(int(highest))],
        {
            "offer": problem.offers[int(near)].place.site,
            "distance_km": round(float(problem.distance_km[r, near]), 1),
        },
    )


def _why_none(problem: SpaceProblem, pairs: Pairs) -> Message:
    if not problem.requests:
        return Message(N_("Nobody asks for it: ask companies what they need."))
    if not problem.offers or (pairs.why == Why.OTHER).all():
        return Message(N_("Nobody offers what is asked for: ask neighbours, or hire it together."))
    nearest = [Why(int(why)) for why in pairs.why.max(axis=1)]
    relax = {
        Why.DISTANCE: N_("Every offer is too far: allow more km."),
        Why.QUALITY: N_("No offer is of the quality asked for: ask whether it can be brought to it."),
        Why.RISK: N_("Every offer stands in a zone of risk: ask whether the need really excludes it."),
        Why.TEMPERATURE: N_("No offer keeps the temperature: ask for the range that is really needed."),
        Why.LOAD: N_("No offer bears the load: ask whether it can be split."),
        Why.DIMENSIONS: N_("No offer is large enough: ask whether the goods can be taken apart."),
        Why.DAYS: N_("No offer is free on the days asked for: ask for other days."),
        Why.SEASON: N_("No offer is free in the months asked for: ask for other months."),
        Why.PRICE: N_("Every offer asks more than what is paid today: negotiate the price."),
        Why.CAPACITY: N_("No offer is large enough alone: let a request be served by several offers."),
        Why.OTHER: N_("Nobody offers what is asked for: ask neighbours, or hire it together."),
    }
    return Message(relax[max(nearest)])


def _assumptions(problem: SpaceProblem, params: SpaceParams, found: Assignment) -> tuple[Message, ...]:
    notes = sourced(PLANNER)
    said = []
    if any(problem.requests[s.request].budget_eur is None for s in found.served):
        note: Message | str = f"{params.usual_price(problem.unit):g} EUR/{problem.unit}"
        key = f"price_{problem.unit}"
        if problem.unit not in params.prices_eur:
            note = notes.get(key, notes["price_other"]).note
        said.append(Message(N_("Needs without a price are valued at {note}."), {"note": note}))
    if params.journeys is None and constant(PLANNER, f"journeys_{problem.kind}"):
        said.append(
            Message(
                N_("Road between both sites: {journeys}, there and back, at {cost}."),
                {
                    "journeys": notes[f"journeys_{problem.kind}"].note,
                    "cost": notes[f"eur_per_km_{problem.kind}"].note,
                },
            )
        )
    if any(problem.requests[s.request].spread for s in found.served):
        said.append(Message(N_("A machine’s free time is spread evenly over its months.")))
    return tuple(said)


def _warnings(problem: SpaceProblem, found: Assignment) -> tuple[Warning_, ...]:
    said = []
    if found.bound_eur is None:
        message = Message(N_("Time ran out: requests were served one by one, better may exist."))
        said.append(Warning_("no_time", message))
    for served in found.served:
        request, offer = problem.requests[served.request], problem.offers[served.offer]
        if questions(request.place, offer.place):
            message = Message(
                N_("{site} at {offer}: a condition is still to be checked."),
                {"site": request.place.site, "offer": offer.place.site},
            )
            said.append(Warning_("to_check", message))
    return tuple(said)
