"""Trips and commuters from a flow table."""

from __future__ import annotations

import re

import numpy as np

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.errors import InvalidParametersError
from matching.messages import N_, Message
from matching.model import Direction, Flow, Kind, Period
from matching.mutualisation.forms import pool_keys
from matching.planning.constants import constant
from matching.planning.transport_model import PLANNER, Commuters, Point, TransportProblem, Trip
from matching.planning.weekdays import WORKING_DAYS, weekdays_of

PEOPLE = "transport-people"
GOODS = "transport-goods"
PALLETS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:palettes?|pallets?)\b", re.IGNORECASE)


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    *,
    resource: str | None = None,
) -> TransportProblem:
    """Return the trips and commuters among the flows of kind ``transport``.

    A need is a load, an output read as transport of goods is a lorry that returns with room. The pallets of a
    trip are the flow's ``capacity``, else those its words name, else a usual part load.

    Parameters
    ----------
    resource
        A catalogue id: only flows read as it or as one of its descendants.
    """
    if resource is not None and resource not in catalogue.resources:
        raise InvalidParametersError(Message(N_("Unknown resource “{value}”."), {"value": resource}))
    trips: list[Trip] = []
    commuters: list[Commuters] = []
    unplaced: list[str] = []
    for row, flow in enumerate(columns.flows):
        line = _line(columns, catalogue, row)
        if flow.kind is not Kind.TRANSPORT or (resource is not None and resource not in line):
            continue
        if PEOPLE not in line and GOODS not in line:
            continue
        placed = not np.isnan([columns.position_km[row], columns.destination_km[row]]).any()
        if not placed:
            unplaced.append(f"{flow.site.name} – {flow.label}")
        if PEOPLE in line:
            commuters += _commuters(columns, row)
        elif placed:
            trips.append(_trip(columns, catalogue, row))
    return TransportProblem(tuple(trips), tuple(commuters), tuple(unplaced))


def _line(columns: FlowColumns, catalogue: Catalogue, row: int) -> set[str]:
    """Return the resource and the ancestors of the row's best reading that is a transport."""
    for reading in columns.readings[row]:
        if catalogue.resources[reading.resource].kind is Kind.TRANSPORT:
            return set(catalogue.lineage(reading.resource))
    return set()


def _point(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Point:
    return float(values[0]), float(values[1]), float(values[2])


def _trip(columns: FlowColumns, catalogue: Catalogue, row: int) -> Trip:
    flow = columns.flows[row]
    load = load_of(flow)
    empty = flow.is_output
    unknown = constant(PLANNER, "capacity_palette" if empty else "load_palette")
    cost = flow.unit_cost_eur
    per_trip = flow.quantity is not None and flow.quantity.unit == "trajet"
    return Trip(
        site=flow.site.name,
        label=flow.label,
        origin_km=_point(columns.position_km[row]),
        destination_km=_point(columns.destination_km[row]),
        load=unknown if load is None else load,
        trips_per_week=_trips_per_week(flow),
        weekdays=weekdays_of(flow.weekdays) or WORKING_DAYS,
        family=_family(columns, catalogue, row),
        empty_return=empty,
        today_eur=cost.middle if cost is not None and cost.middle > 0 and per_trip and not empty else None,
        load_known=load is not None,
        destination=flow.destination or flow.label,
        row=flow.row,
    )


def _family(columns: FlowColumns, catalogue: Catalogue, row: int) -> frozenset[str]:
    """Return the kinds of lorry that suit; room offered serves what the same kind of need asks for."""
    found: set[str] = set()
    for reading in columns.readings[row]:
        if catalogue.resources[reading.resource].kind is Kind.TRANSPORT:
            found |= set(pool_keys(reading.resource, Direction.INPUT, catalogue))
    return frozenset(found) or frozenset({"freight-general"})


def load_of(flow: Flow) -> float | None:
    """Return the pallets of a trip: the column ``capacity``, else what the words name; None if neither."""
    if flow.capacity is not None and flow.capacity > 0:
        return flow.capacity
    match = PALLETS.search(flow.label) or PALLETS.search(flow.comment)
    return float(match[1].replace(",", ".")) if match else None


def _trips_per_week(flow: Flow) -> float:
    """Return how many trips go in a week in which the flow runs; one where it does not say."""
    quantity = flow.quantity
    if quantity is None or quantity.unit != "trajet" or not quantity.value.middle > 0:
        return 1.0
    days = quantity.days_per_week or constant(PLANNER, "days_a_week")
    weeks = constant(PLANNER, "weeks_per_year")
    per_week = {Period.DAY: days, Period.WEEK: 1.0, Period.MONTH: 12 / weeks}.get(quantity.period, 1 / weeks)
    return quantity.value.middle * per_week


def _commuters(columns: FlowColumns, row: int) -> list[Commuters]:
    """Return as many people as journeys a working day; nobody where the number is not said."""
    flow = columns.flows[row]
    if flow.quantity is None or flow.direction is not Direction.INPUT:
        return []
    days = {
        Period.DAY: 1.0,
        Period.WEEK: constant(PLANNER, "days_a_week"),
        Period.MONTH: constant(PLANNER, "days_a_month"),
    }.get(flow.quantity.period, constant(PLANNER, "working_days"))
    people = round(flow.quantity.value.middle / days)
    work, home = columns.position_km[row], columns.destination_km[row]
    if people < 1 or np.isnan(work).any():
        return []
    place = None if np.isnan(home).any() else _point(home)
    return [Commuters(flow.site.name, _point(work), place, people, flow.row)]
