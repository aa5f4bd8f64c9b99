"""Who is what in a territory: seats given, changed and taken away, each kept in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from app.db.base import now
from app.db.principal import Role
from app.db.tables import Company, Membership, Territory
from app.db.visibility import VisibleSession, as_program, principal_of
from app.errors import ConflictError, InvalidInputError, MissingError, NotPermittedError
from app.repositories import accounts, sign_in, territories
from app.repositories.records import add, change, find, refer, remove
from app.services.accounts import seat_columns
from app.services.audit import record
from matching.messages import N_, Message

SHORTEST_REASON = 10
HOLDERS = {"user": "user_id", "key": "api_key_id"}


def seat_creator(session: VisibleSession, territory: Territory) -> None:
    """Make the one who creates a territory its first coordinator: somebody must, and it is written down."""
    kind, _, holder_id = principal_of(session).subject.partition(":")
    if kind not in HOLDERS:
        return
    holder = {HOLDERS[kind]: holder_id}
    add(session, Membership(territory_id=territory.id, role=Role.COORDINATOR.value, **holder))
    record(
        session, "seat_given", territory.id, object_kind="membership", object_id=principal_of(session).subject
    )


def break_glass(session: VisibleSession, territory_id: str, reason: str, minutes: int) -> Membership:
    """Open a territory to the operator who asks, for a while, and tell it in the territory's own audit.

    Raises
    ------
    InvalidInputError
        Without a reason: those who are looked at will read it.
    NotPermittedError
        Unless an operator's account or key asks.
    """
    principal = principal_of(session)
    kind, _, holder_id = principal.subject.partition(":")
    if not principal.is_operator or kind not in HOLDERS:
        raise NotPermittedError
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInputError.on("reason", Message(N_("Say why: the territory will read it.")))
    territory = find(session, Territory, territory_id)
    expires_at = now() + timedelta(minutes=minutes)
    present = accounts.seat_of(session, territory.id, HOLDERS[kind], holder_id)
    if present is not None and present.expires_at is None:
        return present
    record(session, "break_glass", territory.id, object_kind="reason", object_id=reason.strip()[:80])
    if present is not None:
        return change(session, present, {"expires_at": expires_at})
    seat = {HOLDERS[kind]: holder_id, "role": Role.COORDINATOR.value, "expires_at": expires_at}
    return add(session, Membership(territory_id=territory.id, **seat))


def change_seat(
    session: VisibleSession, territory: Territory, seat_id: str, role: Role, company_id: str | None = None
) -> None:
    """Give somebody another role in a territory, from the next request on.

    Raises
    ------
    NotPermittedError
        Unless the principal coordinates the territory.
    InvalidInputError
        When a company's place names no company of the territory, or another place names one.
    ConflictError
        When nobody would coordinate the territory any more.
    """
    _check_coordinates(session, territory)
    company = refer(session, Company, company_id, "company", territory.id) if company_id else None
    columns = seat_columns(territory, role, company)
    with _held(session, territory, seat_id, leaves=role is not Role.COORDINATOR) as seat:
        change(session, seat, columns)
    record(session, "seat_changed", territory.id, object_kind="membership", object_id=seat_id)


def remove_seat(session: VisibleSession, territory: Territory, seat_id: str) -> None:
    """Take somebody's place in a territory away; raises what ``change_seat`` raises."""
    _check_coordinates(session, territory)
    with _held(session, territory, seat_id, leaves=True) as seat:
        remove(session, seat)
    record(session, "seat_removed", territory.id, object_kind="membership", object_id=seat_id)


def _check_coordinates(session: VisibleSession, territory: Territory) -> None:
    if not principal_of(session).coordinates(territory.id):
        raise NotPermittedError


@contextmanager
def _held(
    session: VisibleSession, territory: Territory, seat_id: str, *, leaves: bool
) -> Iterator[Membership]:
    """Yield a place for the program to change, once it is sure that somebody still coordinates."""
    with as_program(session):
        # Two coordinators who send each other away take turns: the second finds itself alone.
        territories.lock_territory(session, territory.id)
        seat = sign_in.seat_of_person(session, territory.id, seat_id)
        if seat is None:
            raise MissingError
        if leaves and not _others_coordinate(session, seat):
            raise ConflictError(Message(N_("Somebody must coordinate the territory: name another first.")))
        yield seat


def _others_coordinate(session: VisibleSession, seat: Membership) -> bool:
    """Tell whether a place is not the last one of a coordinator; an operator's, for a while, is none."""
    if seat.role != Role.COORDINATOR or seat.expires_at is not None:
        return True
    return any(
        other.id != seat.id
        and other.role == Role.COORDINATOR
        and other.expires_at is None
        and not user.disabled
        for user, other in sign_in.people_of(session, seat.territory_id)
    )
