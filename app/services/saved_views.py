"""Lists that people name: for themselves or for the staff of a territory, and the one that opens first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.db.tables import SavedView, SharedView, ViewChoice
from app.db.visibility import VisibleSession, principal_of
from app.errors import ConflictError, InvalidInputError
from app.repositories.records import add, change, find, find_or_none, remove, rows_of
from matching.messages import N_, Message

LONGEST_NAME = 80
MOST_VIEWS = 50
Row = SavedView | SharedView
# Built-in lists, with their criteria; their names are for those who show them.
BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "to-call": {"status": "identified", "sort": "-saving_eur_per_year", "min_score": "60"},
    "worth-most": {"sort": "-saving_eur_per_year"},
    "mine": {"assigned": "me"},
    "waiting": {"status": "contacted", "sort": "-saving_eur_per_year"},
    "unmoved": {"unmoved": "180"},
    "shelved": {"shelved": "yes"},
}


@dataclass(frozen=True, slots=True)
class View:
    """A list by its name."""

    id: str
    name: str
    query: Mapping[str, str]
    shared: bool
    author: str
    version: int
    opens: bool


def views_of(session: VisibleSession, territory_id: str) -> list[View]:
    """Return the asker's own views of a territory and those of its staff, by name."""
    chosen = choice_of(session, territory_id)
    rows: list[Row] = [
        *rows_of(session, SavedView, territory_id=territory_id),
        *rows_of(session, SharedView, territory_id=territory_id),
    ]
    return sorted((_view(row, chosen) for row in rows), key=lambda view: (view.name.casefold(), view.id))


def _view(row: Row, chosen: str) -> View:
    shared = isinstance(row, SharedView)
    author = row.actor if isinstance(row, SharedView) else ""
    return View(row.id, row.name, dict(row.query), shared, author, row.version, row.id == chosen)


def view_named(session: VisibleSession, view_id: str) -> View:
    """Return a view; raises ``MissingError`` when there is none that the asker sees."""
    row = _row(session, view_id)
    return _view(row, choice_of(session, row.territory_id))


def _row(session: VisibleSession, view_id: str) -> Row:
    return find_or_none(session, SavedView, view_id) or find(session, SharedView, view_id)


def save(
    session: VisibleSession, territory_id: str, name: str, query: Mapping[str, str], *, shared: bool = False
) -> View:
    """Name a list.

    Raises
    ------
    InvalidInputError
        If the name is empty or too long, or there are too many views already.
    ConflictError
        If there is one of that name.
    """
    principal = principal_of(session)
    values: dict[str, Any] = {"territory_id": territory_id, "name": checked(name), "query": dict(query)}
    cls: type[Row] = SharedView if shared else SavedView
    if len(rows_of(session, cls, territory_id=territory_id)) >= MOST_VIEWS:
        text = N_("There are {most} views already: delete one first.")
        raise InvalidInputError.on("name", Message(text, {"most": MOST_VIEWS}))
    if shared:
        row: Row = add(session, SharedView(actor=principal.name, **values))
    else:
        row = add(session, SavedView(subject=principal.subject, **values))
    return _view(row, "")


def rename(session: VisibleSession, view_id: str, name: str, version: int | None = None) -> View:
    """Give a view another name; refused as ``save`` refuses it."""
    row = change(session, _row(session, view_id), {"name": checked(name)}, version)
    return _view(row, choice_of(session, row.territory_id))


def delete(session: VisibleSession, view_id: str, version: int | None = None) -> None:
    """Delete a view."""
    remove(session, _row(session, view_id), version)


def checked(name: str) -> str:
    """Return a name, trimmed; raises ``InvalidInputError`` when it is none."""
    name = " ".join(name.split())
    if not name:
        raise InvalidInputError.on("name", Message(N_("Give this list a name.")))
    if len(name) > LONGEST_NAME:
        text = N_("This is too long: {max_length} characters at most.")
        raise InvalidInputError.on("name", Message(text, {"max_length": LONGEST_NAME}))
    return name


def choice_of(session: VisibleSession, territory_id: str) -> str:
    """Return which view opens first for the asker, empty when none was chosen."""
    rows = rows_of(session, ViewChoice, territory_id=territory_id)
    return rows[0].view if rows else ""


def open_first(session: VisibleSession, territory_id: str, view: str) -> None:
    """Choose which view opens first, a built-in one also; none when empty."""
    if view and view not in BUILT_IN and _row(session, view).territory_id != territory_id:
        raise ConflictError(Message(N_("This view belongs to another territory.")))
    rows = rows_of(session, ViewChoice, territory_id=territory_id)
    if rows and not view:
        remove(session, rows[0])
    elif rows:
        change(session, rows[0], {"view": view})
    elif view:
        subject = principal_of(session).subject
        add(session, ViewChoice(territory_id=territory_id, subject=subject, view=view))


def first_query(session: VisibleSession, territory_id: str) -> Mapping[str, str]:
    """Return the criteria of the view that opens first; empty when none was chosen or it is gone."""
    chosen = choice_of(session, territory_id)
    if chosen in BUILT_IN:
        return BUILT_IN[chosen]
    for view in views_of(session, territory_id) if chosen else []:
        if view.id == chosen:
            return view.query
    return {}
