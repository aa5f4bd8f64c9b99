"""What people do with synergies at their desk: assign them, set them aside, speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from app.db.base import now
from app.db.principal import STAFF
from app.db.tables import Comment, DeskAction, Synergy
from app.db.visibility import VisibleSession, as_program, principal_of
from app.errors import InvalidInputError, MissingError, NotPermittedError
from app.repositories import desk
from app.repositories.desk import Person
from app.repositories.records import add, find
from app.services.desk_actions import COMMENT, NOTHING, Setting, State, act
from matching.messages import N_, Message

ME = "me"
# What one action takes at most: more is a filter, not a choice.
MOST_AT_ONCE = 200
LONGEST_COMMENT = 4000
# How long a deleted comment can be brought back.
KEPT = timedelta(days=1)


def people_of(session: VisibleSession, territory_id: str) -> list[Person]:
    """Return the names of those who work for a territory, to those who do.

    Raises
    ------
    MissingError
        If the asker does not work for that territory.
    """
    if not principal_of(session).is_staff_of(territory_id):
        raise MissingError
    # Accounts are hidden from members: names alone leave here.
    with as_program(session):
        return desk.staff_of(session, territory_id, STAFF, now())


def rows_named(session: VisibleSession, synergy_ids: Sequence[str]) -> list[Synergy]:
    """Return some synergies, each once, in the order named.

    Raises
    ------
    InvalidInputError
        If none or too many are named.
    MissingError
        If one of them is not there.
    """
    ids = list(dict.fromkeys(synergy_ids))
    if not ids:
        raise InvalidInputError.on("id", Message(N_("Choose at least one synergy.")))
    if len(ids) > MOST_AT_ONCE:
        text = N_("Choose {most} synergies at most.")
        raise InvalidInputError.on("id", Message(text, {"most": MOST_AT_ONCE}))
    return [find(session, Synergy, one) for one in ids]


def assign(session: VisibleSession, rows: Sequence[Synergy], assignee: str) -> DeskAction | None:
    """Have somebody of the staff see to some synergies: an identifier, ``me``, or nobody when empty.

    Raises
    ------
    InvalidInputError
        If the person does not work for the territory.
    """
    wanted = [Setting(row, "assignee", _person(session, row.territory_id, assignee)) for row in rows]
    return act(session, "assign", wanted)


def _person(session: VisibleSession, territory_id: str, assignee: str) -> State:
    if not assignee:
        return NOTHING
    subject = principal_of(session).subject if assignee == ME else assignee
    for person in people_of(session, territory_id):
        if subject in (person.subject, person.subject.removeprefix("user:")):
            return {"assignee": person.subject, "name": person.name}
    raise InvalidInputError.on("assignee", Message(N_("Choose somebody who works for this territory.")))


def shelve(
    session: VisibleSession, rows: Sequence[Synergy], until: date | None = None, reason: str = ""
) -> DeskAction | None:
    """Set some synergies aside, for good or until a day on which they come back.

    Raises
    ------
    InvalidInputError
        If that day is not to come.
    """
    if until is not None and until <= now().date():
        raise InvalidInputError.on("until", Message(N_("Choose a day to come.")))
    actor = principal_of(session).name
    after = {"until": until.isoformat() if until else None, "reason": reason.strip(), "actor": actor}
    return act(session, "shelve", [Setting(row, "shelving", after) for row in rows])


def take_back(session: VisibleSession, rows: Sequence[Synergy]) -> DeskAction | None:
    """Put synergies that were set aside back into the list."""
    return act(session, "restore", [Setting(row, "shelving", NOTHING) for row in rows])


def comment(session: VisibleSession, row: Synergy, body: str) -> tuple[Comment, DeskAction | None]:
    """Say something of a synergy; the comment, and the action that undoes it.

    Raises
    ------
    InvalidInputError
        If it is empty or too long.
    """
    body = body.strip()
    if not body:
        raise InvalidInputError.on("body", Message(N_("Write something first.")))
    if len(body) > LONGEST_COMMENT:
        raise InvalidInputError.on(
            "body",
            Message(
                N_("This is too long: {max_length} characters at most."), {"max_length": LONGEST_COMMENT}
            ),
        )
    _forget_deleted(session, row.territory_id)
    principal = principal_of(session)
    said = Comment(
        territory_id=row.territory_id,
        synergy_id=row.id,
        author=principal.subject,
        actor=principal.name,
        body=body,
        # Shown once the action below says so, as when it is undone and done again.
        deleted_at=now(),
    )
    add(session, said)
    return said, act(session, "comment", [Setting(row, f"{COMMENT}{said.id}", {"shown": True})])


def delete_comment(session: VisibleSession, comment_id: str) -> DeskAction | None:
    """Delete a comment of one's own.

    Raises
    ------
    NotPermittedError
        If it is somebody else's.
    """
    said = find(session, Comment, comment_id)
    if said.author != principal_of(session).subject:
        raise NotPermittedError
    _forget_deleted(session, said.territory_id)
    row = find(session, Synergy, said.synergy_id)
    return act(session, "uncomment", [Setting(row, f"{COMMENT}{said.id}", NOTHING)])


def _forget_deleted(session: VisibleSession, territory_id: str) -> None:
    for said in desk.deleted_comments(session, territory_id, now() - KEPT):
        said.body = ""
