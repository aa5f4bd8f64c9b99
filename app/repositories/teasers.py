"""Teasers as they are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from app.db.bulk import insert_rows
from app.db.tables import Company, Flow, Site, Teaser
from app.db.visibility import VisibleSession

TEASED = ("teaser", "territory", "public")


def last_made(session: VisibleSession, territory_id: str) -> datetime | None:
    """Return when the teasers of a territory were made last; None when there are none."""
    statement = select(func.max(Teaser.created_at)).where(Teaser.territory_id == territory_id)
    return session.scalars(statement).first()


def teased(session: VisibleSession, territory_id: str) -> dict[str, str]:
    """Return the company of each flow that may be teased; sites without a company have nobody to ask."""
    statement = (
        select(Flow.id, Site.company_id)
        .join(Site, Site.id == Flow.site_id)
        .join(Company, Company.id == Site.company_id)
        .where(Flow.territory_id == territory_id, Flow.level.in_(TEASED))
    )
    return {flow_id: company_id for flow_id, company_id in session.execute(statement) if company_id}


def take_turn(session: VisibleSession, territory_id: str) -> None:
    """Have those who write the teasers of a territory wait for each other; SQLite has one writer.

    Two who made them together would each remove the rows before and store theirs: every row would be doubled.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = func.hashtextextended(f"teasers {territory_id}", 0)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def replace_all(
    session: VisibleSession, territory_id: str, entries: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Store the teasers of a territory instead of those before."""
    session.execute(delete(Teaser).where(Teaser.territory_id == territory_id))
    owner = {"territory_id": territory_id, "created_at": at}
    insert_rows(session, Teaser, [{**entry, **owner} for entry in entries])


def forget_company(session: VisibleSession, territory_id: str, company_id: str) -> None:
    """Remove what is told of a company, once it takes a level back: the week is not waited for."""
    # Whoever read the level before it was taken back stores first.
    take_turn(session, territory_id)
    session.execute(delete(Teaser).where(Teaser.company_id == company_id))
