"""What stands beside the plan: who is left out and why, what is assumed, missing or to check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from matching.messages import N_, Message
from matching.planning.collection.problem import CollectionParams, CollectionProblem
from matching.planning.collection.search import Choice
from matching.planning.collection.sharing import Sharing
from matching.planning.collection.trips import Alone, driving_eur
from matching.planning.constants import constant, sourced
from matching.results import Warning_

PALLET, VAN = "palette", "van"


def why_left_out(problem: CollectionProblem, values: Sequence[Alone], best: Choice, i: int) -> Message:
    """Return why a stop is in no round of the choice."""
    stop, value = problem.stops[i], values[i].value_eur
    load = stop.peak_weekly * best.weeks
    if value <= 0:
        return Message(N_("It pays nothing to be rid of it today, or is paid: a round saves it nothing."))
    if not best.trips:
        return Message(
            N_("No round costs less than the members' own collections ({value} EUR a year for this one)."),
            {"value": round(value)},
        )
    if best.day not in stop.weekdays:
        return Message(N_("It cannot be served on the day of the round."))
    if best.weeks > (stop.keep_weeks or best.weeks):
        return Message(
            N_("Its goods keep {keep} weeks, and the round comes every {weeks}."),
            {"keep": stop.keep_weeks, "weeks": best.weeks},
        )
    if stop.storage_max is not None and best.weeks > stop.longest_weeks:
        return Message(
            N_("It can store {storage} {unit} and would have {load} after {weeks} weeks."),
            {"storage": stop.storage_max, "unit": problem.unit, "load": round(load, 1), "weeks": best.weeks},
        )
    if load > max(vehicle.capacity for vehicle in problem.vehicles):
        return Message(N_("It fills a vehicle alone: a round would bring it nothing."))
    detour = cheapest_detour_eur(problem, best, i)
    if detour <= value:
        return Message(N_("The vehicles are full, or the round would last too long or come out of hours."))
    return Message(
        N_("The detour would cost {detour} EUR a year, and going alone costs it {value}."),
        {"detour": round(detour), "value": round(value)},
    )


def cheapest_detour_eur(problem: CollectionProblem, best: Choice, i: int) -> float:
    """Return what calling at a stop adds to the cheapest of the rounds, EUR a year."""
    found = []
    stop = problem.stops[i]
    for one in best.trips:
        legs = driving_eur(problem, one.vehicle)
        nodes = np.array([0, *(j + 1 for j in one.stops), 0])
        a, b = nodes[:-1], nodes[1:]
        added = float((legs[a, i + 1] + legs[i + 1, b] - legs[a, b]).min())
        eur = added + stop.service_h * problem.vehicles[one.vehicle].eur_per_h
        found.append(eur * problem.cost_factor(stop.hazard_class))
    return min(found) * problem.weeks_per_year / best.weeks


def missing(problem: CollectionProblem, served: Sequence[int]) -> Iterator[Message]:
    """Yield what would make the plan surer."""
    yield from problem.missing
    stores = [problem.stops[i].site for i in served if problem.stops[i].storage_max is None]
    if stores:
        yield Message(N_("How much these can store: {sites}."), {"sites": ", ".join(stores)})
    pays = [problem.stops[i].site for i in served if problem.stops[i].declared_eur is None]
    if pays:
        yield Message(N_("What these pay today for their collection: {sites}."), {"sites": ", ".join(pays)})
    states = [problem.stops[i].site for i in served if problem.stops[i].good_share is None]
    if problem.resale_eur and states:
        yield Message(N_("The share in good state at: {sites}."), {"sites": ", ".join(states)})
    if problem.depot.lon is None:
        yield Message(N_("A collector, and where its vehicles start and unload."))


def assumptions(problem: CollectionProblem, params: CollectionParams) -> tuple[Message, ...]:
    """Return what the plan takes for granted, with sources."""
    figures = sourced("collection")
    told = [
        Message(N_("Time of a stop: {figure}."), {"figure": figures["stop_minutes"].note}),
        Message(N_("Speed between stops: {figure}."), {"figure": figures["speed_kmh"].note}),
        Message(N_("Longest round: {figure}."), {"figure": figures["shift_hours"].note}),
    ]
    for vehicle in problem.vehicles:
        told.append(
            Message(
                N_("{vehicle}: {capacity} {unit}, {fixed} EUR a trip, {km} EUR/km, {hour} EUR/h."),
                {
                    "vehicle": vehicle.name,
                    "capacity": vehicle.capacity,
                    "unit": problem.unit,
                    "fixed": vehicle.fixed_eur,
                    "km": vehicle.eur_per_km,
                    "hour": vehicle.eur_per_h,
                },
            )
        )
    told.append(
        Message(
            N_(
                "Going alone: trips of the cheapest vehicle when the storage or the vehicle is full, at "
                "least every {weeks} weeks; or what the member pays today, if that is less."
            ),
            {"weeks": params.max_weeks},
        )
    )
    keeping = [stop.keep_weeks for stop in problem.stops if stop.keep_weeks is not None]
    if keeping:
        told.append(
            Message(
                N_("Some of the goods keep {weeks} weeks at most (rules or own estimates)."),
                {"weeks": min(keeping)},
            )
        )
    told.append(Message(N_("Treatment of what is collected costs the same as today.")))
    return (*told, *problem.assumptions)


def warnings(problem: CollectionProblem, best: Choice, sharings: Sequence[Sharing]) -> Iterator[Warning_]:
    """Yield what to check before acting."""
    served = [i for one in best.trips for i in one.stops]
    if any(problem.stops[i].hazard_class for i in served):
        yield Warning_(
            "hazardous_carrier",
            Message(
                N_("Hazardous waste: ask an expert to check the carrier's permit, ADR and tracking slips.")
            ),
        )
    heaviest = constant("collection", "van_payload_kg") / constant("collection", "pallet_kg")
    for number, one in enumerate(best.trips, start=1):
        load = sum(problem.stops[i].peak_weekly for i in one.stops) * best.weeks
        if (problem.unit, problem.vehicles[one.vehicle].name) == (PALLET, VAN) and load > heaviest:
            yield Warning_(
                "van_overload",
                Message(
                    N_(
                        "Round {number}: more than {count} pallets of {kg} kg overload a 3.5 t van: take "
                        "light pallets or a larger vehicle."
                    ),
                    {"number": number, "count": int(heaviest), "kg": constant("collection", "pallet_kg")},
                ),
            )
    unrest = max((sharing.unrest_eur for sharing in sharings), default=0.0)
    if unrest > 0:
        yield Warning_(
            "unstable_sharing",
            Message(
                N_("No sharing suits every subgroup: one could save up to {eur} EUR a year by itself."),
                {"eur": round(unrest, 2)},
            ),
        )
