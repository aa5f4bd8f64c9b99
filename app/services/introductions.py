"""Introductions: one company asks, the other agrees having seen who asks, and only then both see names.

Rows are read by the program alone and shown here, cut to what each side may see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from app.db.base import now
from app.db.principal import Principal
from app.db.tables import Company, Contact, Flow, Introduction, Site
from app.db.visibility import VisibleSession, as_program, principal_of
from app.errors import ConflictError, InvalidInputError, MissingError, NotPermittedError, TooManyError
from app.repositories import introductions as rows
from app.repositories.records import add, change, find, rows_of
from app.services.audit import record
from app.services.blind import match_of_token
from app.services.consent import own_flow
from matching.messages import N_, Message

# A request that nobody answers in a month was not wanted; ten at a time keep people from asking everybody.
LASTS = timedelta(days=30)
MOST_OPEN = 10
FIELDS = ("company", "site", "address", "label", "quantity", "contact")
LONGEST_MESSAGE = 1000


class Status(StrEnum):
    """Where an introduction stands."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Side(StrEnum):
    """Which end of an introduction somebody is at; the staff hold both, under mandate."""

    ASKING = "asking"
    ASKED = "asked"
    STAFF = "staff"


def ask(
    session: VisibleSession, flow_id: str, token: str, fields: Sequence[str], message: str = ""
) -> Introduction:
    """Ask to be introduced to the other side of a blind match of one's own flow.

    Raises
    ------
    InvalidInputError
        If the token names no match of two flows, or a field is not one of ``FIELDS``.
    TooManyError
        If the company has ten requests open.
    ConflictError
        If the two have met about these flows, or are being asked.
    """
    flow = own_flow(session, flow_id)
    match = match_of_token(session, flow_id, token)
    if match is None or len(match.flow_ids) != 1:
        text = N_("This match is no longer there: read your matches again.")
        raise InvalidInputError.on("token", Message(text))
    return _requested(session, flow, match.flow_ids[0], fields, message)


def propose(
    session: VisibleSession, flow_id: str, other_flow_id: str, fields: Sequence[str], message: str = ""
) -> Introduction:
    """Ask in the name of a company, by the staff who hold its mandate."""
    flow, other = find(session, Flow, flow_id), find(session, Flow, other_flow_id)
    if not principal_of(session).is_staff_of(flow.territory_id):
        raise NotPermittedError
    if other.territory_id != flow.territory_id:
        raise MissingError
    return _requested(session, flow, other.id, fields, message)


def _requested(
    session: VisibleSession, flow: Flow, other_flow_id: str, fields: Sequence[str], message: str
) -> Introduction:
    chosen, author = _checked_fields(fields), principal_of(session).name
    with as_program(session):
        asking, asked = _company(session, flow.id), _company(session, other_flow_id)
        if asking.id == asked.id:
            raise ConflictError(Message(N_("Both flows are the same company's.")))
        rows.expire(session, flow.territory_id, now())
        _check_room(session, asking.id, {flow.id, other_flow_id})
        row = Introduction(
            territory_id=flow.territory_id,
            asking_company_id=asking.id,
            asked_company_id=asked.id,
            asking_flow_id=flow.id,
            asked_flow_id=other_flow_id,
            status=Status.REQUESTED.value,
            fields=chosen,
            message=message.strip()[:LONGEST_MESSAGE],
            asked_by=author,
            expires_at=now() + LASTS,
        )
        add(session, row)
    _record(session, "introduction_requested", row)
    return row


def _checked_fields(fields: Sequence[str]) -> list[str]:
    unknown = [name for name in fields if name not in FIELDS]
    if unknown:
        text = N_("“{value}” cannot be shown: choose among {codes}.")
        raise InvalidInputError.on("fields", Message(text, {"value": unknown[0], "codes": ", ".join(FIELDS)}))
    return [name for name in FIELDS if name in {*fields, "company"}]


def _company(session: VisibleSession, flow_id: str) -> Company:
    site = find(session, Site, find(session, Flow, flow_id).site_id)
    if site.company_id is None:
        text = N_("This flow belongs to a site without a company: nobody could answer for it.")
        raise ConflictError(Message(text))
    return find(session, Company, site.company_id)


def _check_room(session: VisibleSession, company_id: str, flow_ids: set[str]) -> None:
    standing = rows.standing_of(session, company_id)
    if any({row.asking_flow_id, row.asked_flow_id} == flow_ids for row in standing):
        raise ConflictError(Message(N_("You have already asked, or already met, about these flows.")))
    asked = [r for r in standing if r.asking_company_id == company_id and r.status == Status.REQUESTED]
    if len(asked) >= MOST_OPEN:
        text = N_("{count} requests are waiting for an answer: take one back first.")
        raise TooManyError(Message(text, {"count": MOST_OPEN}))


