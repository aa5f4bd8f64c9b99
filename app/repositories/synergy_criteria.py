"""What lists of synergies are narrowed to and sorted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db.spatial import Box, within_box
from app.db.tables import Site, Synergy, SynergyMember
from app.db.visibility import VisibleSession
from app.repositories.desk import ANY_DESK, DeskCriteria
from app.repositories.paging import Order
from app.repositories.synergy_places import Touched, touching, touching_seen


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a list of synergies is narrowed to; None leaves a criterion free."""

    territory_id: str | None = None
    kind: str | None = None
    form: str | None = None
    status: str | None = None
    resource: str | None = None
    min_score: float | None = None
    min_quantity: float | None = None
    site_id: str | None = None
    park_id: str | None = None
    flow_id: str | None = None
    box: Box | None = None
    site_ids: frozenset[str] | None = None
    stale: bool | None = None
    ids: frozenset[str] | None = None
    desk: DeskCriteria = ANY_DESK


SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "score": Synergy.score,
    "confidence": Synergy.confidence,
    "distance_km": Synergy.distance_km,
    "quantity_per_year": Synergy.quantity_per_year,
    "saving_eur_per_year": Synergy.saving_eur_per_year,
    "saving_tco2e_per_year": Synergy.saving_tco2e_per_year,
    "created_at": Synergy.created_at,
}
# Criteria that are a column and its value, and those that are a column and its least value.
EQUAL: dict[str, InstrumentedAttribute[Any]] = {
    "territory_id": Synergy.territory_id,
    "kind": Synergy.kind,
    "form": Synergy.form,
    "status": Synergy.status,
    "resource": Synergy.resource,
    "stale": Synergy.stale,
}
AT_LEAST: dict[str, InstrumentedAttribute[Any]] = {
    "min_score": Synergy.score,
    "min_quantity": Synergy.quantity_per_year,
}


def order_of(sort: str) -> Order:
    """Return the order of a name of ``SORTS``."""
    return Order(SORTS[sort.lstrip("-")], sort.startswith("-"))


def conditions(
    session: VisibleSession, criteria: Criteria, touched: Sequence[Touched] | None = None
) -> list[ColumnElement[bool]]:
    """Return what a list is narrowed to.

    Parameters
    ----------
    touched
        What ``places_touched`` has found, when that was asked before.
    """
    found = [
        narrowed(name, getattr(criteria, name))
        for name in (*EQUAL, *AT_LEAST, "flow_id")
        if getattr(criteria, name) is not None
    ]
    if criteria.ids is not None:
        found.append(Synergy.id.in_(sorted(criteria.ids)))
    at = places_touched(session, criteria) if touched is None else touched
    return [*found, *criteria.desk.conditions(), *(place.criterion(session) for place in at)]


def narrowed(name: str, value: Any) -> ColumnElement[bool]:
    """Return the criterion of a plain name: a value or a parameter that it equals, is at least, or is of."""
    criterion: ColumnElement[bool]
    if name in AT_LEAST:
        criterion = AT_LEAST[name] >= value
    elif name == "flow_id":
        members = select(SynergyMember.synergy_id).where(SynergyMember.flow_id == value)
        criterion = Synergy.id.in_(members)
    else:
        criterion = EQUAL[name] == value
    return criterion


def places_touched(session: VisibleSession, criteria: Criteria) -> list[Touched]:
    """Look at the sites that a synergy must touch, each by one of its members."""
    found = [touching(session, place, criteria.territory_id) for place in _places(session, criteria)]
    if criteria.site_ids is not None:
        found.append(touching_seen(session, criteria.site_ids, criteria.territory_id))
    return found


def _places(session: VisibleSession, criteria: Criteria) -> list[ColumnElement[bool]]:
    places: list[ColumnElement[bool]] = []
    if criteria.site_id is not None:
        places.append(Site.id == criteria.site_id)
    if criteria.park_id is not None:
        places.append(Site.park_id == criteria.park_id)
    if criteria.box is not None:
        places.append(within_box(session, criteria.box))
    return places
