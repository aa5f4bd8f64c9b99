"""A principal from an account and its seats: where it may go, for whom it speaks, what is withheld."""

from __future__ import annotations

from app.db.principal import STAFF, AccountRole, Principal, Role
from app.repositories.recognition import Places


def principal_with(subject: str, name: str, role: str, places: Places) -> Principal:
    """Return the principal of an account that has some places."""
    seats = places.seats
    speaking = [seat for seat in seats if seat.role == Role.COMPANY and seat.company_id]
    return Principal(
        subject,
        name,
        AccountRole(role),
        frozenset(seat.territory_id for seat in seats if seat.role in STAFF),
        frozenset(seat.territory_id for seat in seats if seat.role == Role.COORDINATOR),
        frozenset(seat.company_id for seat in speaking if seat.company_id),
        frozenset(seat.territory_id for seat in speaking),
        frozenset(seat.territory_id for seat in seats if seat.role == Role.OBSERVER),
        places.withheld,
    )
