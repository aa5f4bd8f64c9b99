"""People, keys, sessions and what they may enter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.db.tables import ApiKey, Membership, Territory, User, WebSession
from app.db.visibility import VisibleSession


def user_by_email(session: VisibleSession, email: str) -> User | None:
    """Return the person of an e-mail address (kept in lower case)."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).first()


def holder_of_key(
    session: VisibleSession, key_hash: str, at: datetime
) -> tuple[str, str, str, frozenset[str]] | None:
    """Return the identifier, name, role and territories of a key that holds ``at`` that moment."""
    valid = ApiKey.revoked_at.is_(None) & (ApiKey.expires_at.is_(None) | (ApiKey.expires_at > at))
    statement = (
        select(ApiKey.id, ApiKey.name, ApiKey.role, Membership.territory_id)
        .join_from(ApiKey, Membership, Membership.api_key_id == ApiKey.id, isouter=True)
        .where(ApiKey.key_hash == key_hash, valid)
    )
    found = session.execute(statement).all()
    if not found:
        return None
    return found[0][0], found[0][1], found[0][2], frozenset(row[3] for row in found if row[3])


def user_of_session(session: VisibleSession, token_hash: str, at: datetime) -> User | None:
    """Return the person of a web session that holds ``at`` that moment."""
    statement = (
        select(User)
        .join_from(WebSession, User, User.id == WebSession.user_id)
        .where(WebSession.token_hash == token_hash, WebSession.expires_at > at, User.disabled.is_(False))
    )
    return session.scalars(statement).first()


def end_session(session: VisibleSession, token_hash: str) -> None:
    """Forget a web session."""
    session.execute(delete(WebSession).where(WebSession.token_hash == token_hash))


def end_expired_sessions(session: VisibleSession, at: datetime) -> None:
    """Forget the sessions that ended before ``at``."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= at))


def territories_of_user(session: VisibleSession, user_id: str) -> frozenset[str]:
    """Return the territories a person may enter."""
    return frozenset(session.scalars(select(Membership.territory_id).where(Membership.user_id == user_id)))


def keys(session: VisibleSession) -> Sequence[ApiKey]:
    """Return every key, the oldest first."""
    return session.scalars(select(ApiKey).order_by(ApiKey.created_at)).all()


def member_of(session: VisibleSession, territory: Territory, user: User) -> Membership | None:
    """Return the membership of a person in a territory."""
    statement = select(Membership).where(
        Membership.territory_id == territory.id, Membership.user_id == user.id
    )
    return session.scalars(statement).first()
