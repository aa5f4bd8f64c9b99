"""Second factors, links that open once, counted tries, known browsers, sessions of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from app.db.base import now
from app.db.tables import (
    ApiKey,
    KnownBrowser,
    Membership,
    OneTimeLink,
    RecoveryCode,
    SecondFactor,
    SignInTry,
    User,
    WebSession,
)
from app.db.visibility import VisibleSession


def wait_for_buckets(session: VisibleSession, buckets: Iterable[str]) -> None:
    """Let no other process count tries of these buckets until the transaction ends.

    SQLite needs nothing: its writers already come one after the other.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for bucket in sorted(buckets):
        session.execute(select(func.pg_advisory_xact_lock(int(bucket[:15], 16))))


def tries_since(session: VisibleSession, bucket: str, since: datetime) -> Sequence[datetime]:
    """Return the moments of the tries of a bucket, the oldest first."""
    statement = select(SignInTry.created_at).where(SignInTry.bucket == bucket, SignInTry.created_at > since)
    return session.scalars(statement.order_by(SignInTry.created_at)).all()


def forget_tries(session: VisibleSession, before: datetime) -> None:
    """Remove tries that no limit counts any more."""
    session.execute(delete(SignInTry).where(SignInTry.created_at <= before))


def take_back_tries(session: VisibleSession, ids: Sequence[str]) -> None:
    """Remove tries that turned out to be right."""
    session.execute(delete(SignInTry).where(SignInTry.id.in_(ids)))


def known_browser(
    session: VisibleSession, token_hash: str, user_id: str, at: datetime
) -> KnownBrowser | None:
    """Return a browser in which the person has signed in before."""
    statement = select(KnownBrowser).where(
        KnownBrowser.token_hash == token_hash, KnownBrowser.user_id == user_id, KnownBrowser.expires_at > at
    )
    return session.scalars(statement).first()


def forget_old_browsers(session: VisibleSession, at: datetime) -> None:
    """Remove browsers unused for long."""
    session.execute(delete(KnownBrowser).where(KnownBrowser.expires_at <= at))


def sessions_of(session: VisibleSession, user_id: str, at: datetime) -> Sequence[WebSession]:
    """Return the open sessions of a person, the latest first."""
    statement = select(WebSession).where(
        WebSession.user_id == user_id, WebSession.expires_at > at, WebSession.pending.is_(False)
    )
    return session.scalars(statement.order_by(WebSession.created_at.desc())).all()


def end_sessions_of(session: VisibleSession, user_id: str, *, but: str = "", only: str | None = None) -> None:
    """End the sessions of a person: all ``but`` the one with this hash, or the ``only`` one with this id."""
    statement = delete(WebSession).where(WebSession.user_id == user_id, WebSession.token_hash != but)
    if only is not None:
        statement = statement.where(WebSession.id == only)
    session.execute(statement)


def factor_of(session: VisibleSession, user_id: str, *, lock: bool = False) -> SecondFactor | None:
    """Return the second factor of a person, confirmed or not; ``lock``: nobody else may use it meanwhile."""
    statement = select(SecondFactor).where(SecondFactor.user_id == user_id)
    return session.scalars(statement.with_for_update() if lock else statement).first()


def forget_factor(session: VisibleSession, user_id: str) -> None:
    """Remove the second factor of a person and its recovery codes."""
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    forget_recovery_codes(session, user_id)


def forget_recovery_codes(session: VisibleSession, user_id: str) -> None:
    """Remove the recovery codes of a person."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def use_recovery_code(session: VisibleSession, user_id: str, code_hash: str) -> bool:
    """Remove a recovery code; tells whether there was one, so that each works once."""
    statement = delete(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash
    )
    return bool(session.execute(statement.returning(RecoveryCode.id)).all())


def count_recovery_codes(session: VisibleSession, user_id: str) -> int:
    """Return how many recovery codes a person has left."""
    statement = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return session.scalar(statement) or 0


def roles_of(session: VisibleSession, user_id: str) -> frozenset[str]:
    """Return what a person is in any territory."""
    return frozenset(session.scalars(select(Membership.role).where(Membership.user_id == user_id)))


def link(session: VisibleSession, purpose: str, token_hash: str, at: datetime) -> OneTimeLink | None:
    """Return a link that still opens something."""
    statement = select(OneTimeLink).where(
        OneTimeLink.purpose == purpose,
        OneTimeLink.token_hash == token_hash,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > at,
    )
    return session.scalars(statement).first()


def use_link(session: VisibleSession, row: OneTimeLink) -> bool:
    """Spend a link; tells whether it was still there to spend."""
    statement = (
        update(OneTimeLink)
        .where(OneTimeLink.id == row.id, OneTimeLink.used_at.is_(None))
        .values(used_at=now())
        .returning(OneTimeLink.id)
    )
    return bool(session.execute(statement).all())


def open_invitations(
    session: VisibleSession, at: datetime, territory_id: str | None = None, email: str | None = None
) -> Sequence[OneTimeLink]:
    """Return the invitations to a territory, or of an e-mail address, that nobody has used yet."""
    statement = select(OneTimeLink).where(
        OneTimeLink.purpose == "invitation", OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > at
    )
    if territory_id is not None:
        statement = statement.where(OneTimeLink.territory_id == territory_id)
    if email is not None:
        statement = statement.where(OneTimeLink.email == email)
    return session.scalars(statement.order_by(OneTimeLink.created_at)).all()


def forget_links(
    session: VisibleSession, *, purpose: str, email: str, territory_id: str | None = None
) -> None:
    """Remove former unused links of the same purpose: only the last one made opens anything."""
    statement = delete(OneTimeLink).where(
        OneTimeLink.purpose == purpose, OneTimeLink.email == email, OneTimeLink.used_at.is_(None)
    )
    if territory_id is not None:
        statement = statement.where(OneTimeLink.territory_id == territory_id)
    session.execute(statement)


def forget_old_links(session: VisibleSession, before: datetime) -> None:
    """Remove links that ended before a moment."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at <= before))


def keys_of(session: VisibleSession, user_id: str) -> Sequence[ApiKey]:
    """Return the keys of a person that were not revoked, the latest first."""
    statement = select(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    return session.scalars(statement.order_by(ApiKey.created_at.desc())).all()


def people_of(session: VisibleSession, territory_id: str) -> Sequence[tuple[User, Membership]]:
    """Return who has a place in a territory, by address."""
    statement = (
        select(User, Membership)
        .join_from(Membership, User, User.id == Membership.user_id)
        .where(Membership.territory_id == territory_id)
        .order_by(User.email)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def seat_of_person(session: VisibleSession, territory_id: str, seat_id: str) -> Membership | None:
    """Return the place of a person in a territory."""
    statement = select(Membership).where(
        Membership.id == seat_id, Membership.territory_id == territory_id, Membership.user_id.is_not(None)
    )
    return session.scalars(statement).first()


def user_by_openid(session: VisibleSession, subject: str) -> User | None:
    """Return the person of a provider's subject."""
    return session.scalars(select(User).where(User.openid_subject == subject)).first()


def forget_browsers_of(session: VisibleSession, user_id: str) -> None:
    """Remove the browsers a person is known in."""
    session.execute(delete(KnownBrowser).where(KnownBrowser.user_id == user_id))
