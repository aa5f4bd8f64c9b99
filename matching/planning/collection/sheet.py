"""The route sheet of a round: ordered stops with hours and loads, and its path for a map."""

from __future__ import annotations

from matching.messages import LocalName
from matching.planning.collection.problem import CollectionProblem
from matching.planning.collection.search import Choice
from matching.planning.collection.trips import Trip

DAYS = (
    LocalName("lundi", "Monday"),
    LocalName("mardi", "Tuesday"),
    LocalName("mercredi", "Wednesday"),
    LocalName("jeudi", "Thursday"),
    LocalName("vendredi", "Friday"),
    LocalName("samedi", "Saturday"),
    LocalName("dimanche", "Sunday"),
)


def route_sheet(problem: CollectionProblem, number: int, one: Trip, choice: Choice) -> dict[str, object]:
    """Return a round as plain data; loads are those of a full period at the members' peak."""
    vehicle = problem.vehicles[one.vehicle]
    load = sum(problem.stops[i].peak_weekly for i in one.stops) * choice.weeks
    return {
        "number": number,
        "vehicle": vehicle.name,
        "weekday": DAYS[choice.day],
        "hazard_classes": sorted({problem.stops[i].hazard_class for i in one.stops} - {""}),
        "start": clock(one.start_h),
        "end": clock(one.end_h),
        "duration_h": round(one.duration_h, 2),
        "distance_km": round(one.distance_km, 1),
        "cost_eur": round(one.cost_eur, 2),
        "load": round(load, 2),
        "capacity": vehicle.capacity,
        "load_pct": round(100 * load / vehicle.capacity, 1),
        "stops": _visits(problem, one, choice.weeks),
        "path": _path(problem, one),
    }


def _visits(problem: CollectionProblem, one: Trip, weeks: int) -> list[dict[str, object]]:
    visits: list[dict[str, object]] = []
    loaded, at = 0.0, 0
    for order, i in enumerate(one.stops):
        stop = problem.stops[i]
        load = stop.peak_weekly * weeks
        loaded += load
        visits.append(
            {
                "order": order + 1,
                "site": stop.site,
                "label": stop.label,
                "arrival": clock(one.arrive_h[order]),
                "departure": clock(one.leave_h[order]),
                "distance_km": round(float(problem.distance_km[at, i + 1]), 1),
                "load": round(load, 2),
                "loaded": round(loaded, 2),
                "hazard_class": stop.hazard_class,
                "lon": stop.lon,
                "lat": stop.lat,
            }
        )
        at = i + 1
    return visits


def _path(problem: CollectionProblem, one: Trip) -> list[list[float]]:
    """Return [lon, lat] along the round, from the depot and back where its place is known."""
    depot = (problem.depot.lon, problem.depot.lat)
    places = [depot, *((problem.stops[i].lon, problem.stops[i].lat) for i in one.stops), depot]
    return [[lon, lat] for lon, lat in places if lon is not None and lat is not None]


def clock(hour: float) -> str:
    """Return the hour of a day as HH:MM."""
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
