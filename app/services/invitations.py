"""Invitations: a coordinator opens a territory to an e-mail address, with a link that works once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.db.base import NAME_LENGTH, now
from app.db.engine import Database
from app.db.principal import SYSTEM, Role
from app.db.tables import Company, OneTimeLink, Territory, User
from app.db.visibility import VisibleSession, as_program, principal_of
from app.errors import ConflictError, InvalidInputError, MissingError, NotPermittedError
from app.repositories import accounts
from app.repositories import sign_in as rows
from app.repositories.records import add, find, find_or_none, refer, remove
from app.services import rate_limits
from app.services.accounts import check_address, create_user, join
from app.services.audit import record
from app.services.passwords import hashed, new_token
from app.services.sessions import Caller
from app.settings import Web
from matching.messages import N_, Message

PURPOSE = "invitation"
DAYS = 7
ROLES = {
    Role.COORDINATOR: N_("Coordinator"),
    Role.FACILITATOR: N_("Facilitator"),
    Role.COMPANY: N_("Company"),
    Role.OBSERVER: N_("Observer"),
}
ROLES_TOLD = {
    Role.COORDINATOR: N_("everything in this territory, and who enters it"),
    Role.FACILITATOR: N_("companies, flows and synergies of the territory"),
    Role.COMPANY: N_("its own flows, and those shown to it"),
    Role.OBSERVER: N_("totals alone"),
}


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation opens, and whether its address has an account already."""

    email: str
    territory: str
    role: Role
    has_account: bool


def invite(
    session: VisibleSession, territory: Territory, email: str, role: Role, company_id: str | None = None
) -> str:
    """Return the token of a link that opens a territory for a week, a former one of the same address void.

    Raises
    ------
    NotPermittedError
        Unless the principal coordinates the territory, or is the program.
    InvalidInputError
        When the address is none, or a company's invitation names no company of the territory.
    """
    check_may_invite(session, territory.id)
    address = check_address(email)
    if (role is Role.COMPANY) != bool(company_id):
        raise InvalidInputError.on("company", Message(N_("Choose the company this account speaks for.")))
    if company_id:
        refer(session, Company, company_id, "company", territory.id)
    token, at = new_token(), now()
    author = principal_of(session)
    with as_program(session):
        rows.forget_links(session, purpose=PURPOSE, email=address, territory_id=territory.id)
        rows.forget_old_links(session, at - timedelta(days=30))
        row = OneTimeLink(
            purpose=PURPOSE, token_hash=hashed(token), email=address, territory_id=territory.id,
            role=role.value, company_id=company_id or None, author=author.name,
            expires_at=at + timedelta(days=DAYS),
        )  # fmt: skip
        add(session, row)
    record(session, "invitation_made", territory.id, object_kind="invitation", object_id=row.id)
    return token


def made(session: VisibleSession, token: str) -> OneTimeLink:
    """Return the invitation of a token that was just made; ``MissingError`` when it does not hold."""
    with as_program(session):
        return _held(session, token)[0]


def check_may_invite(session: VisibleSession, territory_id: str) -> None:
    """Raise ``NotPermittedError`` unless the principal decides who enters a territory."""
    asker = principal_of(session)
    if not asker.coordinates(territory_id):
        raise NotPermittedError


def withdraw(session: VisibleSession, territory: Territory, invitation_id: str) -> None:
    """Take an invitation back; ``MissingError`` when there is none of this territory."""
    check_may_invite(session, territory.id)
    with as_program(session):
        row = find(session, OneTimeLink, invitation_id)
        if row.purpose != PURPOSE or row.territory_id != territory.id:
            raise MissingError
        remove(session, row)
    record(session, "invitation_withdrawn", territory.id, object_kind="invitation", object_id=invitation_id)


def path_of(token: str) -> str:
    """Return the address of an invitation on this server."""
    return f"/invitation/{token}"


def read(database: Database, token: str, caller: Caller) -> Invited:
    """Return what an invitation opens; ``MissingError`` when it does not hold (any more)."""
    taken = rate_limits.take(database, {rate_limits.LINK_FROM_ADDRESS: rate_limits.network(caller.address)})
    with database.reading(SYSTEM) as session:
        row, territory = _held(session, token)
        known = accounts.user_by_email(session, row.email) is not None
    rate_limits.give_back(database, taken)
    return Invited(row.email, territory.name, Role(row.role), known)


def accept(database: Database, settings: Web, token: str, name: str, password: str) -> User:
    """Create the account that was invited and open the territory to it.

    Raises
    ------
    MissingError
        When the invitation does not hold (any more).
    ConflictError
        When the address has an account: its person accepts once signed in.
    InvalidInputError
        When the password will not do: the invitation still holds then.
    """
    with database.writing(SYSTEM) as session:
        row, _ = _held(session, token)
        if accounts.user_by_email(session, row.email) is not None:
            raise ConflictError(Message(N_("This address has an account already: sign in to accept.")))
        user = create_user(session, settings, row.email, password, name=name.strip()[:NAME_LENGTH])
        _seat(session, row, user)
        return user


def accept_signed_in(database: Database, token: str, user_id: str) -> None:
    """Open the territory to somebody signed in; ``MissingError`` when the invitation is not theirs."""
    with database.writing(SYSTEM) as session:
        row, _ = _held(session, token)
        user = accounts.user_by_id(session, user_id)
        if user is None or user.email != row.email:
            raise MissingError
        _seat(session, row, user)


def accept_all_of(session: VisibleSession, user: User) -> int:
    """Open to somebody, whose address a provider vouches for, every territory it is invited to."""
    found = rows.open_invitations(session, now(), email=user.email)
    for row in found:
        _seat(session, row, user)
    return len(found)


def _held(session: VisibleSession, token: str) -> tuple[OneTimeLink, Territory]:
    row = rows.link(session, PURPOSE, hashed(token), now())
    territory = find_or_none(session, Territory, row.territory_id or "") if row is not None else None
    if row is None or territory is None:
        raise MissingError
    return row, territory


def _seat(session: VisibleSession, row: OneTimeLink, user: User) -> None:
    if not rows.use_link(session, row):
        raise MissingError
    territory = find(session, Territory, row.territory_id or "")
    company = None if row.company_id is None else find(session, Company, row.company_id)
    join(session, territory, user, Role(row.role), company)
    record(session, "invitation_accepted", territory.id, object_kind="user", object_id=user.id)
