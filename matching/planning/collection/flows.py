"""Joint collections in a flow table: what neighbours give away alike, taken to who can use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.amounts import Amounts
from matching.catalogue.model import Catalogue
from matching.columns import FlowColumns
from matching.criteria.distance import road_km
from matching.errors import UnknownResourceError
from matching.messages import N_, Message
from matching.mutualisation.grouping import find_groups
from matching.parameters import MatchParameters
from matching.planning.collection.destination import Destination, destination_of
from matching.planning.collection.fleet import loads_of, season_weeks
from matching.planning.collection.keeping import classes_apart
from matching.planning.collection.lots import Lot, lots_of
from matching.planning.collection.problem import MAX_STOPS, CollectionProblem, Floats, Vehicle
from matching.planning.constants import constant, sourced
from matching.planning.plan import InfeasiblePlanError

FORM, PALLET = "joint_collection", "palette"


@dataclass(frozen=True, slots=True)
class _Bundle:
    rows: tuple[int, ...]
    resources: dict[int, str]


def problem_from_flows(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    *,
    resource: str | None = None,
    max_km: float | None = None,
    destination: Destination | None = None,
    vehicles: Sequence[Vehicle] | None = None,
    resale_eur: float | None = None,
) -> tuple[CollectionProblem, ...]:
    """Return the joint collections that a flow table holds, the largest groups first.

    Parameters
    ----------
    resource
        A catalogue id: only what is it or below it, ordinary and hazardous planned together in vehicles of
        their own. None: each group of the engine that gives away the same thing.
    max_km
        Widest road distance between two members; None for the resource's own reach.
    destination
        Where vehicles start and unload; None for the nearest site of the table that can take most of it, or
        a collector's yard at an assumed distance.
    vehicles, resale_eur
        In place of the default fleet, and of the price of a used pallet.

    Raises
    ------
    UnknownResourceError
        If the catalogue does not hold ``resource``.
    InfeasiblePlanError
        If no two sites near each other give away the same thing with a quantity.
    """
    if resource is not None and resource not in catalogue.resources:
        raise UnknownResourceError(
            Message(N_("The catalogue has no resource “{resource}”."), {"resource": resource})
        )
    found = []
    for bundle in _bundles(columns, catalogue, resource, max_km):
        problem = _problem(columns, catalogue, amounts, bundle, destination, vehicles, resale_eur)
        if problem is not None:
            found.append(problem)
    if not found:
        raise InfeasiblePlanError(
            Message(
                N_("No two sites near each other give away the same thing with a yearly quantity: widen the "
                   "distance, or fill in quantities.")
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda p: (-len(p.stops), -sum(s.yearly for s in p.stops), str(p.title))))


def _bundles(
    columns: FlowColumns, catalogue: Catalogue, resource: str | None, max_km: float | None
) -> list[_Bundle]:
    groups = [
        g for g in find_groups(columns, catalogue, MatchParameters(max_km=max_km)) if g.form.name == FORM
    ]
    bundles = [_Bundle(g.rows, dict(zip(g.rows, g.resources, strict=True))) for g in groups]
    if resource is None:
        return bundles
    merged: list[_Bundle] = []
    for bundle in bundles:
        rows = tuple(r for r in bundle.rows if resource in catalogue.lineage(bundle.resources[r]))
        if rows:
            _merge(merged, _Bundle(rows, bundle.resources), columns, max_km)
    return merged


def _merge(merged: list[_Bundle], bundle: _Bundle, columns: FlowColumns, max_km: float | None) -> None:
    """Add a bundle to the first whose centre is within a round's reach."""
    reach = constant("collection", "merge_km") if max_km is None else max_km
    for k, other in enumerate(merged):
        if float(road_km(_centre(columns, other.rows), _centre(columns, bundle.rows))) <= reach:
            rows = tuple(sorted({*other.rows, *bundle.rows}))
            merged[k] = _Bundle(rows, {**bundle.resources, **other.resources})
            return
    merged.append(bundle)


def _centre(columns: FlowColumns, rows: Sequence[int]) -> Floats:
    return np.asarray(columns.position_km[list(rows)].mean(axis=0))


def _problem(
    columns: FlowColumns,
    catalogue: Catalogue,
    amounts: Amounts,
    bundle: _Bundle,
    destination: Destination | None,
    vehicles: Sequence[Vehicle] | None,
    resale_eur: float | None,
) -> CollectionProblem | None:
    lots, unit, missing = lots_of(columns, catalogue, amounts, bundle.rows, bundle.resources)
    kept_resources = sorted({bundle.resources[row] for lot in lots for row in lot.rows})
    fleet, told = loads_of(unit, kept_resources, catalogue)
    if len({int(columns.site[lot.rows[0]]) for lot in lots}) < 2 or not (vehicles or fleet):
        return None
    lots = sorted(lots, key=lambda lot: -lot.stop.yearly)[:MAX_STOPS]
    rows = [row for lot in lots for row in lot.rows]
    goal = destination or destination_of(columns, catalogue, amounts, rows, bundle.resources)
    distance = _distances(columns, lots, goal)
    name = _covering_resource([bundle.resources[row] for row in rows], catalogue)
    resale = _resale(unit) if resale_eur is None else resale_eur
    return CollectionProblem(
        title=catalogue.resources[name].name,
        unit=unit,
        depot=goal.depot,
        stops=[lot.stop for lot in lots],
        vehicles=tuple(vehicles or fleet),
        distance_km=distance,
        duration_h=distance / constant("collection", "speed_kmh"),
        apart=classes_apart(),
        resale_eur=resale,
        weeks_per_year=season_weeks(columns, rows),
        resource=name,
        assumptions=(
            *goal.assumptions,
            *told,
            *(
                ()
                if vehicles
                else (Message(N_("Costs and room of the vehicles: own estimates, 2025 and 2026.")),)
            ),
            *(
                (
                    Message(
                        N_("Resale: {figure}."), {"figure": sourced("collection")["resale_eur_palette"].note}
                    ),
                )
                if resale_eur is None and resale
                else ()
            ),
        ),
        missing=missing,
    )


def _covering_resource(resources: Sequence[str], catalogue: Catalogue) -> str:
    """Return the nearest resource that covers all of them, the commonest one where they share no branch."""
    shared = [
        ancestor
        for ancestor in catalogue.lineage(resources[0])
        if all(ancestor in catalogue.lineage(other) for other in resources)
    ]
    commonest = Counter(resources)
    return shared[0] if shared else min(commonest, key=lambda name: (-commonest[name], name))


def _resale(unit: str) -> float:
    return constant("collection", "resale_eur_palette") if unit == PALLET else 0.0


def _distances(columns: FlowColumns, lots: Sequence[Lot], goal: Destination) -> Floats:
    """Return road km between the depot and the lots, shape (n + 1, n + 1)."""
    places = columns.position_km[[lot.rows[0] for lot in lots]]
    between = road_km(places[:, None, :], places[None, :, :])
    if goal.position_km is None:
        from_depot = np.full(len(lots), constant("collection", "depot_km"))
    else:
        from_depot = road_km(np.array(goal.position_km)[None, :], places)
    matrix = np.zeros((len(lots) + 1, len(lots) + 1))
    matrix[1:, 1:] = between
    matrix[0, 1:] = matrix[1:, 0] = from_depot
    return matrix
