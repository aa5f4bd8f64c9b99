"""What a company has agreed to: the charter's versions, its mandate to the staff, the level of each flow."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from app.db.base import now
from app.db.tables import Charter, Company, Flow, Grant, Mandate, Site, Territory
from app.db.visibility import VisibleSession, as_program, principal_of
from app.errors import InvalidInputError, MissingError, NotPermittedError
from app.repositories import consent as rows
from app.repositories import teasers
from app.repositories.records import add, change, find, refer, rows_of
from app.services import withholding
from app.services.audit import record
from matching.messages import N_, Message

NOTHING_WRITTEN = Message(N_("Write the charter first."))


class Level(StrEnum):
    """Who is shown a flow, from its own company alone to everybody."""

    PRIVATE = "private"
    TEASER = "teaser"
    TERRITORY = "territory"
    PUBLIC = "public"


class Origin(StrEnum):
    """How a mandate came: entered by the staff with a company's flows, or signed."""

    IMPORT = "import"
    DIAGNOSTIC = "diagnostic"
    ENTERED = "entered"
    SIGNED = "signed"


def charter_in_force(session: VisibleSession, territory_id: str) -> Charter | None:
    """Return the newest version of a territory's charter."""
    return rows.newest_charter(session, territory_id)


def publish_charter(session: VisibleSession, territory_id: str, body: str) -> Charter:
    """Add a version of the charter (coordinators); what was agreed under older ones keeps their number."""
    territory = find(session, Territory, territory_id)
    if not principal_of(session).coordinates(territory.id):
        raise NotPermittedError
    if not body.strip():
        raise InvalidInputError.on("body", NOTHING_WRITTEN)
    last = charter_in_force(session, territory.id)
    number = 1 if last is None else last.number + 1
    author = principal_of(session).name
    return add(session, Charter(territory_id=territory.id, number=number, body=body.strip(), author=author))


def record_missing_mandates(session: VisibleSession, territory_id: str, origin: Origin) -> None:
    """Record the mandate of each company that the staff have entered and that had none.

    A company that took its mandate back has one row that says so: only the company gives it again.
    """
    company_ids = rows.companies_never_asked(session, territory_id)
    if not company_ids:
        return
    number = _charter_number(session, territory_id)
    author = principal_of(session).name
    rows.add_mandates(session, territory_id, company_ids, number, origin.value, author)


def _charter_number(session: VisibleSession, territory_id: str) -> int:
    charter = charter_in_force(session, territory_id)
    return 0 if charter is None else charter.number


def mandates_of(session: VisibleSession, company_id: str) -> Sequence[Mandate]:
    """Return the mandates of a company, the oldest first, those taken back included."""
    find(session, Company, company_id)
    return rows_of(session, Mandate, company_id=company_id)


def give_mandate(session: VisibleSession, company_id: str) -> Mandate:
    """Record that a company signs: said by itself, or by a coordinator who holds the paper."""
    company = _own_company(session, company_id)
    author = principal_of(session).name
    with as_program(session):
        for row in rows.mandates_in_force(session, company_id):
            change(session, row, {"revoked_at": now(), "revoked_by": author})
        change(session, company, {"withheld": False})
        given = Mandate(
            territory_id=company.territory_id,
            company_id=company.id,
            charter_number=_charter_number(session, company.territory_id),
            origin=Origin.SIGNED.value,
            author=author,
        )
        add(session, given)
    record(session, "mandate_given", company.territory_id, company.id, "mandate", given.id)
    return given


def withdraw_mandate(session: VisibleSession, company_id: str) -> None:
    """Take a mandate back: from now on the staff read nothing of the company, plans and imports included.

    Its flows stay, and the engine still counts them: others see that somebody could, never who.
    """
    company = _own_company(session, company_id)
    author = principal_of(session).name
    with as_program(session):
        for row in rows.mandates_in_force(session, company_id):
            change(session, row, {"revoked_at": now(), "revoked_by": author})
        change(session, company, {"withheld": True})
        rows.delete_plans_naming(session, company)
        withholding.forget_in_files(session, company.territory_id, company.id)
    record(session, "mandate_withdrawn", company.territory_id, company.id, "company", company.id)


