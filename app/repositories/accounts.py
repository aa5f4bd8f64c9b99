"""People, keys, sessions and what they may enter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select

from app.db.tables import ApiKey, Company, Membership, User, WebSession
from app.db.visibility import VisibleSession


class Seat(NamedTuple):
    """What somebody is in a territory."""

    territory_id: str
    role: str
    company_id: str | None


SEAT = (Membership.territory_id, Membership.role, Membership.company_id)


def user_by_email(session: VisibleSession, email: str) -> User | None:
    """Return the person of an e-mail address (kept in lower case)."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).first()


def user_by_id(session: VisibleSession, user_id: str) -> User | None:
    """Return the person of an identifier."""
    return session.scalars(select(User).where(User.id == user_id)).first()


def holder_of_key(session: VisibleSession, key_hash: str, at: datetime) -> tuple[ApiKey, list[Seat]] | None:
    """Return a key that holds ``at`` that moment, and its seats."""
    valid = ApiKey.revoked_at.is_(None) & (ApiKey.expires_at.is_(None) | (ApiKey.expires_at > at))
    statement = (
        select(ApiKey, *SEAT)
        .join_from(ApiKey, Membership, (Membership.api_key_id == ApiKey.id) & held(at), isouter=True)
        .where(ApiKey.key_hash == key_hash, valid)
    )
    found = session.execute(statement).all()
    if not found:
        return None
    return found[0][0], [Seat(*row[1:]) for row in found if row[1]]


def user_of_session(
    session: VisibleSession, token_hash: str, at: datetime, *, pending: bool = False
) -> User | None:
    """Return the person of a web session that holds ``at`` that moment.

    Parameters
    ----------
    pending
        Whether the session still owes the second factor: one that does opens nothing else.
    """
    statement = (
        select(User)
        .join_from(WebSession, User, User.id == WebSession.user_id)
        .where(
            WebSession.token_hash == token_hash,
            WebSession.expires_at > at,
            WebSession.pending.is_(pending),
            User.disabled.is_(False),
        )
    )
    return session.scalars(statement).first()


def end_session(session: VisibleSession, token_hash: str) -> None:
    """Forget a web session."""
    session.execute(delete(WebSession).where(WebSession.token_hash == token_hash))


def end_expired_sessions(session: VisibleSession, at: datetime) -> None:
    """Forget the sessions that ended before ``at``."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= at))


def held(at: datetime) -> ColumnElement[bool]:
    """Say that a seat has not ended ``at`` that moment."""
    return Membership.expires_at.is_(None) | (Membership.expires_at > at)


def withheld_companies(session: VisibleSession, territory_ids: Iterable[str]) -> frozenset[str]:
    """Return the companies of some territories that let their staff read nothing of theirs."""
    among = Company.territory_id.in_(sorted(territory_ids))
    return frozenset(session.scalars(select(Company.id).where(among, Company.withheld)))


def keys(session: VisibleSession) -> Sequence[ApiKey]:
    """Return every key, the oldest first."""
    return session.scalars(select(ApiKey).order_by(ApiKey.created_at)).all()


def seat_of(session: VisibleSession, territory_id: str, holder: str, holder_id: str) -> Membership | None:
    """Return the seat of a person (``user_id``) or of a key (``api_key_id``) in a territory."""
    whose = getattr(Membership, holder) == holder_id
    statement = select(Membership).where(Membership.territory_id == territory_id, whose)
    return session.scalars(statement).first()
