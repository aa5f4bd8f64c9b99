"""People and keys: created, signed in, recognised."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import lru_cache

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Principal
from app.db.tables import ApiKey, Membership, Territory, User, WebSession
from app.db.visibility import VisibleSession
from app.errors import InvalidInputError, NotSignedInError
from app.repositories import accounts
from app.repositories.records import add
from app.services.passwords import MINIMUM_LENGTH, hashed, hasher, new_token
from app.settings import Web
from matching.messages import N_, Message

KEY_PREFIX = "efx_"


def create_user(
    session: VisibleSession,
    settings: Web,
    email: str,
    password: str,
    role: AccountRole = AccountRole.MEMBER,
    territory: Territory | None = None,
    name: str = "",
) -> User:
    """Create somebody who can sign in; ``InvalidInputError`` when the address or the password will not do."""
    address = email.strip().lower()
    if "@" not in address.strip("@"):
        raise InvalidInputError.on("email", Message(N_("This is not an e-mail address.")))
    check_password(password)
    user = User(
        email=address, name=name, password_hash=hasher(settings).hash(password), role=AccountRole(role).value
    )
    add(session, user)
    if territory is not None:
        join(session, territory, user)
    return user


def check_password(password: str) -> None:
    """Raise ``InvalidInputError`` when a password is too short."""
    if len(password) < MINIMUM_LENGTH:
        text = N_("The password is too short: {count} characters at least.")
        raise InvalidInputError.on("password", Message(text, {"count": MINIMUM_LENGTH}))


def join(session: VisibleSession, territory: Territory, user: User) -> None:
    """Open a territory to a person."""
    if accounts.member_of(session, territory, user) is None:
        add(session, Membership(territory_id=territory.id, user_id=user.id))


def create_key(
    session: VisibleSession,
    name: str,
    role: AccountRole,
    territory: Territory | None = None,
    days: float | None = None,
) -> str:
    """Create a key and return it: the only time it can be read.

    Parameters
    ----------
    days
        How long it holds; None for ever.
    """
    if role is AccountRole.MEMBER and territory is None:
        raise InvalidInputError.on("territory", Message(N_("A member's key needs a territory.")))
    token = new_token(KEY_PREFIX)
    expires_at = None if days is None else now() + timedelta(days=days)
    key = add(session, ApiKey(name=name, key_hash=hashed(token), role=role.value, expires_at=expires_at))
    if territory is not None:
        add(session, Membership(territory_id=territory.id, api_key_id=key.id))
    return token


def principal_of_key(database: Database, token: str) -> Principal:
    """Return who holds a key; ``NotSignedInError`` when it is unknown, expired or revoked."""
    with database.reading(SYSTEM) as session:
        holder = accounts.holder_of_key(session, hashed(token), now())
        if holder is None:
            raise NotSignedInError
        key_id, name, role, territories = holder
        return Principal(f"key:{key_id}", name, AccountRole(role), territories)


def principal_of_session(database: Database, token: str) -> Principal:
    """Return who is signed in; ``NotSignedInError`` when the session is unknown or over."""
    with database.reading(SYSTEM) as session:
        user = accounts.user_of_session(session, hashed(token), now())
        if user is None:
            raise NotSignedInError
        territories = accounts.territories_of_user(session, user.id)
        return Principal(f"user:{user.id}", user.email, AccountRole(user.role), territories)


def sign_in(database: Database, settings: Web, email: str, password: str) -> str:
    """Return the token of a new web session; ``NotSignedInError`` when the two do not go together."""
    with database.reading(SYSTEM) as session:
        user = accounts.user_by_email(session, email)
    # An unknown address takes as long as a wrong password: the answer's time must not tell them apart.
    stored = user.password_hash if user else _nobody(settings)
    if not hasher(settings).verify(password, stored) or user is None or user.disabled:
        raise NotSignedInError
    token = new_token()
    with database.writing(SYSTEM) as session:
        accounts.end_expired_sessions(session, now())
        expires_at = now() + timedelta(hours=settings.session_hours)
        add(session, WebSession(token_hash=hashed(token), user_id=user.id, expires_at=expires_at))
    return token


@lru_cache(maxsize=4)
def _nobody(settings: Web) -> str:
    return hasher(settings).hash(secrets.token_urlsafe())


def sign_out(database: Database, token: str) -> None:
    """End a web session."""
    with database.writing(SYSTEM) as session:
        accounts.end_session(session, hashed(token))
