"""The desk's rows: who sees to which synergies, what is set aside, said, done and undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, bindparam, exists, or_, select

from app.db.base import now
from app.db.prepared import Prepared
from app.db.tables import (
    Assignment,
    Comment,
    DeskAction,
    DeskChange,
    Membership,
    Shelving,
    Synergy,
    SynergyEvent,
    User,
)
from app.db.visibility import VisibleSession
from app.repositories.accounts import held

# Begun, and neither at its end nor at work: what may lie forgotten.
UNDER_WAY = ("contacted", "discussion", "study", "negotiation", "implementing", "implemented", "paused")


@dataclass(frozen=True, slots=True)
class DeskCriteria:
    """What of the desk narrows a list; None leaves a criterion free.

    Attributes
    ----------
    assignee
        The subject of the person who sees to it; empty: nobody does.
    shelved
        Whether it is set aside on ``day``.
    unmoved_since
        Begun, not ended, and its status has not moved since that moment.
    """

    assignee: str | None = None
    shelved: bool | None = None
    unmoved_since: datetime | None = None
    day: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the criteria of the database."""
        found: list[ColumnElement[bool]] = []
        if self.assignee is not None:
            found.append(_assigned(self.assignee))
        if self.shelved is not None:
            day = self.day or now().date()
            found.append(_shelved(day) if self.shelved else _in_the_list(day))
        if self.unmoved_since is not None:
            found += [Synergy.status.in_(UNDER_WAY), ~_moved(self.unmoved_since)]
        return found


ANY_DESK = DeskCriteria()


def _assigned(assignee: str) -> ColumnElement[bool]:
    if not assignee:
        of_synergy = select(Assignment.id).where(Assignment.synergy_id == Synergy.id)
        return ~exists(of_synergy.correlate(Synergy))
    return Synergy.id.in_(select(Assignment.synergy_id).where(Assignment.assignee == assignee))


def _still(day: date) -> ColumnElement[bool]:
    return or_(Shelving.until.is_(None), Shelving.until > day)


def _shelved(day: date) -> ColumnElement[bool]:
    return Synergy.id.in_(select(Shelving.synergy_id).where(_still(day)))


def _in_the_list(day: date) -> ColumnElement[bool]:
    """Say that a synergy is not set aside."""
    # OFFSET keeps PostgreSQL from joining: the list is walked in its order, with one look-up by key a row.
    aside = select(Shelving.id).where(Shelving.synergy_id == Synergy.id, _still(day)).offset(0)
    return ~exists(aside.correlate(Synergy))


def _moved(since: datetime) -> ColumnElement[bool]:
    moves = select(SynergyEvent.id).where(SynergyEvent.synergy_id == Synergy.id, SynergyEvent.at >= since)
    return exists(moves.offset(0).correlate(Synergy))


class Person(NamedTuple):
    """Somebody of a territory's staff, as others may name them."""

    subject: str
    name: str


def staff_of(session: VisibleSession, territory_id: str, roles: Iterable[str], at: datetime) -> list[Person]:
    """Return the people with a role in a territory, by name; only the program sees their accounts."""
    statement = (
        select(User.id, User.name, User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.territory_id == territory_id, Membership.role.in_(sorted(roles)))
        .where(held(at), User.disabled.is_(False))
    )
    found = [Person(f"user:{key}", name or email) for key, name, email in session.execute(statement)]
    return sorted(found, key=lambda one: one.name.casefold())


def assignments(session: VisibleSession, synergy_ids: Sequence[str]) -> dict[str, Assignment]:
    """Return who sees to some synergies, by synergy."""
    statement = select(Assignment).where(Assignment.synergy_id.in_(synergy_ids))
    return {row.synergy_id: row for row in session.scalars(statement)}


def shelvings(session: VisibleSession, synergy_ids: Sequence[str]) -> dict[str, Shelving]:
    """Return which of some synergies are set aside, also those whose day has come."""
    statement = select(Shelving).where(Shelving.synergy_id.in_(synergy_ids))
    return {row.synergy_id: row for row in session.scalars(statement)}