def visible_to(session: VisibleSession) -> list[Introduction]:
    """Return the introductions the asker is part of, the newest first, overdue ones as expired."""
    principal = principal_of(session)
    with as_program(session):
        found = rows.involving(session, principal.company_ids, principal.territory_ids)
        return [row for row in found if _side(row, principal) is not None]


def read(session: VisibleSession, introduction_id: str) -> Introduction:
    """Return one introduction; ``MissingError`` unless the asker is part of it."""
    principal = principal_of(session)
    with as_program(session):
        row = find(session, Introduction, introduction_id)
        if _side(row, principal) is None:
            raise MissingError
    return row


def _side(row: Introduction, principal: Principal) -> Side | None:
    if row.asking_company_id in principal.company_ids:
        return Side.ASKING
    if row.asked_company_id in principal.company_ids:
        return Side.ASKED
    withheld = principal.withheld & {row.asking_company_id, row.asked_company_id}
    if principal.is_system or (row.territory_id in principal.territory_ids and not withheld):
        return Side.STAFF
    return None


def status_of(row: Introduction) -> Status:
    """Return where an introduction stands now: a request past its month has expired."""
    status = Status(row.status)
    return Status.EXPIRED if status is Status.REQUESTED and row.expires_at <= now() else status


def answer(
    session: VisibleSession, introduction_id: str, status: Status, version: int | None
) -> Introduction:
    """Accept or refuse a request (the asked), or take back what was asked or agreed (either side)."""
    principal = principal_of(session)
    row = read(session, introduction_id)
    answers: dict[Status, dict[Status, tuple[Side, ...]]] = {
        Status.REQUESTED: {
            Status.ACCEPTED: (Side.ASKED,),
            Status.REFUSED: (Side.ASKED,),
            Status.REVOKED: (Side.ASKING,),
        },
        Status.ACCEPTED: {Status.REVOKED: (Side.ASKING, Side.ASKED)},
    }
    allowed = answers.get(status_of(row), {})
    if status not in allowed:
        text = N_("This introduction is {status}: this answer comes too late.")
        raise ConflictError(Message(text, {"status": status_of(row).value}))
    with as_program(session):
        side = _side(row, principal)
        if side not in (Side.STAFF, *allowed[status]):
            raise NotPermittedError
        values = {"status": status.value, "answered_by": principal.name, "answered_at": now()}
        change(session, row, values, version)
    _record(session, f"introduction_{status.value}", row)
    return row


def _record(session: VisibleSession, action: str, row: Introduction) -> None:
    """Write it down for both companies."""
    for company_id in (row.asking_company_id, row.asked_company_id):
        record(session, action, row.territory_id, company_id, "introduction", row.id)


def shown(session: VisibleSession, row: Introduction) -> dict[str, Any]:
    """Return what the asker sees of an introduction: the other's fields only where they may be seen."""
    principal = principal_of(session)
    status = status_of(row)
    with as_program(session):
        side = _side(row, principal)
        met = status is Status.ACCEPTED or side is Side.STAFF
        # Who is asked sees first who asks; who asks sees nothing before the answer.
        told = side is Side.ASKED and status is Status.REQUESTED
        asking = _party(session, row, "asking", met or told or side is Side.ASKING)
        asked = _party(session, row, "asked", met or side is Side.ASKED)
    own = {Side.ASKING: "asking", Side.ASKED: "asked"}.get(side or Side.STAFF)
    return {
        "id": row.id,
        "version": row.version,
        "created_at": row.created_at,
        "territory_id": row.territory_id,
        "status": status.value,
        "side": (side or Side.STAFF).value,
        "own_flow_id": getattr(row, f"{own}_flow_id") if own else None,
        "fields": row.fields,
        "message": row.message,
        "expires_at": row.expires_at,
        "answered_at": row.answered_at,
        "asking": asking,
        "asked": asked,
    }


def _party(session: VisibleSession, row: Introduction, end: str, known: bool) -> Mapping[str, Any] | None:
    """Return the listed fields of one end, None while they are not to be seen."""
    if not known:
        return None
    flow = find(session, Flow, getattr(row, f"{end}_flow_id"))
    site = find(session, Site, flow.site_id)
    company = find(session, Company, getattr(row, f"{end}_company_id"))
    contacts = rows_of(session, Contact, site_id=site.id)[:3]
    every = {
        "company": company.name,
        "site": site.name,
        "address": ", ".join(part for part in (site.address, site.postcode, site.city) if part),
        "label": flow.label,
        "quantity": [flow.quantity_low, flow.quantity_high, flow.unit, flow.period],
        "contact": [{"name": one.name, "email": one.email, "phone": one.phone} for one in contacts],
    }
    return {name: every[name] for name in row.fields}
