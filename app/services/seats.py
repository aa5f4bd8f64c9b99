"""Who is what in a territory: seats given, changed and taken away, each kept in the audit."""

from __future__ import annotations

from datetime import timedelta

from app.db.base import now
from app.db.principal import Role
from app.db.tables import Membership, Territory
from app.db.visibility import VisibleSession, principal_of
from app.errors import InvalidInputError, NotPermittedError
from app.repositories import accounts
from app.repositories.records import add, change, find
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
