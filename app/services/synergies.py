"""Stored synergies as people follow them: their documents, their status and its history."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

import orjson

from app.db.tables import DeskAction, Synergy, SynergyEvent
from app.db.visibility import VisibleSession
from app.errors import InvalidInputError, StaleVersionError
from app.exports.document import localised
from app.repositories import flows, synergies
from app.repositories.records import find
from app.repositories.synergy_pages import documents
from app.services.desk_actions import Setting, act, read
from app.services.status_moves import write_status
from app.services.statuses import STOPPED, Status, obstacles
from matching import model
from matching.messages import N_, Message


class _Rendered:
    """Documents as they were sent last: lists show the same rows again and again.

    A row's version moves with every change, and its moment tells apart rows of a database put back.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, int, datetime, str], bytes] = OrderedDict()
        self._guard = Lock()

    def get(self, row: Any, language: str) -> bytes | None:
        """Return the JSON of a synergy in ``language``, None when it was not made lately."""
        key = (row.id, row.version, row.updated_at, language)
        with self._guard:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def make(self, row: Any, language: str) -> bytes:
        """Make the JSON of a synergy in ``language``, and keep it."""
        content = orjson.dumps(document_of(row, language))
        with self._guard:
            self._known[row.id, row.version, row.updated_at, language] = content
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return content


# About 2 kB each.
_rendered = _Rendered(most=20_000)


def page_json(session: VisibleSession, rows: Sequence[Any], following: str | None, language: str) -> bytes:
    """Return a page of synergies as JSON, ``items`` then ``next``; documents not known yet are read."""
    known = {row.id: _rendered.get(row, language) for row in rows}
    for row in documents(session, [row_id for row_id, content in known.items() if content is None]):
        known[row.id] = _rendered.make(row, language)
    # A row that went between the two statements is left out.
    items = b",".join(content for content in known.values() if content is not None)
    return b'{"items":[' + items + b'],"next":' + orjson.dumps(following) + b"}"


def document_of(row: Any, language: str) -> dict[str, Any]:
    """Return the contract's document of a stored synergy, under the identifier it is stored under."""
    return localised(row.document, language) | {
        "id": row.id,
        "territory_id": row.territory_id,
        "status": row.status,
        "stale": row.stale,
        "version": row.version,
    }


def detail_of(session: VisibleSession, row: Any, language: str) -> dict[str, Any]:
    """Return the document with its history and with what is needed to replay its score."""
    return document_of(row, language) | {
        "engine": {
            "version": row.engine_version,
            "catalogue_digest": row.catalogue_digest,
            "parameters": row.parameters,
        },
        "history": [_move(event, language) for event in synergies.history(session, row.id)],
        "assignee": dict(read(session, row, "assignee")) or None,
        "shelved": dict(read(session, row, "shelving")) or None,
    }


def _move(event: SynergyEvent, language: str) -> Mapping[str, Any]:
    label = obstacles().get(event.obstacle)
    return {
        "at": event.at,
        "actor": event.actor,
        "from": event.from_status,
        "to": event.to_status,
        "obstacle": event.obstacle or None,
        "obstacle_label": label.in_language(language) if label else None,
        "comment": event.comment,
    }


def move(
    session: VisibleSession,
    synergy_id: str,
    status: Status,
    version: int,
    obstacle: str = "",
    comment: str = "",
) -> Synergy:
    """Move a synergy to another status and keep the move in its history.

    Raises
    ------
    InvalidInputError
        If it is paused or abandoned without one of the obstacles of the list, or the obstacle is unknown.
    StaleVersionError
        If the synergy is no longer at ``version``.
    """
    row = find(session, Synergy, synergy_id)
    move_row(session, row, status, version, obstacle, comment)
    return row


def move_row(
    session: VisibleSession, row: Synergy, status: Status, version: int, obstacle: str = "", comment: str = ""
) -> DeskAction | None:
    """Do what ``move`` does, and return what undoes it; None when the status is only said again."""
    _check_obstacle(status, obstacle)
    check_version(row, version)
    action = move_all(session, [row], status, obstacle, comment)
    if action is None:
        # Said again, it is kept again.
        write_status(session, row, {"status": status.value, "obstacle": obstacle}, None, comment)
    return action


def move_all(
    session: VisibleSession, rows: Sequence[Synergy], status: Status, obstacle: str = "", comment: str = ""
) -> DeskAction | None:
    """Move some synergies to another status; None when they all stand there already.

    Raises
    ------
    InvalidInputError
        As ``move`` does.
    """
    _check_obstacle(status, obstacle)
    after = {"status": status.value, "obstacle": obstacle}
    return act(session, "move", [Setting(row, "status", after) for row in rows], comment=comment)


def check_version(row: Synergy, version: int) -> None:
    """Raise ``StaleVersionError`` unless a synergy is at the version that the asker has read."""
    if row.version != version:
        raise StaleVersionError


def _check_obstacle(status: Status, obstacle: str) -> None:
    if obstacle and obstacle not in obstacles():
        text = N_("“{value}” is not an obstacle of the list: use one of {codes}.")
        params = {"value": obstacle, "codes": ", ".join(obstacles())}
        raise InvalidInputError.on("obstacle", Message(text, params))
    if status in STOPPED and not obstacle:
        text = N_("Say why it stops: give an obstacle, one of {codes}.")
        raise InvalidInputError.on("obstacle", Message(text, {"codes": ", ".join(obstacles())}))


def flows_of(session: VisibleSession, rows: Sequence[Synergy]) -> list[model.Flow]:
    """Return the flows of some synergies, with their sites, for maps and tables."""
    ids = [row.id for row in rows]
    found = {
        flow.id: flow
        for start in range(0, len(ids), 500)
        for flow in synergies.flows_of(session, ids[start : start + 500])
    }
    return flows.domain_of(session, list(found.values()))
