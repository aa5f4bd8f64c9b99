"""Charters, mandates and grants as they are stored."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from sqlalchemy import delete, exists, select

from app.db.bulk import insert_rows
from app.db.tables import Charter, Company, Flow, Grant, Mandate, Plan, Site
from app.db.visibility import VisibleSession


def newest_charter(session: VisibleSession, territory_id: str) -> Charter | None:
    """Return the last version of a territory's charter."""
    statement = select(Charter).where(Charter.territory_id == territory_id).order_by(Charter.number.desc())
    return session.scalars(statement.limit(1)).first()


def companies_never_asked(session: VisibleSession, territory_id: str) -> list[str]:
    """Return the companies of a territory that have no mandate, not even one taken back."""
    asked = exists().where(Mandate.company_id == Company.id, Mandate.territory_id == territory_id)
    statement = select(Company.id).where(Company.territory_id == territory_id, ~asked, ~Company.withheld)
    return list(session.scalars(statement))


def add_mandates(
    session: VisibleSession,
    territory_id: str,
    company_ids: Sequence[str],
    charter_number: int,
    origin: str,
    author: str,
) -> None:
    """Store one mandate for each company."""
    given = {
        "territory_id": territory_id,
        "charter_number": charter_number,
        "origin": origin,
        "author": author,
        "revoked_by": "",
    }
    insert_rows(session, Mandate, [{**given, "company_id": company_id} for company_id in company_ids])


def mandates_in_force(session: VisibleSession, company_id: str) -> Sequence[Mandate]:
    """Return the mandates of a company that were not taken back."""
    statement = select(Mandate).where(Mandate.company_id == company_id, Mandate.revoked_at.is_(None))
    return session.scalars(statement).all()


def grants_in_force(session: VisibleSession, flow_id: str, to_company_id: str | None) -> Sequence[Grant]:
    """Return the grants of a flow, to everyone or to one company, that were not taken back."""
    same = Grant.to_company_id.is_(None) if to_company_id is None else Grant.to_company_id == to_company_id
    statement = select(Grant).where(Grant.flow_id == flow_id, same, Grant.revoked_at.is_(None))
    return session.scalars(statement).all()


def delete_plans_naming(session: VisibleSession, company: Company) -> None:
    """Delete the stored plans of a territory that name a site or a flow of a company."""
    sites = select(Site.id, Site.name).where(Site.company_id == company.id)
    named = {text for row in session.execute(sites) for text in row}
    flows = select(Flow.id).join(Site, Site.id == Flow.site_id).where(Site.company_id == company.id)
    named |= set(session.scalars(flows))
    # As the texts stand in JSON, where only quotes and controls are written otherwise.
    wanted = [orjson.dumps(text).decode()[1:-1] for text in named if text]
    naming = []
    for plan in session.scalars(select(Plan).where(Plan.territory_id == company.territory_id)):
        said = orjson.dumps([plan.documents, plan.request]).decode()
        if any(text in said for text in wanted):
            naming.append(plan.id)
    if naming:
        session.execute(delete(Plan).where(Plan.id.in_(naming)))
