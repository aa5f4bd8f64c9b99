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


def key_by_hash(session: VisibleSession, key_hash: str, at: datetime) -> ApiKey | None:
    """Return the key of this hash if it holds ``at`` that moment."""
    valid = ApiKey.revoked_at.is_(None) & (ApiKey.expires_at.is_(None) | (ApiKey.expires_at > at))
    return session.scalars(select(ApiKey).where(ApiKey.key_hash == key_hash, valid)).first()


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


def territories_of_key(session: VisibleSession, key_id: str) -> frozenset[str]:
    """Return the territories a key may enter."""
    return frozenset(session.scalars(select(Membership.territory_id).where(Membership.api_key_id == key_id)))


def keys(session: VisibleSession) -> Sequence[ApiKey]:
    """Return every key, the oldest first."""
    return session.scalars(select(ApiKey).order_by(ApiKey.created_at)).all()


def member_of(session: VisibleSession, territory: Territory, user: User) -> Membership | None:
    """Return the membership of a person in a territory."""
    statement = select(Membership).where(
        Membership.territory_id == territory.id, Membership.user_id == user.id
    )
    return session.scalars(statement).first()
