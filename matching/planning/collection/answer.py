"""The plan in plain data: who joins and pays what, the route sheet, the free-of-charge test."""

from __future__ import annotations

from collections.abc import Sequence

from matching.planning.collection.problem import CollectionParams, CollectionProblem
from matching.planning.collection.remarks import assumptions, missing, warnings, why_left_out
from matching.planning.collection.search import Choice
from matching.planning.collection.sharing import share
from matching.planning.collection.sheet import DAYS, route_sheet
from matching.planning.collection.trips import Alone
from matching.planning.plan import Plan, Unserved


def answer(
    problem: CollectionProblem,
    values: Sequence[Alone],
    best: Choice,
    tried: Sequence[Choice],
    bound_eur: float,
    params: CollectionParams,
) -> Plan:
    """Return the plan of the best choice; its objective is the group's yearly cost in EUR."""
    sharings = [share(problem, values, one, best.weeks, params) for one in best.trips]
    paid = {
        i: eur
        for one, s in zip(best.trips, sharings, strict=True)
        for i, eur in zip(one.stops, s.eur, strict=True)
    }
    per_year = problem.weeks_per_year / best.weeks
    content: dict[str, object] = {
        "every_weeks": best.weeks if best.trips else None,
        "weekday": DAYS[best.day] if best.trips else None,
        "rounds_per_year": round(per_year, 2) if best.trips else 0.0,
        "yearly": _yearly(problem, values, best, paid),
        "free_of_charge": _free_of_charge(problem, values, best, sorted(paid)),
        "members": [_member(problem, values[i], i, paid[i], best.weeks) for i in sorted(paid)],
        "rounds": [route_sheet(problem, number, one, best) for number, one in enumerate(best.trips, start=1)],
        "periods": [
            {
                "weeks": choice.weeks,
                "weekday": DAYS[choice.day],
                "members": sum(len(one.stops) for one in choice.trips),
                "cost_eur_per_year": round(choice.yearly_eur, 2),
            }
            for choice in sorted(tried, key=lambda c: (c.weeks, c.day))
        ],
        "sharing": {
            "unrest_eur_per_year": round(max((s.unrest_eur for s in sharings), default=0.0), 2),
            "every_subgroup_checked": all(s.complete for s in sharings),
        },
        "missing": list(missing(problem, sorted(paid))),
    }
    return Plan(
        planner="collection",
        problem=_asked(problem, params),
        plan=content,
        objective=best.yearly_eur,
        bound=bound_eur,
        unit="EUR/year",
        minimised=True,
        unserved=tuple(
            Unserved(stop.site, why_left_out(problem, values, best, i))
            for i, stop in enumerate(problem.stops)
            if i not in paid
        ),
        assumptions=assumptions(problem, params),
        warnings=tuple(warnings(problem, best, sharings)),
    )


def _asked(problem: CollectionProblem, params: CollectionParams) -> dict[str, object]:
    return {
        "title": problem.title,
        "resource": problem.resource,
        "unit": problem.unit,
        "depot": {"name": problem.depot.name, "lon": problem.depot.lon, "lat": problem.depot.lat},
        "stops": len(problem.stops),
        "vehicles": [{"name": v.name, "capacity": v.capacity, "count": v.count} for v in problem.vehicles],
        "min_weeks": params.min_weeks,
        "max_weeks": params.max_weeks,
    }


def _yearly(
    problem: CollectionProblem, values: Sequence[Alone], best: Choice, paid: dict[int, float]
) -> dict[str, object]:
    per_year = problem.weeks_per_year / best.weeks
    units = sum(problem.stops[i].yearly for i in paid)
    cost = sum(one.cost_eur for one in best.trips) * per_year
    km = sum(one.distance_km for one in best.trips) * per_year
    carbon = sum(one.distance_km * problem.vehicles[one.vehicle].kgco2e_per_km for one in best.trips)
    alone_eur = sum(values[i].value_eur for i in paid)
    return {
        "units": round(units, 2),
        "cost_eur": round(cost, 2),
        "cost_eur_per_unit": round(cost / units, 4) if units else None,
        "alone_eur": round(alone_eur, 2),
        "saving_eur": round(alone_eur - cost, 2),
        "resale_eur": round(sum(values[i].resale_eur for i in paid), 2),
        "distance_km": round(km, 1),
        "alone_distance_km": round(sum(values[i].trips_km for i in paid), 1),
        "saving_kgco2e": round(sum(values[i].trips_kgco2e for i in paid) - carbon * per_year, 1),
    }


def _free_of_charge(
    problem: CollectionProblem, values: Sequence[Alone], best: Choice, served: Sequence[int]
) -> dict[str, object] | None:
    """Return the seeds' test: cost of a round <= share of good units x resale price x units."""
    if not problem.resale_eur or not served:
        return None
    per_year = problem.weeks_per_year / best.weeks
    units = sum(problem.stops[i].yearly for i in served) / per_year
    cost = sum(one.cost_eur for one in best.trips)
    resale = sum(values[i].resale_eur for i in served) / per_year
    known = [i for i in served if problem.stops[i].good_share is not None]
    needed = cost / (units * problem.resale_eur)
    return {
        "passed": resale >= cost if len(known) == len(served) or resale >= cost else None,
        "round_cost_eur": round(cost, 2),
        "units_per_round": round(units, 2),
        "resale_eur_per_unit": problem.resale_eur,
        "resale_eur_per_round": round(resale, 2),
        "good_share": round(resale / (units * problem.resale_eur), 4) if known else None,
        "needed_good_share": round(needed, 4) if needed <= 1 else None,
        "needed_resale_eur": round(cost * problem.resale_eur / resale, 2) if resale else None,
        "members_whose_good_share_is_known": len(known),
    }


def _member(problem: CollectionProblem, own: Alone, i: int, paid: float, weeks: int) -> dict[str, object]:
    stop = problem.stops[i]
    return {
        "site": stop.site,
        "label": stop.label,
        "units_per_year": round(stop.yearly, 2),
        "units_per_round": round(stop.peak_weekly * weeks, 2),
        "storage_max": stop.storage_max,
        "good_share_pct": None if stop.good_share is None else round(100 * stop.good_share, 1),
        "alone_eur_per_year": round(own.value_eur, 2),
        "declared_eur_per_year": None if stop.declared_eur is None else round(stop.declared_eur, 2),
        "share_eur_per_year": round(paid, 2),
        "share_eur_per_unit": round(paid / stop.yearly, 4),
        "saving_eur_per_year": round(own.value_eur - paid, 2),
        "resale_eur_per_year": round(own.resale_eur, 2),
        "net_eur_per_year": round(paid - own.resale_eur, 2),
    }
