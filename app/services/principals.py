"""A principal from an account and its seats: where it may go, for whom it speaks, what is withheld."""

from __future__ import annotations

from collections.abc import Sequence

from app.db.principal import STAFF, AccountRole, Principal, Role
from app.db.visibility import VisibleSession
from app.repositories import accounts
from app.repositories.accounts import Seat


def principal_with(
    session: VisibleSession, subject: str, name: str, role: str, seats: Sequence[Seat]
) -> Principal:
    """Return the principal of an account.

    Parameters
    ----------
    session
        One that sees everything: seats and mandates are hidden from the one who is only being recognised.
    """
    staffed = frozenset(seat.territory_id for seat in seats if seat.role in STAFF)
    speaking = [seat for seat in seats if seat.role == Role.COMPANY and seat.company_id]
    return Principal(
        subject,
        name,
        AccountRole(role),
        staffed,
        frozenset(seat.territory_id for seat in seats if seat.role == Role.COORDINATOR),
        frozenset(seat.company_id for seat in speaking if seat.company_id),
        frozenset(seat.territory_id for seat in speaking),
        frozenset(seat.territory_id for seat in seats if seat.role == Role.OBSERVER),
        accounts.withheld_companies(session, staffed) if staffed else frozenset(),
    )
