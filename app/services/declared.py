"""Stored flows as clients read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.db.tables import Flow
from app.db.visibility import VisibleSession
from app.repositories import flows
from app.services.declaring import fields_of


def shown(session: VisibleSession, rows: Sequence[Flow]) -> list[dict[str, Any]]:
    """Return stored flows with the fields of the flow table and the name of their site."""
    found = flows.domain_of(session, rows)
    return [
        fields_of(flow)
        | {
            "id": row.id,
            "version": row.version,
            "territory_id": row.territory_id,
            "site_id": row.site_id,
            "site": flow.site.name,
            "diagnostic_id": row.diagnostic_id,
            "row": row.row,
            "sheet": row.sheet,
        }
        for row, flow in zip(rows, found, strict=True)
    ]
