"""Drafts of diagnostics: kept while somebody types, taken up again, dropped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.db.base import NAME_LENGTH, new_id, now
from app.db.tables import DiagnosticDraft
from app.db.visibility import VisibleSession
from app.errors import MissingError, TooLargeError
from app.repositories import diagnostic_drafts as rows
from app.repositories.records import remove

DRAFT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A page of a hundred flows, each with a long comment, takes less.
MOST_CHARACTERS = 1024 * 1024


def new_draft_id() -> str:
    """Return the identifier that a form carries before anything is stored under it."""
    return new_id()


def is_draft_id(text: str) -> bool:
    """Tell whether a text could name a draft."""
    return DRAFT_ID.fullmatch(text) is not None


def draft_of(session: VisibleSession, territory_id: str, draft_id: str) -> Mapping[str, str] | None:
    """Return the fields of a draft as they were typed, None when there is none."""
    row = rows.own_draft(session, territory_id, draft_id)
    return None if row is None else row.content


def own_drafts(session: VisibleSession, territory_id: str) -> Sequence[DiagnosticDraft]:
    """Return the drafts of the person who asks, the last typed first."""
    return rows.own_drafts(session, territory_id)


def keep_draft(
    session: VisibleSession, territory_id: str, draft_id: str, title: str, typed: Mapping[str, str]
) -> None:
    """Store what was typed so far, over what the draft held."""
    if not is_draft_id(draft_id):
        raise MissingError
    if sum(map(len, typed.values())) > MOST_CHARACTERS:
        raise TooLargeError(MOST_CHARACTERS)
    values = {"title": title[:NAME_LENGTH], "content": dict(typed), "saved_at": now()}
    rows.keep_draft(session, territory_id, draft_id, values)


def drop_draft(session: VisibleSession, territory_id: str, draft_id: str) -> None:
    """Forget a draft; nothing happens when there is none."""
    row = rows.own_draft(session, territory_id, draft_id)
    if row is not None:
        remove(session, row)
