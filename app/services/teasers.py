"""Teasers: what strangers of a territory may browse, made once a week from cells, families and classes.

A group of flows is told when three companies other than the reader's stand in it and none of them holds more
than 85 % of the quantity told; else it is joined with its neighbours in a wider cell, and told nowhere if
that fails too. What was told in a narrow cell is left out of the wide one: no subtraction uncovers anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import Site, Teaser
from app.db.visibility import VisibleSession, as_program, principal_of
from app.repositories import flows as flow_rows
from app.repositories import teasers as rows
from app.repositories.records import rows_of
from app.services.blind import family_name, family_of
from app.services.classes import CELL_KM, ValueClass, cell_of_site, class_of, distance_class
from app.services.disclosure import FEWEST_COMPANIES, may_tell
from geo.cells import Cell, centre_of
from matching.engine import default_engine
from matching.model import Flow
from matching.units import canonical_per_year

# Sides of cells in units of the narrowest: 5, 10, 25 and 50 km.
WIDTHS = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Group:
    """Flows told together."""

    cell: Cell
    width: int
    direction: str
    family: str
    quantity: ValueClass | None
    unit: str
    months: tuple[int, ...]

    def shown(self, language: str, home: Cell | None) -> dict[str, Any]:
        """Return what is told of the group to somebody whose own cell is ``home``."""
        middle = self.cell[0] * self.width + self.width // 2, self.cell[1] * self.width + self.width // 2
        lon, lat = centre_of(middle, CELL_KM)
        far = distance_class(home, middle)
        return {
            "cell_km": CELL_KM * self.width,
            "lon": round(lon, 3),
            "lat": round(lat, 3),
            "direction": self.direction,
            "family": self.family,
            "family_name": family_name(self.family, language),
            "quantity_class": None if self.quantity is None else self.quantity.label.in_language(language),
            "unit": self.unit,
            "months": list(self.months),
            "distance_class": None if far is None else far.label.in_language(language),
        }


def refresh(database: Database, territory_id: str) -> None:
    """Make the teasers of a territory again, unless they are of this week."""
    with database.reading(SYSTEM) as session:
        last = rows.last_made(session, territory_id)
        if last is None and not rows.teased(session, territory_id):
            return
    if _is_of_this_week(last):
        return
    with database.writing(SYSTEM) as session:
        rows.take_turn(session, territory_id)
        # Another process may have made them while this one waited.
        if not _is_of_this_week(rows.last_made(session, territory_id)):
            rebuild(session, territory_id)


def _is_of_this_week(moment: datetime | None) -> bool:
    return moment is not None and moment.isocalendar()[:2] == now().isocalendar()[:2]


def rebuild(session: VisibleSession, territory_id: str) -> None:
    """Make the teasers of a territory from the flows that may be teased, in the program's session."""
    rows.take_turn(session, territory_id)
    levels = rows.teased(session, territory_id)
    declared = [flow for flow in flow_rows.of_territory(session, territory_id) if flow.flow_id in levels]
    made = {key: values for flow in declared for key, values in _entry(flow, levels[flow.flow_id])}
    rows.replace_all(session, territory_id, list(made.values()), now())


def _entry(flow: Flow, company_id: str) -> Iterable[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield one entry a company, cell, direction, family and class: twice the same is told once."""
    cell = cell_of_site(flow.site.lon, flow.site.lat)
    readings = default_engine().classifier.classify_text(flow.label, flow.direction, flow.kind, 1)
    family = family_of(readings[0].resource) if readings else ""
    if cell is None or not family:
        return
    known = canonical_per_year(flow)
    quantity = None if known is None else known.per_year
    number = -1 if quantity is None else class_of("quantity", quantity).number
    values = {
        "company_id": company_id,
        "cell_x": cell[0],
        "cell_y": cell[1],
        "direction": flow.direction.value,
        "family": family,
        "quantity_class": number,
        "months": sum(1 << (month - 1) for month in flow.active_months),
        "quantity": quantity,
        "unit": "" if known is None else known.unit,
    }
    yield (company_id, cell, flow.direction, family, number, values["unit"]), values


def told(session: VisibleSession, territory_id: str) -> list[Group]:
    """Return the groups that the asker may be told of: its own companies count for nothing in them."""
    own = principal_of(session).company_ids
    with as_program(session):
        entries = [
            row for row in rows_of(session, Teaser, territory_id=territory_id) if row.company_id not in own
        ]
    found: list[Group] = []
    for width in WIDTHS:
        groups: dict[tuple[Any, ...], list[Teaser]] = {}
        for row in entries:
            key = (row.cell_x // width, row.cell_y // width, row.direction, row.family)
            groups.setdefault(key, []).append(row)
        safe = {key: members for key, members in groups.items() if _is_safe(members)}
        found += [_group(key, width, members) for key, members in safe.items()]
        shown = {row.id for members in safe.values() for row in members}
        entries = [row for row in entries if row.id not in shown]
    return sorted(found, key=lambda one: (one.family, one.direction, one.width, one.cell))


def _is_safe(members: Sequence[Teaser]) -> bool:
    if len({row.company_id for row in members}) < FEWEST_COMPANIES:
        return False
    return all(
        may_tell(((company_id,), quantity) for company_id, quantity in sums.items())
        for sums in _told_sums(members).values()
    )


def _told_sums(members: Sequence[Teaser]) -> Mapping[str, Mapping[str, float]]:
    """Return the sums that may be told: three companies give one in that unit."""
    return {unit: by for unit, by in _sums(members).items() if len(by) >= FEWEST_COMPANIES}


def _sums(members: Sequence[Teaser]) -> Mapping[str, Mapping[str, float]]:
    """Return the quantity of each company by unit."""
    found: dict[str, dict[str, float]] = {}
    for row in members:
        if row.quantity is not None:
            by_company = found.setdefault(row.unit, {})
            by_company[row.company_id] = by_company.get(row.company_id, 0.0) + row.quantity
    return found


def _group(key: tuple[Any, ...], width: int, members: Sequence[Teaser]) -> Group:
    x, y, direction, family = key
    enough = _told_sums(members)
    unit = max(enough, key=lambda one: (len(enough[one]), one), default="")
    quantity = class_of("quantity", sum(enough[unit].values())) if unit else None
    months = tuple(
        month
        for month in range(1, 13)
        if len({row.company_id for row in members if row.months >> (month - 1) & 1}) >= FEWEST_COMPANIES
    )
    return Group((x, y), width, direction, family, quantity, unit, months)


def home_cell(session: VisibleSession) -> Cell | None:
    """Return the cell of the asker's first site, from which distances are told."""
    for company_id in sorted(principal_of(session).company_ids):
        for site in rows_of(session, Site, company_id=company_id):
            cell = cell_of_site(site.lon, site.lat)
            if cell is not None:
                return cell
    return None
