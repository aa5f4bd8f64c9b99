"""People and keys: created, signed in, recognised."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import lru_cache

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM, AccountRole, Principal, Role
from app.db.tables import ApiKey, Company, Membership, Territory, User, WebSession
from app.db.tables.accounts import BROWSER_LENGTH
from app.db.visibility import VisibleSession
from app.errors import InvalidInputError, NotSignedInError
from app.repositories import accounts, recognition
from app.repositories.records import add, change, find
from app.services.keys import KEY_PREFIX as KEY_PREFIX
from app.services.keys import check_scope, note_use, within_scopes
from app.services.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, hashed, hasher, new_token
from app.services.principals import principal_with
from app.services.recent_access import Recent
from app.settings import Web
from matching.messages import N_, Message

PENDING_MINUTES = 10
# The scopes of a key with whom it lets in, and who is signed in.
_KEYS: Recent[tuple[str, Principal]] = Recent()
_PEOPLE: Recent[Principal] = Recent()
LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, as corrected


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
    address = check_address(email)
    check_password(password)
    user = User(
        email=address, name=name, password_hash=hasher(settings).hash(password), role=AccountRole(role).value
    )
    add(session, user)
    if territory is not None:
        join(session, territory, user)
    return user


def check_address(email: str) -> str:
    """Return an e-mail address as it is kept; ``InvalidInputError`` when it is none."""
    address = email.strip().lower()
    if "@" not in address.strip("@") or len(address) > LONGEST_ADDRESS or not address.isprintable():
        raise InvalidInputError.on("email", Message(N_("This is not an e-mail address.")))
    return address


def check_password(password: str) -> None:
    """Raise ``InvalidInputError`` when a password is too short, or longer than is read."""
    if len(password) < MINIMUM_LENGTH:
        text = N_("The password is too short: {count} characters at least.")
        raise InvalidInputError.on("password", Message(text, {"count": MINIMUM_LENGTH}))
    if len(password) > MAXIMUM_LENGTH:
        text = N_("The password is too long: {count} characters at most.")
        raise InvalidInputError.on("password", Message(text, {"count": MAXIMUM_LENGTH}))


def join(
    session: VisibleSession,
    territory: Territory,
    user: User,
    seat: Role = Role.COORDINATOR,
    company: Company | None = None,
) -> None:
    """Open a territory to a person, or change what they are there."""
    columns = seat_columns(territory, seat, company)
    present = accounts.seat_of(session, territory.id, "user_id", user.id)
    if present is None:
        add(session, Membership(**columns, user_id=user.id))
    else:
        change(session, present, columns)


def seat_columns(territory: Territory, seat: Role, company: Company | None) -> dict[str, str | None]:
    """Return the columns of a seat; ``InvalidInputError`` when a company's names none of the territory's."""
    if (seat is Role.COMPANY) != (company is not None) or (
        company is not None and company.territory_id != territory.id
    ):
        text = N_("A company's account names a company of the territory; the others name none.")
        raise InvalidInputError.on("company", Message(text))
    company_id = None if company is None else company.id
    return {"territory_id": territory.id, "role": seat.value, "company_id": company_id}


def create_key(
    session: VisibleSession,
    name: str,
    role: AccountRole,
    territory: Territory | None = None,
    days: float | None = None,
    seat: Role = Role.COORDINATOR,
    company: Company | None = None,
) -> str:
    """Create a key and return it: the only time it can be read.

    Parameters
    ----------
    days
        How long it holds; None for ever.
    seat, company
        What it is in the territory, and for which company if it speaks for one.
    """
    if role is AccountRole.MEMBER and territory is None:
        raise InvalidInputError.on("territory", Message(N_("A member's key needs a territory.")))
    token = new_token(KEY_PREFIX)
    expires_at = None if days is None else now() + timedelta(days=days)
    key = add(session, ApiKey(name=name, key_hash=hashed(token), role=role.value, expires_at=expires_at))
    if territory is not None:
        add(session, Membership(**seat_columns(territory, seat, company), api_key_id=key.id))
    return token


def principal_of_key(database: Database, token: str, *, changes: bool = False) -> Principal:
    """Return who holds a key, within the key's scopes.

    Parameters
    ----------
    changes
        Whether it is used to change something, which its scopes may not allow.

    Raises
    ------
    NotSignedInError
        When it is unknown, expired or revoked, or a person's who may not sign in any more.
    NotPermittedError
        When its scopes do not allow this.
    """
    at, secret = now(), hashed(token)
    known = _KEYS.of(database, secret, at)
    if known is not None:
        check_scope(known[0], changes)
        return known[1]
    mark = _KEYS.mark(database)
    found = recognition.key_holder(database, secret, at)
    if found is None:
        raise NotSignedInError
    key, places = found
    check_scope(key.scopes, changes)
    if key.user_id is not None and (key.user_role is None or key.disabled):
        raise NotSignedInError
    principal = principal_with(f"key:{key.key_id}", key.name, key.user_role or key.role, places)
    note_use(database, key.key_id, key.last_used_at, at)
    principal = within_scopes(principal, key.scopes)
    _KEYS.keep(database, secret, (key.scopes, principal), mark=mark, at=at)
    return principal


def principal_of_session(database: Database, token: str) -> Principal:
    """Return who is signed in; ``NotSignedInError`` when the session is unknown or over."""
    at, secret = now(), hashed(token)
    known = _PEOPLE.of(database, secret, at)
    if known is not None:
        return known
    mark = _PEOPLE.mark(database)
    found = recognition.person_signed_in(database, secret, at)
    if found is None:
        raise NotSignedInError
    user, places = found
    principal = principal_with(f"user:{user.user_id}", user.email, user.role, places)
    _PEOPLE.keep(database, secret, principal, mark=mark, at=at)
    return principal


def sign_in(database: Database, settings: Web, email: str, password: str) -> str:
    """Return the token of a new web session; ``NotSignedInError`` when the two do not go together."""
    user = authenticate(database, settings, email, password)
    with database.writing(SYSTEM) as session:
        return open_session(session, settings, user.id)


def authenticate(database: Database, settings: Web, email: str, password: str) -> User:
    """Return the person of an address and a password; ``NotSignedInError`` when they do not go together.

    A password hashed with other settings than the present ones is hashed anew.
    """
    with database.reading(SYSTEM) as session:
        user = accounts.user_by_email(session, email)
    # An unknown address takes as long as a wrong password: the answer's time must not tell them apart.
    stored = (user.password_hash if user else "") or _nobody(settings)
    right, renewed = hasher(settings).verify_and_update(password[:MAXIMUM_LENGTH], stored)
    if not right or user is None or user.disabled:
        raise NotSignedInError
    if renewed is not None:
        with database.writing(SYSTEM) as session:
            change(session, find(session, User, user.id), {"password_hash": renewed})
    return user


def open_session(
    session: VisibleSession, settings: Web, user_id: str, *, pending: bool = False, browser: str = ""
) -> str:
    """Return the token of a new web session.

    Parameters
    ----------
    pending
        Whether the second factor is still owed: such a session lasts ten minutes and opens nothing else.
    browser
        What the list of a person's sessions calls it.
    """
    token = new_token()
    accounts.end_expired_sessions(session, now())
    life = timedelta(minutes=PENDING_MINUTES) if pending else timedelta(hours=settings.session_hours)
    row = WebSession(
        token_hash=hashed(token), user_id=user_id, expires_at=now() + life, pending=pending,
        browser=browser[:BROWSER_LENGTH],
    )  # fmt: skip
    add(session, row)
    return token


def set_password(session: VisibleSession, settings: Web, user: User, password: str) -> None:
    """Give a person another password; ``InvalidInputError`` when it will not do."""
    check_password(password)
    change(session, user, {"password_hash": hasher(settings).hash(password)})


@lru_cache(maxsize=4)
def _nobody(settings: Web) -> str:
    return hasher(settings).hash(secrets.token_urlsafe())


def sign_out(database: Database, token: str) -> None:
    """End a web session."""
    with database.writing(SYSTEM) as session:
        accounts.end_session(session, hashed(token))
