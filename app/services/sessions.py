"""Signing in step by step: the password, counted; the second factor where one is due; the session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import KnownBrowser, User
from app.db.visibility import VisibleSession
from app.errors import NotSignedInError
from app.repositories import accounts
from app.repositories import sign_in as rows
from app.repositories.records import add
from app.services import rate_limits, second_factor
from app.services.accounts import authenticate, open_session
from app.services.passwords import hashed, new_token
from app.settings import Web

KNOWN_DAYS = 180


@dataclass(frozen=True, slots=True)
class Caller:
    """Who knocks: from which address, in what browser, with which proof of having been here before."""

    address: str
    browser: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """The token of a session; ``pending`` while the second factor is owed.

    ``known`` is what the browser keeps to be recognised next time; empty when it has it already.
    """

    token: str
    pending: bool
    known: str = ""


def with_password(database: Database, settings: Web, email: str, password: str, caller: Caller) -> Entered:
    """Open a session for an address and a password.

    Raises
    ------
    NotSignedInError
        When the two do not go together.
    TooManyTriesError
        After ten wrong ones in a quarter of an hour, for this account or from this address. In a browser
        where the person has signed in before, only what is tried there counts: strangers lock nobody out.
    """
    taken = rate_limits.take(database, _limits(database, email, caller))
    user = authenticate(database, settings, email, password)
    rate_limits.give_back(database, taken)
    return enter(database, settings, user, caller)


def check_own_password(database: Database, settings: Web, email: str, password: str) -> None:
    """Check the password of somebody signed in, counted as at the door; ``NotSignedInError`` when wrong."""
    taken = rate_limits.take(database, {rate_limits.PASSWORD_IN_BROWSER: f"signed-in:{email}"})
    authenticate(database, settings, email, password)
    rate_limits.give_back(database, taken)


def _limits(database: Database, email: str, caller: Caller) -> dict[rate_limits.Limit, str]:
    account = email.strip().lower()
    if caller.known:
        with database.reading(SYSTEM) as session:
            user = accounts.user_by_email(session, account)
            if user is not None and rows.known_browser(session, hashed(caller.known), user.id, now()):
                return {rate_limits.PASSWORD_IN_BROWSER: hashed(caller.known)}
    return {
        rate_limits.PASSWORD_OF_ACCOUNT: account,
        rate_limits.PASSWORD_FROM_ADDRESS: rate_limits.network(caller.address),
    }


def enter(database: Database, settings: Web, user: User, caller: Caller) -> Entered:
    """Open the session of somebody who has shown who they are; pending when a second factor is due."""
    with database.writing(SYSTEM) as session:
        factor = rows.factor_of(session, user.id)
        due = factor is not None and factor.confirmed_at is not None
        if not due and second_factor.is_required(session, settings, user):
            second_factor.begin(session, user.id)
            due = True
        if due:
            return Entered(open_session(session, settings, user.id, pending=True), pending=True)
        return _whole(session, settings, user, caller)


def pending_user(database: Database, token: str) -> User:
    """Return who owes the second factor; ``NotSignedInError`` when nobody does, or for too long."""
    with database.reading(SYSTEM) as session:
        user = accounts.user_of_session(session, hashed(token), now(), pending=True) if token else None
    if user is None:
        raise NotSignedInError
    return user


def finish(database: Database, settings: Web, pending: str, caller: Caller) -> Entered:
    """Turn a pending session into a whole one, once the second factor was given."""
    with database.writing(SYSTEM) as session:
        user = accounts.user_of_session(session, hashed(pending), now(), pending=True)
        if user is None:
            raise NotSignedInError
        accounts.end_session(session, hashed(pending))
        return _whole(session, settings, user, caller)


def _whole(session: VisibleSession, settings: Web, user: User, caller: Caller) -> Entered:
    token, at = open_session(session, settings, user.id, browser=caller.browser), now()
    rows.forget_old_browsers(session, at)
    if caller.known and rows.known_browser(session, hashed(caller.known), user.id, at):
        return Entered(token, pending=False)
    known = new_token()
    until = at + timedelta(days=KNOWN_DAYS)
    add(session, KnownBrowser(user_id=user.id, token_hash=hashed(known), expires_at=until))
    return Entered(token, pending=False, known=known)
