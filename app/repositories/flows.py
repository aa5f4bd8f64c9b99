"""Flows to the domain and back; what was declared is kept as it was declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from app.db.prepared import Plain, Prepared, PreparedByKey, columns_of, split
from app.db.tables import Company, Flow, Park, Site, Territory
from app.db.tables.flows import RANGES
from app.db.visibility import VisibleSession
from app.errors import MissingError
from app.repositories import sites
from matching import model

# Columns that the row and the domain hold alike.
SAME = (
    "label",
    "waste_code",
    "comment",
    "resource",
    "hazardous",
    "state",
    "dimensions",
    "available_from",
    "available_until",
    "min_lot",
    "capacity",
    "storage_max",
    "destination",
    "weekdays",
    "contract_end",
    "due_date",
    "contact",
    "visibility",
    "collected_on",
    "source",
    "row",
    "sheet",
)


# What the domain is made of: plain columns are read faster than whole rows.
READ = tuple(
    column.name
    for column in Flow.__table__.columns
    if column.name
    not in ("created_at", "updated_at", "confirmed_at", "version", "territory_id", "diagnostic_id")
)


def to_domain(row: Any, site: model.Site) -> model.Flow:
    """Return a flow row, or the columns ``READ`` of one, as the engine knows it."""
    alike: dict[str, Any] = {name: getattr(row, name) for name in SAME}
    alike |= {name: _range(row, name) for name in RANGES if name != "quantity"}
    return model.Flow(
        site=site,
        direction=model.Direction(row.direction),
        kind=model.Kind(row.kind),
        quantity=_quantity(row),
        months=frozenset(int(month) for month in row.months.split(",") if month),
        legal_status=model.LegalStatus(row.legal_status) if row.legal_status else None,
        reliability=model.Reliability(row.reliability),
        flow_id=row.id,
        **alike,
    )


def _range(row: Any, name: str) -> model.Range | None:
    low, high = getattr(row, f"{name}_low"), getattr(row, f"{name}_high")
    return None if low is None or high is None else model.Range(low, high)


def _quantity(row: Any) -> model.Quantity | None:
    value = _range(row, "quantity")
    if value is None:
        return None
    return model.Quantity(value, row.unit, model.Period(row.period), row.days_per_week)


def to_columns(flow: model.Flow) -> dict[str, Any]:
    """Return the columns of ``flow``, without its site and its identifier."""
    quantity = flow.quantity
    columns: dict[str, Any] = {name: getattr(flow, name) for name in SAME}
    columns |= {
        "direction": flow.direction.value,
        "kind": flow.kind.value,
        "unit": quantity.unit if quantity else "",
        "period": quantity.period.value if quantity else "",
        "days_per_week": quantity.days_per_week if quantity else None,
        "months": ",".join(str(month) for month in sorted(flow.months)),
        "legal_status": flow.legal_status.value if flow.legal_status else "",
        "reliability": int(flow.reliability),
    }
    for name in RANGES:
        value = (quantity.value if quantity else None) if name == "quantity" else getattr(flow, name)
        columns[f"{name}_low"] = value.low if value else None
        columns[f"{name}_high"] = value.high if value else None
    return columns


# As plain rows: the library's own take twice as long to make of 100,000 flows.
_OF_TERRITORY = Prepared(
    lambda dialect: (
        select(*(getattr(Flow, name) for name in READ))
        .where(Flow.territory_id == bindparam("territory_id", ""))
        .order_by(Flow.id)
    ),
    anew=True,
)


def of_territory(session: VisibleSession, territory_id: str) -> list[model.Flow]:
    """Return all flows of a territory."""
    places = sites.of_territory(session, territory_id)
    rows = _OF_TERRITORY.rows(session, territory_id=territory_id)
    return [to_domain(row, places[row.site_id]) for row in rows]


def domain_of(session: VisibleSession, rows: Sequence[Flow]) -> list[model.Flow]:
    """Return some flows with their sites."""
    places = sites.named(session, sorted({row.site_id for row in rows}))
    return [to_domain(row, places[row.site_id]) for row in rows]


def _only(cls: type[Any], names: Sequence[str]) -> Plain:
    return Plain(cls, without=frozenset(column.key for column in columns_of(cls)) - frozenset(names))


class Placed(NamedTuple):
    """The columns of a flow, of its site and of its territory, and the flow as the engine knows it."""

    row: Any
    site: Any
    territory: Any
    flow: model.Flow


_flow, _site, _territory = Plain(Flow), Plain(Site, without=frozenset({"location"})), Plain(Territory)
_flow_read, _site_read = _only(Flow, READ), _only(Site, sites.READ)


def _with_places(*columns: Any) -> Select[Any]:
    return (
        select(*columns, Company.name.label("company"), Park.name.label("park"))
        .select_from(Flow)
        .join(Site, Site.id == Flow.site_id)
        .outerjoin(Company, Company.id == Site.company_id)
        .outerjoin(Park, Park.id == Site.park_id)
    )


_PLACED = PreparedByKey(
    lambda: _with_places(*_flow.columns, *_site.columns, *_territory.columns).join(
        Territory, Territory.id == Flow.territory_id
    ),
    Flow.id,
)
_NAMED = PreparedByKey(lambda: _with_places(*_flow_read.columns, *_site_read.columns), Flow.id)


def placed(session: VisibleSession, flow_ids: Sequence[str]) -> list[Placed]:
    """Return the flows of these identifiers that the principal sees, with their places, in one statement."""
    found = []
    for read in _PLACED.rows(session, flow_ids):
        row, site, territory, (company, park) = split(read, _flow, _site, _territory)
        place = sites.to_domain(site, company or "", park or "")
        found.append(Placed(row, site, territory, to_domain(row, place)))
    return found


def named(session: VisibleSession, flow_ids: Sequence[str]) -> list[model.Flow]:
    """Return the flows of these identifiers that the principal sees, as the engine knows them, unordered."""
    found = []
    for read in _NAMED.rows(session, flow_ids):
        row, site, (company, park) = split(read, _flow_read, _site_read)
        found.append(to_domain(row, sites.to_domain(site, company or "", park or "")))
    return found


def find_placed(session: VisibleSession, flow_id: str) -> Placed:
    """Return a flow with its place, held by the session; ``MissingError`` when the principal sees none."""
    found = placed(session, [flow_id])
    if not found:
        raise MissingError
    session.keep_plain(Flow, found[0].row)
    session.keep_plain(Site, found[0].site)
    return found[0]


def of_diagnostic(session: VisibleSession, diagnostic_id: str) -> list[Flow]:
    """Return the flow rows of a diagnostic, in the order they were declared."""
    statement = select(Flow).where(Flow.diagnostic_id == diagnostic_id)
    return list(session.scalars(statement.order_by(Flow.created_at, Flow.id)))
