"""Undo what was done at the desk: the fields get back exactly what they held, and the undoing is kept too."""

from __future__ import annotations

from collections.abc import Sequence

from app.db.tables import Comment, DeskAction, DeskChange, Synergy
from app.db.visibility import VisibleSession, principal_of
from app.errors import ConflictError, NotPermittedError
from app.repositories import desk
from app.repositories.records import change, find
from app.services.desk_actions import COMMENT, Setting, act, read
from matching.messages import N_, Message


def undo(session: VisibleSession, action_id: str) -> DeskAction:
    """Undo an action, also one that undid another; all of it or nothing.

    Raises
    ------
    ConflictError
        If it is undone already, or somebody has since changed the same of one of its synergies.
    NotPermittedError
        If it is a comment of somebody else.
    """
    action = find(session, DeskAction, action_id)
    if action.undone_by is not None:
        raise ConflictError(Message(N_("This is undone already.")))
    changes = desk.changes_of(session, action_id)
    _check_own(session, action, changes)
    if not changes or not _still_stands(session, action, changes):
        raise ConflictError(
            Message(N_("Somebody has changed this since: nothing was undone. Read the history first."))
        )
    _check_kept(session, changes)
    wanted = [
        Setting(find(session, Synergy, one.synergy_id), one.field, one.before) for one in reversed(changes)
    ]
    undoing = act(session, "undo", wanted, undoes=action.id)
    assert undoing is not None  # noqa: S101 - what still stands differs from what it was before
    change(session, action, {"undone_by": undoing.id})
    if action.undoes is not None:
        # What was undone holds again.
        change(session, find(session, DeskAction, action.undoes), {"undone_by": None})
    return undoing


def may_undo(session: VisibleSession, action: DeskAction) -> bool:
    """Tell whether an action could be undone now, by the one who asks."""
    if action.undone_by is not None:
        return False
    changes = desk.changes_of(session, action.id)
    if not changes or (_is_of_words(changes) and action.author != principal_of(session).subject):
        return False
    return _still_stands(session, action, changes)


def _still_stands(session: VisibleSession, action: DeskAction, changes: Sequence[DeskChange]) -> bool:
    if desk.built_upon(session, action, changes):
        return False
    return all(
        dict(read(session, find(session, Synergy, one.synergy_id), one.field)) == one.after for one in changes
    )


def _is_of_words(changes: Sequence[DeskChange]) -> bool:
    return any(one.field.startswith(COMMENT) for one in changes)


def _check_own(session: VisibleSession, action: DeskAction, changes: Sequence[DeskChange]) -> None:
    if _is_of_words(changes) and action.author != principal_of(session).subject:
        raise NotPermittedError


def _check_kept(session: VisibleSession, changes: Sequence[DeskChange]) -> None:
    for one in changes:
        if one.field.startswith(COMMENT) and one.before:
            said = find(session, Comment, one.field.removeprefix(COMMENT))
            if not said.body:
                raise ConflictError(Message(N_("This comment was deleted too long ago: its text is gone.")))