def _own_company(session: VisibleSession, company_id: str) -> Company:
    """Return a company that the asker speaks or decides for; ``MissingError`` when it is told of none."""
    principal = principal_of(session)
    with as_program(session):
        company = find(session, Company, company_id)
    if company.id in principal.company_ids or principal.coordinates(company.territory_id):
        return company
    # Seen without speaking for it: staff, or a neighbour that is shown its flows.
    find(session, Company, company_id)
    raise NotPermittedError


def set_level(session: VisibleSession, flow_id: str, level: Level, to_company_id: str | None = None) -> Grant:
    """Give a flow a level for everyone, or show it to one company; what was given before to the same ends.

    By the flow's own company, or by the staff under its mandate.
    """
    flow = own_flow(session, flow_id)
    if to_company_id is not None and level not in (Level.TERRITORY, Level.PRIVATE):
        text = N_("One company is shown a flow (“territory”) or not (“private”).")
        raise InvalidInputError.on("level", Message(text))
    author = principal_of(session).name
    with as_program(session):
        if to_company_id is not None:
            refer(session, Company, to_company_id, "to_company_id", flow.territory_id)
        for row in rows.grants_in_force(session, flow_id, to_company_id):
            change(session, row, {"revoked_at": now(), "revoked_by": author})
        granted = Grant(
            territory_id=flow.territory_id,
            flow_id=flow.id,
            to_company_id=to_company_id,
            level=level.value,
            charter_number=_charter_number(session, flow.territory_id),
            author=author,
        )
        add(session, granted)
        if to_company_id is None:
            change(session, flow, {"level": level.value})
            if level is Level.PRIVATE:
                _forget_teasers(session, flow)
    record(session, "level_set", flow.territory_id, _company_id(session, flow), "flow", flow.id)
    return granted


def _forget_teasers(session: VisibleSession, flow: Flow) -> None:
    company_id = _company_id(session, flow)
    if company_id is not None:
        teasers.forget_company(session, flow.territory_id, company_id)


def revoke_grant(session: VisibleSession, grant_id: str) -> None:
    """Take a grant back; a flow without a grant for everyone is private again."""
    row = find(session, Grant, grant_id)
    flow = own_flow(session, row.flow_id)
    if row.revoked_at is not None:
        return
    with as_program(session):
        change(session, row, {"revoked_at": now(), "revoked_by": principal_of(session).name})
        if row.to_company_id is None:
            change(session, flow, {"level": Level.PRIVATE.value})
            _forget_teasers(session, flow)
    record(session, "grant_revoked", flow.territory_id, _company_id(session, flow), "flow", flow.id)


def grants_of(session: VisibleSession, flow_id: str) -> Sequence[Grant]:
    """Return the grants of a flow of one's own, the oldest first, those taken back included."""
    return rows_of(session, Grant, flow_id=own_flow(session, flow_id).id)


def own_flow(session: VisibleSession, flow_id: str) -> Flow:
    """Return a flow that the asker decides about: its own company's, or one the staff hold under mandate."""
    flow = find(session, Flow, flow_id)
    if not decides(session, flow):
        raise NotPermittedError
    return flow


def decides(session: VisibleSession, flow: Flow) -> bool:
    """Tell whether a flow is the asker's to decide about, rather than one that it is shown."""
    principal = principal_of(session)
    if principal.is_staff_of(flow.territory_id):
        return True
    return _company_id(session, flow) in principal.company_ids


def _company_id(session: VisibleSession, flow: Flow) -> str | None:
    with as_program(session):
        site = session.get(Site, flow.site_id)
    if site is None:
        raise MissingError
    company_id: str | None = site.company_id
    return company_id