_of_synergy = bindparam("synergy_id", "", type_=String())
_ASSIGNMENT = Prepared(
    lambda _dialect: select(Assignment.assignee, Assignment.name).where(Assignment.synergy_id == _of_synergy)
)
_SHELVING = Prepared(
    lambda _dialect: select(Shelving.until, Shelving.reason, Shelving.actor).where(
        Shelving.synergy_id == _of_synergy
    )
)


def assignment_of(session: VisibleSession, synergy_id: str) -> Any:
    """Return ``assignee`` and ``name`` of who sees to a synergy, None when nobody does."""
    return next(iter(_ASSIGNMENT.rows(session, synergy_id=synergy_id)), None)


def shelving_of(session: VisibleSession, synergy_id: str) -> Any:
    """Return ``until``, ``reason`` and ``actor`` of a synergy set aside, None when it is not."""
    return next(iter(_SHELVING.rows(session, synergy_id=synergy_id)), None)


def comments(session: VisibleSession, synergy_ids: Sequence[str]) -> Sequence[Comment]:
    """Return what is said of some synergies, the first word first."""
    statement = select(Comment).where(Comment.synergy_id.in_(synergy_ids), Comment.deleted_at.is_(None))
    return session.scalars(statement.order_by(Comment.created_at, Comment.id)).all()


def deleted_comments(session: VisibleSession, territory_id: str, before: datetime) -> Sequence[Comment]:
    """Return the comments deleted before a moment whose text is still there."""
    statement = select(Comment).where(Comment.territory_id == territory_id, Comment.deleted_at < before)
    return session.scalars(statement.where(Comment.body != "").limit(200)).all()


_LAST_MOVE = Prepared(
    lambda _dialect: (
        select(SynergyEvent.to_status, SynergyEvent.obstacle)
        .where(SynergyEvent.synergy_id == _of_synergy)
        .order_by(SynergyEvent.at.desc(), SynergyEvent.id)
        .limit(1)
    )
)


def last_event(session: VisibleSession, synergy_id: str) -> Any:
    """Return ``to_status`` and ``obstacle`` of the last move of a synergy, None when there was none."""
    return next(iter(_LAST_MOVE.rows(session, synergy_id=synergy_id)), None)


def changes_of(session: VisibleSession, action_id: str) -> Sequence[DeskChange]:
    """Return what an action changed."""
    statement = select(DeskChange).where(DeskChange.action_id == action_id)
    return session.scalars(statement.order_by(DeskChange.created_at, DeskChange.id)).all()


def journal(session: VisibleSession, synergy_id: str) -> list[tuple[DeskAction, DeskChange]]:
    """Return what was done to a synergy, the first thing first."""
    statement = (
        select(DeskAction, DeskChange)
        .join(DeskChange, DeskChange.action_id == DeskAction.id)
        .where(DeskChange.synergy_id == synergy_id)
        .order_by(DeskChange.created_at, DeskChange.id)
    )
    return [(action, change) for action, change in session.execute(statement)]


def built_upon(session: VisibleSession, action: DeskAction, changes: Sequence[DeskChange]) -> bool:
    """Tell whether somebody has since changed the same of one of the synergies, and it still holds."""
    pairs = {(change.synergy_id, change.field) for change in changes}
    statement = (
        select(DeskChange.synergy_id, DeskChange.field)
        .join(DeskAction, DeskAction.id == DeskChange.action_id)
        .where(
            DeskChange.synergy_id.in_(sorted({synergy_id for synergy_id, _ in pairs})),
            DeskAction.id != action.id,
            DeskAction.created_at >= action.created_at,
            DeskAction.undone_by.is_(None),
            DeskAction.undoes.is_(None),
        )
    )
    return any((synergy_id, field) in pairs for synergy_id, field in session.execute(statement))
