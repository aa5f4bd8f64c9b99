"""What is said of a plan of shared transport: questions, reasons, assumptions, warnings."""

from __future__ import annotations

from matching.messages import N_, Message
from matching.planning.constants import sourced
from matching.planning.transport_commuting import Demand
from matching.planning.transport_model import (
    PLANNER,
    TransportProblem,
)
from matching.planning.transport_routes import Routes, Shared
from matching.results import Warning_


def missing(problem: TransportProblem, kept: tuple[Shared, ...]) -> list[Message]:
    """Return what to ask of those who would share a lorry."""
    found = [Message(N_("{name}: from where to where?"), {"name": name}) for name in problem.unplaced]
    for i in sorted({i for one in kept for i in one.members}):
        trip = problem.trips[i]
        params = {"site": trip.site, "label": trip.label}
        if not trip.load_known:
            found.append(Message(N_("{site}: how many pallets a trip for “{label}”?"), params))
        if trip.today_eur is None and not trip.empty_return:
            found.append(Message(N_("{site}: what does a trip of “{label}” cost today?"), params))
    return found


def why_alone(routes: Routes, i: int, could: bool) -> Message:
    """Return why a trip stays alone; ``could`` tells that some set would take it."""
    if could:
        return Message(N_("could share, but its partners save more with others"))
    partners = [j for j in range(len(routes.trips)) if j != i and routes.suit(i, j)]
    if not partners:
        return Message(N_("no other trip near its origin and its destination on the same days"))
    if not any(routes.fits([routes.trips[i], routes.trips[j]]) for j in partners):
        return Message(N_("its load leaves no room for any of its neighbours’"))
    return Message(N_("the detour would cost more than sharing saves"))


def why_none(problem: TransportProblem, routes: Routes) -> Message:
    """Return the first thing that keeps every trip and every commuter alone."""
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


def assumptions(routes: Routes, kept: tuple[Shared, ...], found: Demand) -> tuple[Message, ...]:
    """Return what the figures of a plan rest on."""
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


def warnings(kept: tuple[Shared, ...], found: Demand, bound: float | None) -> tuple[Warning_, ...]:
    """Return what to beware of in a plan; ``bound`` is None where time ran out."""
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
