"""Plan shared transport: which loads ride together on which days, and where commuters could."""

from __future__ import annotations

from time import monotonic

from matching.messages import N_, Message
from matching.planning.constants import constant, sourced
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
from matching.results import Warning_

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
        raise InfeasiblePlanError(_why_none(problem, routes))
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
            "missing": _missing(problem, kept),
        },
        objective=round(value, 2),
        bound=None if bound is None else round(bound, 2),
        unit="EUR/year",
        minimised=False,
        unserved=_unserved(problem, routes, sets, kept),
        assumptions=_assumptions(routes, kept, found),
        warnings=_warnings(kept, found, bound),
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


def _missing(problem: TransportProblem, kept: tuple[Shared, ...]) -> list[Message]:
    found = [Message(N_("{name}: from where to where?"), {"name": name}) for name in problem.unplaced]
    for i in sorted({i for one in kept for i in one.members}):
        trip = problem.trips[i]
        params = {"site": trip.site, "label": trip.label}
        if not trip.load_known:
            found.append(Message(N_("{site}: how many pallets a trip for “{label}”?"), params))
        if trip.today_eur is None and not trip.empty_return:
            found.append(Message(N_("{site}: what does a trip of “{label}” cost today?"), params))
    return found


def _unserved(
    problem: TransportProblem, routes: Routes, sets: list[Shared], kept: tuple[Shared, ...]
) -> tuple[Unserved, ...]:
    taken = {i for one in kept for i in one.members}
    could = {i for one in sets for i in one.members}
    return tuple(
        Unserved(f"{trip.site} – {trip.label}", _why_alone(routes, i, i in could))
        for i, trip in enumerate(problem.trips)
        if i not in taken
    )


def _why_alone(routes: Routes, i: int, could: bool) -> Message:
    if could:
        return Message(N_("could share, but its partners save more with others"))
    partners = [j for j in range(len(routes.trips)) if j != i and routes.suit(i, j)]
    if not partners:
        return Message(N_("no other trip near its origin and its destination on the same days"))
    if not any(routes.fits([routes.trips[i], routes.trips[j]]) for j in partners):
        return Message(N_("its load leaves no room for any of its neighbours’"))
    return Message(N_("the detour would cost more than sharing saves"))


def _why_none(problem: TransportProblem, routes: Routes) -> Message:
    if problem.commuters and not problem.trips:
        return Message(
            N_("Fewer than {least} people come from any one place: ask more companies."),
            {"least": routes.params.k_people},
        )
    if len(problem.trips) < 2:
        return Message(N_("Fewer than two trips have an origin and a destination: ask for them."))
    size = len(problem.trips)
    pairs = [(i, j) for i in range(size) for j in range(i) if routes.suit(i, j)]
    if not pairs:
        return Message(
            N_("No two trips are within {near_km} km at both ends on the same days: allow more."),
            {"near_km": routes.params.near_km},
        )
    if not any(routes.fits([routes.trips[i], routes.trips[j]]) for i, j in pairs):
        return Message(N_("No two loads fit in one lorry: take a larger one or smaller loads."))
    return Message(N_("Every detour costs more than it saves: allow longer detours or other days."))


def _assumptions(routes: Routes, kept: tuple[Shared, ...], found: Demand) -> tuple[Message, ...]:
    notes = sourced(PLANNER)
    said = []
    if kept:
        said.append(
            Message(
                N_("A lorry costs {fixed} and {road}; each further stop {stop}."),
                {
                    "fixed": notes["fixed_eur"].note,
                    "road": notes["eur_per_km"].note,
                    "stop": notes["stop_eur"].note,
                },
            )
        )
        members = [routes.trips[i] for one in kept for i in one.members]
        if any(trip.today_eur is None for trip in members):
            said.append(
                Message(
                    N_("A price that is not said is the load’s share of a lorry plus {extra}."),
                    {"extra": notes["groupage_extra"].note},
                )
            )
        if any(not trip.load_known for trip in members):
            said.append(
                Message(N_("A load of unknown size is {load}."), {"load": notes["load_palette"].note})
            )
    if found.cells:
        said.append(
            Message(
                N_("Commuters are shown from {people} people a square on, {days} a year, {cost} alone."),
                {
                    "people": routes.params.k_people,
                    "days": notes["working_days"].note,
                    "cost": notes["car_eur_per_km"].note,
                },
            )
        )
    return tuple(said)


def _warnings(kept: tuple[Shared, ...], found: Demand, bound: float | None) -> tuple[Warning_, ...]:
    said = []
    if bound is None:
        said.append(
            Warning_(
                "no_time", Message(N_("Time ran out: lorries were filled one by one, better may exist."))
            )
        )
    if kept:
        said.append(
            Warning_("goods", Message(N_("Check that the goods may travel together and who is the haulier.")))
        )
    if found.hidden:
        said.append(Warning_("hidden", Message(N_("Some people live too far from colleagues to be shown."))))
    return tuple(said)
