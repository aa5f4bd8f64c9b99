"""What refuses an offer to a request: risk zone, temperature, load, size, days, months, price, capacity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.space_model import (
    MONTHS,
    PLANNER,
    Floats,
    Offer,
    Place,
    Request,
    SpaceParams,
    SpaceProblem,
    Why,
)

WORDS = {
    Why.OTHER: N_("nobody offers this"),
    Why.DISTANCE: N_("the nearest offer ({offer}) is {distance_km} km away"),
    Why.QUALITY: N_("{offer} is not of the quality asked for"),
    Why.RISK: N_("{offer} stands in a zone of risk"),
    Why.TEMPERATURE: N_("{offer} does not keep the temperature asked for"),
    Why.LOAD: N_("{offer} does not bear the load"),
    Why.DIMENSIONS: N_("{offer} is not large enough in length, width or height"),
    Why.DAYS: N_("{offer} is not free on the days asked for"),
    Why.SEASON: N_("{offer} is not free in all the months asked for"),
    Why.PRICE: N_("{offer} asks more than what is paid today"),
    Why.CAPACITY: N_("{offer} has less than what is asked for"),
}
QUESTIONS = {
    "risk": N_("{offer}: in a zone of risk (PPRT, flood)?"),
    "temperature": N_("{offer}: which temperature is kept?"),
    "load": N_("{offer}: which load does it bear?"),
    "dimensions": N_("{offer}: which length, width and height?"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Verdict and worth of each pair, shape (requests, offers).

    ``surplus_eur`` is a year's value to the requester less the price asked and the road, for the whole
    request; NaN where refused.
    """

    why: NDArray[np.int8]
    surplus_eur: Floats


def judge(problem: SpaceProblem, params: SpaceParams) -> Pairs:
    """Return what refuses each pair, and what the others are worth."""
    why = problem.refused.astype(np.int8).copy()
    surplus = np.full(why.shape, np.nan)
    for r, request in enumerate(problem.requests):
        for o, offer in enumerate(problem.offers):
            km = float(problem.distance_km[r, o])
            if not why[r, o]:
                why[r, o] = _filter(request, offer, km, params)
            if why[r, o]:
                continue
            worth = surplus_eur(problem, params, r, o)
            if worth is None:
                why[r, o] = Why.PRICE
            else:
                surplus[r, o] = worth
    return Pairs(why, surplus)


def _filter(request: Request, offer: Offer, km: float, params: SpaceParams) -> Why:
    need, has = request.place, offer.place
    if params.max_km is not None and km > params.max_km:
        return Why.DISTANCE
    if need.risk_zone is False and has.risk_zone:
        return Why.RISK
    if not _warm_enough(need, has):
        return Why.TEMPERATURE
    if need.load is not None and has.load is not None and has.load < need.load:
        return Why.LOAD
    if not _roomy(need.dimensions_m, has.dimensions_m):
        return Why.DIMENSIONS
    if not need.weekdays & has.weekdays:
        return Why.DAYS
    if not _in_season(request, offer):
        return Why.SEASON
    return Why.NONE if _holds(request, offer, params.parts) else Why.CAPACITY


def _warm_enough(need: Place, has: Place) -> bool:
    if need.temperature_c is None or has.temperature_c is None:
        return True
    low, high = need.temperature_c
    if low < high:
        return has.temperature_c[0] <= high and has.temperature_c[1] >= low
    return has.temperature_c[0] <= low if low <= constant(PLANNER, "cold_c") else has.temperature_c[1] >= low


def _roomy(need: tuple[float, ...], has: tuple[float, ...]) -> bool:
    """Tell whether what is needed fits in, turned as one likes; the lengths that only one side gives pass."""
    pairs = zip(sorted(need, reverse=True), sorted(has, reverse=True), strict=False)
    return all(needed <= there for needed, there in pairs)


def _in_season(request: Request, offer: Offer) -> bool:
    months = request.place.months
    return bool(months & offer.place.months) if request.spread else months <= offer.place.months


def _holds(request: Request, offer: Offer, parts: int) -> bool:
    if request.spread:
        months = len(request.place.months & offer.place.months)
        return offer.capacity * months >= request.amount - 1e-9
    return offer.capacity > 0 if parts > 1 else offer.capacity >= request.amount - 1e-9


def used(request: Request) -> float:
    """Return the unit-years of a level, or the units of a machine's time, that a request takes."""
    return request.amount if request.spread else request.amount * len(request.place.months) / MONTHS


def surplus_eur(problem: SpaceProblem, params: SpaceParams, r: int, o: int) -> float | None:
    """Return what a pair is worth a year, None where the requester is known to lose.

    (value - price asked) x use - road; a value nobody named is the usual price and never below the price
    asked, since it cannot be said that the requester would lose.
    """
    request, offer = problem.requests[r], problem.offers[o]
    road = params.road_eur_per_km(problem.kind) * float(np.nan_to_num(problem.distance_km[r, o]))
    asked = offer.price_eur or 0.0
    known = request.budget_eur
    value = params.usual_price(problem.unit) if known is None else known
    worth = (value - asked) * used(request) - road
    if known is None:
        return max(worth, 1.0)
    return worth if worth >= 0 and (known > 0 or worth > 0) else None


def questions(need: Place, has: Place) -> list[Message]:
    """Return what the offer does not say of what the request asks for."""
    asked = {
        "risk": need.risk_zone is False and has.risk_zone is None,
        "temperature": need.temperature_c is not None and has.temperature_c is None,
        "load": need.load is not None and has.load is None,
        "dimensions": bool(need.dimensions_m) and not has.dimensions_m,
    }
    return [Message(QUESTIONS[name], {"offer": has.site}) for name, open_ in asked.items() if open_]
