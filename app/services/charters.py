"""What everybody of a territory may read of its charter, and where each company stands with its mandate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.db.tables import Charter, Company, Mandate
from app.db.visibility import VisibleSession, as_program, principal_of
from app.errors import MissingError
from app.repositories.records import rows_of
from app.services.consent import Origin

SIGNED, RECORDED, NONE = "signe", "note", "aucun"


@dataclass(frozen=True, slots=True)
class Standing:
    """A company and the mandate that holds, None when there is none."""

    company: Company
    mandate: Mandate | None

    @property
    def state(self) -> str:
        """Where the company stands: it signed, the staff wrote it down, or there is nothing."""
        if self.mandate is None:
            return NONE
        return SIGNED if self.mandate.origin == Origin.SIGNED else RECORDED


def versions(session: VisibleSession, territory_id: str) -> Sequence[Charter]:
    """Return the versions of a territory's charter, the newest first, for whoever has a place there.

    Raises
    ------
    MissingError
        If the asker has no place in the territory.
    """
    if not principal_of(session).may_enter(territory_id):
        raise MissingError
    with as_program(session):
        found = rows_of(session, Charter, territory_id=territory_id)
    return sorted(found, key=lambda row: row.number, reverse=True)


def standings(session: VisibleSession, territory_id: str) -> list[Standing]:
    """Return where each company that the asker sees stands, by name: the staff's, or one's own."""
    companies = rows_of(session, Company, territory_id=territory_id)
    held = {
        row.company_id: row
        for row in rows_of(session, Mandate, territory_id=territory_id)
        if row.revoked_at is None
    }
    ordered = sorted(companies, key=lambda row: row.name.casefold())
    return [Standing(row, held.get(row.id)) for row in ordered]


def count_withheld(session: VisibleSession, territory_id: str) -> int:
    """Return how many companies of a territory have taken their mandate back; who they are is not told."""
    if not principal_of(session).is_staff_of(territory_id):
        raise MissingError
    with as_program(session):
        return len(rows_of(session, Company, territory_id=territory_id, withheld=True))
