"""Who has a place in a territory, as its coordinators see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db.base import now
from app.db.principal import Role
from app.db.tables import Company, Membership, OneTimeLink, User
from app.db.visibility import VisibleSession, as_program
from app.repositories import sign_in as rows
from app.repositories.records import rows_of


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a place in a territory, which ``id`` names; a company without mandate is not named."""

    id: str
    email: str
    name: str
    role: Role
    company_id: str | None
    company: str
    until: datetime | None
    disabled: bool


def of_territory(session: VisibleSession, territory_id: str) -> list[Person]:
    """Return the people of a territory, by address."""
    named = companies(session, territory_id)
    with as_program(session):
        return [_person(user, seat, named) for user, seat in rows.people_of(session, territory_id)]


def _person(user: User, seat: Membership, named: Mapping[str, str]) -> Person:
    company_id = seat.company_id if seat.company_id in named else None
    return Person(
        id=seat.id,
        email=user.email,
        name=user.name,
        role=Role(seat.role),
        company_id=company_id,
        company=named.get(company_id or "", ""),
        until=seat.expires_at,
        disabled=user.disabled,
    )


def invited(session: VisibleSession, territory_id: str) -> Sequence[OneTimeLink]:
    """Return the invitations to a territory that nobody has accepted yet, the oldest first."""
    with as_program(session):
        return rows.open_invitations(session, now(), territory_id)


def companies(session: VisibleSession, territory_id: str) -> dict[str, str]:
    """Return the names of a territory's companies by identifier; those without mandate are left out."""
    found = rows_of(session, Company, territory_id=territory_id)
    return {row.id: row.name for row in sorted(found, key=lambda row: row.name.casefold())}
