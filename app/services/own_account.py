"""What somebody signed in may do with their own account: password, second factor, sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.db.base import now
from app.db.engine import Database
from app.db.principal import Principal
from app.db.tables import ApiKey, User, WebSession
from app.db.visibility import VisibleSession, as_program
from app.errors import InvalidInputError, MissingError, NotSignedInError
from app.repositories import accounts
from app.repositories import sign_in as rows
from app.services import second_factor, sessions
from app.services.accounts import set_password
from app.services.audit import record
from app.services.passwords import hashed
from app.settings import Web
from matching.messages import N_, Message

USER = "user:"


@dataclass(frozen=True, slots=True)
class Own:
    """An account as its person sees it."""

    user: User
    has_password: bool
    has_factor: bool
    factor_required: bool
    recovery_codes: int
    sessions: Sequence[WebSession]
    keys: Sequence[ApiKey]


def user_id_of(principal: Principal) -> str:
    """Return the person behind a principal; ``MissingError`` when it is a key."""
    if not principal.subject.startswith(USER):
        raise MissingError
    return principal.subject.removeprefix(USER)


def read(session: VisibleSession, settings: Web, principal: Principal) -> Own:
    """Return the principal's own account."""
    user_id = user_id_of(principal)
    with as_program(session):
        user = accounts.user_by_id(session, user_id)
        if user is None:
            raise MissingError
        factor = rows.factor_of(session, user_id)
        return Own(
            user,
            bool(user.password_hash),
            factor is not None and factor.confirmed_at is not None,
            second_factor.is_required(session, settings, user),
            rows.count_recovery_codes(session, user_id),
            rows.sessions_of(session, user_id, now()),
            rows.keys_of(session, user_id),
        )


def check_it_is_you(database: Database, settings: Web, principal: Principal, password: str) -> None:
    """Ask for the password again before something weighty; ``InvalidInputError`` on ``present`` when wrong.

    Somebody who signs in at a provider has none to give: the session is then all there is.
    """
    with database.reading(principal) as session:
        if not read(session, settings, principal).has_password:
            return
    try:
        sessions.check_own_password(database, settings, principal.name, password)
    except NotSignedInError:
        message = Message(N_("This is not your present password."))
        raise InvalidInputError.on("present", message) from None


def change_password(
    session: VisibleSession, settings: Web, principal: Principal, token: str, new: str
) -> None:
    """Set the principal's password and end its other sessions; ``token`` is the present one's."""
    user_id = user_id_of(principal)
    with as_program(session):
        user = accounts.user_by_id(session, user_id)
        if user is None:
            raise MissingError
        set_password(session, settings, user, new)
        rows.end_sessions_of(session, user_id, but=hashed(token))
        rows.forget_browsers_of(session, user_id)
    record(session, "password_changed", None, object_kind="user", object_id=user_id)


def end_sessions(session: VisibleSession, principal: Principal, token: str, only: str | None = None) -> None:
    """End one session of the principal, or all but the present one."""
    with as_program(session):
        rows.end_sessions_of(session, user_id_of(principal), but=hashed(token), only=only)


def begin_factor(session: VisibleSession, principal: Principal) -> None:
    """Draw the secret of a second factor, to be confirmed with a first code."""
    with as_program(session):
        second_factor.begin(session, user_id_of(principal))


def note_factor(session: VisibleSession, principal: Principal) -> None:
    """Write down that a second factor was turned on."""
    record(session, "second_factor_on", None, object_kind="user", object_id=user_id_of(principal))


def drop_factor(session: VisibleSession, principal: Principal) -> None:
    """Turn the second factor off, recovery codes included."""
    with as_program(session):
        rows.forget_factor(session, user_id_of(principal))
    record(session, "second_factor_off", None, object_kind="user", object_id=user_id_of(principal))
