"""How much each territory holds, counted without reading any of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.db.tables import Company, Flow, Membership, Territory
from app.db.visibility import VisibleSession


def sizes(session: VisibleSession) -> list[tuple[Territory, int, int, int]]:
    """Return each territory with its numbers of members, companies and flows, by name."""
    members, companies, flows = (_counts(session, cls) for cls in (Membership, Company, Flow))
    found = session.scalars(select(Territory)).all()
    return [
        (row, members.get(row.id, 0), companies.get(row.id, 0), flows.get(row.id, 0))
        for row in sorted(found, key=lambda row: row.name.casefold())
    ]


def _counts(session: VisibleSession, cls: type[Any]) -> dict[str, int]:
    wanted = select(cls.territory_id, func.count(cls.id)).group_by(cls.territory_id)
    return {row[0]: row[1] for row in session.execute(wanted)}
