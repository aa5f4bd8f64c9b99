"""A new password through a link that works once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from app.db.base import now
from app.db.engine import Database
from app.db.principal import SYSTEM
from app.db.tables import OneTimeLink
from app.db.visibility import VisibleSession
from app.errors import MissingError
from app.repositories import accounts
from app.repositories import sign_in as rows
from app.repositories.records import add
from app.services import mail, rate_limits
from app.services.accounts import set_password
from app.services.audit import record
from app.services.passwords import hashed, new_token
from app.services.sessions import Caller
from app.settings import Settings, Web
from app.translations import gettext
from matching.messages import N_

PURPOSE = "reset"
BY_MAIL_HOURS = 1.0
BY_HAND_HOURS = 24.0
SUBJECT = N_("A new password for Entreflux")
TEXT = N_(
    "Somebody, you no doubt, asked for a new password for {email} on Entreflux.\n\n"
    "Choose it here within an hour: {link}\n\n"
    "If you asked for nothing, do nothing: your password stays as it is."
)


def make_link(session: VisibleSession, email: str, hours: float = BY_HAND_HOURS) -> str:
    """Return the token of a link that sets a person's password, former ones void.

    Raises
    ------
    MissingError
        When nobody signs in with this address.
    """
    user = accounts.user_by_email(session, email)
    if user is None or user.disabled:
        raise MissingError
    rows.forget_links(session, purpose=PURPOSE, email=user.email)
    rows.forget_old_links(session, now() - timedelta(days=30))
    token = new_token()
    until = now() + timedelta(hours=hours)
    row = OneTimeLink(purpose=PURPOSE, token_hash=hashed(token), email=user.email, expires_at=until)
    add(session, row)
    return token


def ask(
    database: Database, settings: Settings, email: str, caller: Caller, language: str
) -> Callable[[], None]:
    """Return what sends the link, to run once the answer has left: neither words nor time tell who exists.

    Raises
    ------
    TooManyTriesError
        After a few requests for one address, or from one.
    """
    wanted = {
        rate_limits.RESET_OF_ACCOUNT: email.strip().lower(),
        rate_limits.RESET_FROM_ADDRESS: rate_limits.network(caller.address),
    }
    rate_limits.take(database, wanted)

    def run() -> None:
        if not mail.can_send(settings):
            return
        try:
            with database.writing(SYSTEM) as session:
                token = make_link(session, email, BY_MAIL_HOURS)
        except MissingError:
            return
        to = email.strip().lower()
        link = f"{settings.web.public_url.rstrip('/')}{path_of(token)}"
        text = gettext(TEXT, language, email=to, link=link)
        mail.send_or_log(settings.mail, to, gettext(SUBJECT, language), text)

    return run


def path_of(token: str) -> str:
    """Return the address of a link on this server."""
    return f"/mot-de-passe/{token}"


def email_of(database: Database, token: str, caller: Caller) -> str:
    """Return whose password a link sets; ``MissingError`` when it does not hold (any more)."""
    taken = rate_limits.take(database, {rate_limits.LINK_FROM_ADDRESS: rate_limits.network(caller.address)})
    with database.reading(SYSTEM) as session:
        found = rows.link(session, PURPOSE, hashed(token), now())
    if found is None:
        raise MissingError
    rate_limits.give_back(database, taken)
    return found.email


def use(database: Database, settings: Web, token: str, password: str) -> str:
    """Set the password, end every session of the person, spend the link; returns the e-mail address.

    Raises
    ------
    MissingError
        When the link does not hold (any more).
    InvalidInputError
        When the password will not do: the link still holds then.
    """
    with database.writing(SYSTEM) as session:
        found = rows.link(session, PURPOSE, hashed(token), now())
        user = accounts.user_by_email(session, found.email) if found else None
        if found is None or user is None or user.disabled:
            raise MissingError
        set_password(session, settings, user, password)
        if not rows.use_link(session, found):
            raise MissingError
        rows.end_sessions_of(session, user.id)
        rows.forget_browsers_of(session, user.id)
        record(session, "password_reset", None, object_kind="user", object_id=user.id)
        return user.email
