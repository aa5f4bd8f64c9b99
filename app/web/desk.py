"""What templates show of the desk: who sees to a synergy, what is set aside, the notice that undoes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.db.base import now
from app.db.tables import DeskAction, DeskChange, Shelving, Synergy, SynergyEvent
from app.db.visibility import VisibleSession, principal_of
from app.repositories import desk
from app.repositories.records import find_or_none
from app.repositories.synergies import history
from app.services.desk_actions import COMMENT
from app.services.statuses import obstacles
from app.services.undo import may_undo
from app.web.desk_words import ACTIONS
from app.web.visit import Visit, own_address

DONE = "fait"
# Older things are told, and undone from the status itself.
MOST_UNDOABLE = 10


def desk_of(session: VisibleSession, rows: Sequence[Synergy]) -> dict[str, dict[str, Any]]:
    """Return by synergy who sees to it, whether it is set aside today, how many comments it has."""
    ids = [row.id for row in rows]
    if not ids:
        return {}
    assigned, aside, today = desk.assignments(session, ids), desk.shelvings(session, ids), now().date()
    said: dict[str, int] = {}
    for comment in desk.comments(session, ids):
        said[comment.synergy_id] = said.get(comment.synergy_id, 0) + 1
    me = principal_of(session).subject
    return {
        one: {
            "assignee": assigned[one].name if one in assigned else "",
            "mine": one in assigned and assigned[one].assignee == me,
            "subject": assigned[one].assignee if one in assigned else "",
            "shelved": _still(aside.get(one), today),
            "comments": said.get(one, 0),
        }
        for one in ids
    }


def _still(row: Shelving | None, today: date) -> Shelving | None:
    """Return a shelving whose day has not come."""
    return row if row is not None and (row.until is None or row.until > today) else None


def done_of(visit: Visit) -> dict[str, Any] | None:
    """Return the action that the address says was just done, for the notice that offers to undo it."""
    named = visit.request.query_params.get(DONE)
    action = find_or_none(visit.session, DeskAction, named) if named else None
    if action is None:
        return None
    count = len({one.synergy_id for one in desk.changes_of(visit.session, action.id)})
    return {
        "id": action.id,
        "kind": action.kind,
        "told": ACTIONS[action.kind],
        "count": count,
        "undoable": may_undo(visit.session, action),
        "back": without_notice(visit.frame()["here"]),
    }


def without_notice(address: str) -> str:
    """Return an address of this site without the notice of an earlier action."""
    return _with(address, "")


def back_with(address: str, action: DeskAction | None) -> str:
    """Return where to go after an action: the page it was asked from, with its notice."""
    return _with(address, action.id if action is not None else "")


def _with(address: str, action_id: str) -> str:
    parts = urlsplit(own_address(address))
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != DONE]
    if action_id:
        query.append((DONE, action_id))
    where = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.path}{'?' if query else ''}{urlencode(query)}{where}"


def told_history(visit: Visit, row: Synergy) -> list[dict[str, Any]]:
    """Return what happened to a synergy, the last thing first: moves, comments and all else of the desk."""
    session = visit.session
    entries = [_move(event, visit.language) for event in history(session, row.id)]
    said = {one.id: one for one in desk.comments(session, [row.id])}
    known = {entry["action_id"]: entry for entry in entries if entry["action_id"]}
    for action, change in desk.journal(session, row.id):
        entry = known.get(action.id)
        if entry is None:
            entry = _entry(action)
            entries.append(entry)
        entry |= {"kind": action.kind, "action": action, "undone": action.undone_by is not None}
        entry |= _details(change) | {"told": ACTIONS[action.kind]}
        if change.field.startswith(COMMENT):
            entry["said"] = said.get(change.field.removeprefix(COMMENT)) if action.kind == "comment" else None
    entries.sort(key=lambda entry: entry["at"], reverse=True)
    _offer_undoing(session, entries)
    return entries


def _entry(action: DeskAction) -> dict[str, Any]:
    return {"at": action.created_at, "actor": action.actor, "to": "", "obstacle": "", "comment": ""}


def _move(event: SynergyEvent, language: str) -> dict[str, Any]:
    label = obstacles().get(event.obstacle)
    return {
        "at": event.at,
        "actor": event.actor,
        "kind": "move",
        "to": event.to_status,
        "obstacle": label.in_language(language) if label else "",
        "comment": event.comment,
        "action_id": event.action_id,
        "undone": False,
    }


def _details(change: DeskChange) -> dict[str, Any]:
    """Return what the history says of a change: to whom, until when, why."""
    if change.field == "assignee":
        return {"person": change.after.get("name", "")}
    if change.field == "shelving":
        until = change.after.get("until")
        day = date.fromisoformat(until) if until else None
        return {"until": day, "reason": change.after.get("reason", "")}
    return {}


def _offer_undoing(session: VisibleSession, entries: Sequence[dict[str, Any]]) -> None:
    asked = 0
    for entry in entries:
        action: DeskAction | None = entry.get("action")
        entry["undoable"] = False
        if action is not None and not entry["undone"] and asked < MOST_UNDOABLE:
            asked += 1
            entry["undoable"] = may_undo(session, action)
