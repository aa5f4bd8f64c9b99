"""Introductions as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update

from app.db.tables import Introduction
from app.db.visibility import VisibleSession

STANDING = ("requested", "accepted")


def expire(session: VisibleSession, territory_id: str, at: datetime) -> None:
    """Write down that the requests of a territory whose month is over have expired."""
    overdue = (
        Introduction.territory_id == territory_id,
        Introduction.status == "requested",
        Introduction.expires_at <= at,
    )
    session.execute(update(Introduction).where(*overdue).values(status="expired"))


def standing_of(session: VisibleSession, company_id: str) -> Sequence[Introduction]:
    """Return the requests and meetings of a company that hold."""
    either = or_(Introduction.asking_company_id == company_id, Introduction.asked_company_id == company_id)
    statement = select(Introduction).where(either, Introduction.status.in_(STANDING))
    return session.scalars(statement).all()


def involving(
    session: VisibleSession, company_ids: Iterable[str], territory_ids: Iterable[str]
) -> Sequence[Introduction]:
    """Return the introductions of some companies, and all those of some territories, the newest first."""
    own = sorted(company_ids)
    statement = select(Introduction).where(
        or_(
            Introduction.asking_company_id.in_(own),
            Introduction.asked_company_id.in_(own),
            Introduction.territory_id.in_(sorted(territory_ids)),
        )
    )
    return session.scalars(statement.order_by(Introduction.created_at.desc(), Introduction.id)).all()
