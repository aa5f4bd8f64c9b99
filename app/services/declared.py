"""Stored flows as clients read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.db.tables import Flow, Site
from app.db.visibility import VisibleSession, principal_of
from app.repositories import flows
from app.services.declaring import fields_of
from matching import model

# What a neighbour reads of a flow shown to the territory: no price, no contact, nothing said freely.
TOLD = frozenset(
    {
        "direction",
        "kind",
        "label",
        "waste_code",
        "quantity",
        "unit",
        "period",
        "days_per_week",
        "months",
        "resource",
        "hazardous",
        "reliability",
    }
)


def shown(session: VisibleSession, rows: Sequence[Flow]) -> list[dict[str, Any]]:
    """Return stored flows with the fields of the flow table and the name of their site."""
    return shown_with(session, rows, flows.domain_of(session, rows))


def shown_with(
    session: VisibleSession, rows: Sequence[Flow], found: Sequence[model.Flow]
) -> list[dict[str, Any]]:
    """Return the same, for rows already turned into flows of the engine."""
    open_to_us = _told_whole(session, rows)
    return [
        (fields_of(flow) if row.site_id in open_to_us else _as_shown(fields_of(flow)))
        | {
            "id": row.id,
            "version": row.version,
            "territory_id": row.territory_id,
            "site_id": row.site_id,
            "site": flow.site.name,
            "level": row.level,
            "diagnostic_id": row.diagnostic_id if row.site_id in open_to_us else None,
            "row": row.row if row.site_id in open_to_us else None,
            "sheet": row.sheet if row.site_id in open_to_us else None,
        }
        for row, flow in zip(rows, found, strict=True)
    ]


def _told_whole(session: VisibleSession, rows: Sequence[Flow]) -> set[str]:
    """Return the sites whose flows the asker reads whole: its own, and as staff those of its territories."""
    principal = principal_of(session)
    if principal.is_system or all(row.territory_id in principal.territory_ids for row in rows):
        return {row.site_id for row in rows}
    staffed = {row.site_id for row in rows if row.territory_id in principal.territory_ids}
    sites = (session.get(Site, site_id) for site_id in {row.site_id for row in rows} - staffed)
    return staffed | {
        site.id for site in sites if site is not None and site.company_id in principal.company_ids
    }


def _as_shown(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a neighbour's flow without those that it tells nobody."""
    return {name: value if name in TOLD else _nothing_like(value) for name, value in fields.items()}


def _nothing_like(value: object) -> object:
    return "" if isinstance(value, str) else None
