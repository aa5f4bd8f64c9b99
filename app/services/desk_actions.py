"""Changes of synergies, every one kept so that it can be undone.

A change sets one field of one synergy: its status, who sees to it, whether it is set aside, a comment. What
the field held before and after is written beside the action that changed it; ``undo`` reads it there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.db.base import now
from app.db.tables import Assignment, Comment, DeskAction, DeskChange, Shelving, Synergy
from app.db.visibility import VisibleSession, principal_of
from app.repositories import desk
from app.repositories.records import add, change, conflicts, find, remove
from app.services.status_moves import read_status, write_status

State = Mapping[str, Any]
NOTHING: State = {}
COMMENT = "comment:"


class Setting(NamedTuple):
    """A field of a synergy, and what it shall hold."""

    synergy: Synergy
    field: str
    after: State


def act(
    session: VisibleSession,
    kind: str,
    wanted: Sequence[Setting],
    undoes: str | None = None,
    comment: str = "",
) -> DeskAction | None:
    """Set fields of synergies as one action; None when they hold all of it already.

    Parameters
    ----------
    undoes
        The action that this one undoes.
    comment
        What the history says beside a move of the status.
    """
    found = [(one, read(session, one.synergy, one.field)) for one in wanted]
    found = [(one, before) for one, before in found if before != one.after]
    if not found:
        return None
    principal = principal_of(session)
    action = add(
        session,
        DeskAction(
            territory_id=found[0][0].synergy.territory_id,
            kind=kind,
            author=principal.subject,
            actor=principal.name,
            undoes=undoes,
        ),
    )
    for one, before in found:
        row = one.synergy
        # The version tells of every change: whoever acts on an older one is told.
        row.updated_at = now()
        _write(session, action, one, comment)
        session.add(
            DeskChange(
                territory_id=row.territory_id,
                action_id=action.id,
                synergy_id=row.id,
                field=one.field,
                before=dict(before),
                after=dict(one.after),
            )
        )
    with conflicts():
        session.flush()
    return action


def read(session: VisibleSession, row: Synergy, field: str) -> State:
    """Return what a field of a synergy holds."""
    if field.startswith(COMMENT):
        return {"shown": True} if _comment(session, field).deleted_at is None else NOTHING
    return READERS[field](session, row)


def _write(session: VisibleSession, action: DeskAction, wanted: Setting, comment: str) -> None:
    if wanted.field.startswith(COMMENT):
        said = _comment(session, wanted.field)
        change(session, said, {"deleted_at": None if wanted.after else now()})
    elif wanted.field == "status":
        write_status(session, wanted.synergy, wanted.after, action.id, comment)
    else:
        _put(session, wanted)


def _comment(session: VisibleSession, field: str) -> Comment:
    return find(session, Comment, field.removeprefix(COMMENT))


def _put(session: VisibleSession, wanted: Setting) -> None:
    """Set, change or remove the one row that holds a field."""
    row, after = wanted.synergy, dict(wanted.after)
    cls: Any = Assignment if wanted.field == "assignee" else Shelving
    stored = (desk.assignments if cls is Assignment else desk.shelvings)(session, [row.id]).get(row.id)
    if after.get("until"):
        after["until"] = date.fromisoformat(after["until"])
    if not after:
        if stored is not None:
            remove(session, stored)
    elif stored is None:
        add(session, cls(territory_id=row.territory_id, synergy_id=row.id, **after))
    else:
        change(session, stored, after)


def _read_assignee(session: VisibleSession, row: Synergy) -> State:
    stored = desk.assignment_of(session, row.id)
    return NOTHING if stored is None else {"assignee": stored.assignee, "name": stored.name}


def _read_shelving(session: VisibleSession, row: Synergy) -> State:
    stored = desk.shelving_of(session, row.id)
    if stored is None:
        return NOTHING
    until = stored.until.isoformat() if stored.until else None
    return {"until": until, "reason": stored.reason, "actor": stored.actor}


READERS: Mapping[str, Callable[[VisibleSession, Synergy], State]] = {
    "status": read_status,
    "assignee": _read_assignee,
    "shelving": _read_shelving,
}
