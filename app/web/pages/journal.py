"""The journal: who read or changed what, for a company about itself, for the staff about their territory."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from app.db.tables import AuditEntry, Company
from app.repositories.audit import newest
from app.repositories.records import rows_of
from app.web.journal_words import CHOICES, OBJECTS, OPERATIONS, told
from app.web.search import whole
from app.web.trust_words import ROLE_NAMES
from app.web.visit import Visit, VisitOf

router = APIRouter()
HERE = "/journal"
ENTRIES = 50
# Where an object has a page of its own, for staff and for companies.
PAGES = {"flow": "/flux/{id}"}
STAFF_PAGES = PAGES | {"synergy": "/synergies/{id}", "site": "/entreprises/{id}", "plan": "/plans/{id}"}


@router.get(HERE)
def show(visit: VisitOf, entreprise: str = "", action: str = "", apres: str = "") -> Response:
    """Show the newest entries that the visitor may read, one page after the other."""
    companies = _companies(visit)
    query = {
        "entreprise": entreprise if entreprise in companies else "",
        "action": action if action in CHOICES else "",
    }
    found = newest(
        visit.session,
        ENTRIES + 1,
        visit.territory.id,
        query["entreprise"] or None,
        whole(apres),
        OPERATIONS.get(query["action"]),
    )
    shown = found[:ENTRIES]
    return visit.page(
        "journal.html",
        here=HERE,
        entries=[_told(visit, row, companies) for row in shown],
        companies=companies,
        choices=CHOICES,
        query=query,
        next=str(shown[-1].id) if len(found) > ENTRIES else None,
        after=apres,
    )


def _companies(visit: Visit) -> dict[str, str]:
    """Return the names of the companies whose entries the visitor reads, by identifier."""
    found = rows_of(visit.session, Company, territory_id=visit.territory.id)
    if not visit.principal.is_staff_of(visit.territory.id):
        found = [row for row in found if row.id in visit.principal.company_ids]
    return {row.id: row.name for row in sorted(found, key=lambda row: row.name.casefold())}


def _told(visit: Visit, row: AuditEntry, companies: dict[str, str]) -> dict[str, Any]:
    staff = visit.principal.is_staff_of(visit.territory.id)
    # What is about a company that one does not see has no page to go to.
    known = row.company_id is None or row.company_id in companies
    address = (STAFF_PAGES if staff else PAGES).get(row.object_kind, "") if known else ""
    return {
        "at": row.at,
        "name": row.name,
        "role": ROLE_NAMES.get(row.role, row.role),
        "own": row.subject == visit.principal.subject,
        "action": told(row.action, visit.language),
        "company": companies.get(row.company_id or "", ""),
        "whole": row.company_id is None,
        "object": OBJECTS.get(row.object_kind, ""),
        "said": row.object_id if row.object_kind == "reason" else "",
        "address": address.format(id=row.object_id) if address and row.object_id else "",
    }
