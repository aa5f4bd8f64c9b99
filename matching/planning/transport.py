"""Plan shared transport: which loads ride together on which days, and where commuters could."""

from __future__ import annotations

from time import monotonic

from matching.messages import N_, Message
from matching.planning.constants import constant
from matching.planning.plan import InfeasiblePlanError, Plan, Unserved
from matching.planning.transport_commuting import Cell, Demand, demand
from matching.planning.transport_model import (
    PLANNER,
    Commuters,
    TransportParams,
    TransportProblem,
    Trip,
)
from matching.planning.transport_routes import Routes, Shared, best_sets, shared_sets
from matching.planning.transport_words import assumptions, missing, warnings, why_alone, why_none

__all__ = ["Commuters", "TransportParams", "TransportProblem", "Trip", "plan"]
KG_PER_T = 1000
MODES = {
    "carpool": N_("Carpool: put these people in touch, about {people} a car."),
    "minibus": N_("Minibus: ask for a quotation for one journey each way."),
    "coach": N_("Coach or public line: ask the transport authority."),
}


def plan(
    problem: TransportProblem,
    params: TransportParams | None = None,
    seed: int = 0,
    time_limit_s: float = 10.0,
) -> Plan:
    """Return the lorries to share and the commuting demand that can be shown.

    Raises
    ------
    InfeasiblePlanError
        If nothing can be shared: the message says what to relax.
    OversizedPlanError
        If there are too many ways to share.
    """
    chosen = params or TransportParams()
    deadline = monotonic() + time_limit_s
    routes = Routes(problem, chosen)
    sets = shared_sets(routes)
    kept, bound = best_sets(sets, len(problem.trips), chosen, seed, deadline)
    found = demand(problem.commuters, chosen)
    if not kept and not found.cells and not found.unnamed and bound is not None:
        raise InfeasiblePlanError(why_none(problem, routes))
    value = sum(one.yearly_eur for one in kept)
    return Plan(
        planner=PLANNER,
        problem={
            "trips": sum(not trip.empty_return for trip in problem.trips),
            "empty_returns": sum(trip.empty_return for trip in problem.trips),
            "capacity": chosen.capacity,
            "most_detour": chosen.most_detour,
            "k_people": chosen.k_people,
        },
        plan={
            "lorries": [_shown(routes, one) for one in _best_first(kept)],
            "saving_eur_per_year": round(value, 2),
            "commuting": [_line(found, cell) for cell in found.cells],
            "from_unnamed_places": [
                {"zone": zone, "sites": list(found.zones[zone]), "people": people, "mode": _mode(people)}
                for zone, people in found.unnamed.items()
            ],
            "zones": [list(zone) for zone in found.zones],
            "missing": missing(problem, kept),
        },
        objective=round(value, 2),
        bound=None if bound is None else round(bound, 2),
        unit="EUR/year",
        minimised=False,
        unserved=_unserved(problem, routes, sets, kept),
        assumptions=assumptions(routes, kept, found),
        warnings=warnings(kept, found, bound),
    )


def _best_first(kept: tuple[Shared, ...]) -> list[Shared]:
    return sorted(kept, key=lambda shared: (-shared.yearly_eur, shared.members))


def _mode(people: int) -> str:
    if people < constant(PLANNER, "shuttle_people"):
        return "carpool"
    return "coach" if people >= constant(PLANNER, "coach_people") else "minibus"


def _shown(routes: Routes, shared: Shared) -> dict[str, object]:
    weeks = constant(PLANNER, "weeks_per_year")
    trips = routes.trips
    alone_km = sum(routes.share(i) * float(routes.direct_km[i]) for i in shared.members)
    avoided_kg = (alone_km - shared.route_km) * constant(PLANNER, "kgco2e_per_km")
    stops = [_stop(trips[i], "pick_up") for i in shared.pickups if not trips[i].empty_return]
    stops += [_stop(trips[i], "drop") for i in shared.drops if not trips[i].empty_return]
    return {
        "members": [
            {
                "site": trips[i].site,
                "label": trips[i].label,
                "row": trips[i].row,
                "role": "lorry" if trips[i].empty_return else "load",
                "load": trips[i].load,
                "today_eur_per_trip": round(today, 2),
                "pays_eur_per_trip": round(pays, 2),
                "saving_eur_per_year": round((today - pays) * shared.trips_per_week * weeks, 2),
            }
            for i, today, pays in zip(shared.members, shared.today_eur, shared.pays_eur, strict=True)
        ],
        "weekdays": sorted(shared.days),
        "trips_per_week": shared.trips_per_week,
        "stops": stops,
        "route_km": shared.route_km,
        "load": round(sum(trips[i].load for i in shared.members if not trips[i].empty_return), 2),
        "cost_eur_per_trip": round(shared.cost_eur, 2),
        "saving_eur_per_year": round(shared.yearly_eur, 2),
        "saving_tco2e_per_year": round(avoided_kg * shared.trips_per_week * weeks / KG_PER_T, 2),
    }


def _stop(trip: Trip, action: str) -> dict[str, object]:
    place = trip.site if action == "pick_up" else trip.destination
    return {"action": action, "site": trip.site, "place": place, "load": trip.load}


def _line(found: Demand, cell: Cell) -> dict[str, object]:
    """Return a cell with what driving alone costs its people, and how they could come together."""
    km = 2 * cell.distance_km * constant(PLANNER, "working_days") * cell.people
    shared = 1 - 1 / constant(PLANNER, "carpool_people")
    mode = _mode(cell.people)
    return {
        "zone": cell.zone,
        "sites": list(found.zones[cell.zone]),
        "lon": cell.lon,
        "lat": cell.lat,
        "side_km": cell.side_km,
        "people": cell.people,
        "distance_km": cell.distance_km,
        "mode": mode,
        "next_step": Message(MODES[mode], {"people": constant(PLANNER, "carpool_people")}),
        "alone_eur_per_year": round(km * constant(PLANNER, "car_eur_per_km")),
        "carpool_saving_eur_per_year": round(km * constant(PLANNER, "car_eur_per_km") * shared),
        "carpool_saving_tco2e_per_year": round(
            km * constant(PLANNER, "car_kgco2e_per_km") * shared / KG_PER_T, 2
        ),
    }


def _unserved(
    problem: TransportProblem, routes: Routes, sets: list[Shared], kept: tuple[Shared, ...]
) -> tuple[Unserved, ...]:
    taken = {i for one in kept for i in one.members}
    could = {i for one in sets for i in one.members}
    return tuple(
        Unserved(f"{trip.site} – {trip.label}", why_alone(routes, i, i in could))
        for i, trip in enumerate(problem.trips)
        if i not in taken
    )
