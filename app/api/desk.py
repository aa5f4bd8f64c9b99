"""The desk of the synergies: comments, those to whom one is given, named lists."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Response

from app.api.common import CHANGING, CREATING, DELETING, READING, new_router
from app.db.tables import Comment, Synergy
from app.dependencies import SessionOf, Version, VersionIfNamed
from app.errors import MissingError
from app.repositories import desk as rows
from app.repositories.records import find
from app.schemas.desk import (
    CommentGiven,
    CommentShown,
    CommentsShown,
    PeopleShown,
    ViewChange,
    ViewGiven,
    ViewShown,
    ViewsShown,
)
from app.services import access, desk, saved_views

router = new_router("", "Synergies")
OfTerritory = Annotated[str, Query(max_length=36, description="Identifiant d’un territoire")]


@router.get(
    "/synergies/assignees",
    operation_id="list_assignees",
    summary="Lister les personnes à qui confier une synergie",
    response_model=PeopleShown,
    responses=READING,
)
def read_people(session: SessionOf, territory: OfTerritory) -> Any:
    """Return the names of those who work for a territory."""
    people = desk.people_of(session, territory)
    return {"items": [{"assignee": person.subject, "name": person.name} for person in people]}


@router.get(
    "/synergies/{synergy_id}/comments",
    operation_id="list_comments",
    summary="Lire les commentaires d’une synergie",
    response_model=CommentsShown,
    responses=READING,
)
def read_comments(session: SessionOf, synergy_id: str) -> Any:
    """Return what was said, the first word first."""
    row = find(session, Synergy, synergy_id)
    return {"items": [_comment(said) for said in rows.comments(session, [row.id])]}


@router.post(
    "/synergies/{synergy_id}/comments",
    operation_id="create_comment",
    summary="Commenter une synergie",
    status_code=201,
    response_model=CommentShown,
    responses=CREATING,
)
def say(session: SessionOf, synergy_id: str, comment: CommentGiven) -> Any:
    """Add a comment to the thread."""
    said, _ = desk.comment(session, find(session, Synergy, synergy_id), comment.body)
    return _comment(said)


@router.delete(
    "/synergies/{synergy_id}/comments/{comment_id}",
    operation_id="delete_comment",
    summary="Supprimer son commentaire",
    status_code=204,
    responses=DELETING,
)
def unsay(session: SessionOf, synergy_id: str, comment_id: str) -> None:
    """Delete a comment of one's own."""
    said = find(session, Comment, comment_id)
    if said.synergy_id != synergy_id or said.deleted_at is not None:
        raise MissingError
    desk.delete_comment(session, comment_id)


def _comment(said: Comment) -> dict[str, Any]:
    return {"id": said.id, "at": said.created_at, "actor": said.actor, "body": said.body}


@router.get(
    "/saved-views",
    operation_id="list_saved_views",
    summary="Lister ses listes nommées et celles du territoire",
    response_model=ViewsShown,
    responses=READING,
)
def read_views(session: SessionOf, territory: OfTerritory) -> Any:
    """Return one's own and those shared with the staff."""
    access.check_territory(session, territory)
    return {"items": [asdict(view) for view in saved_views.views_of(session, territory)]}


@router.post(
    "/saved-views",
    operation_id="create_saved_view",
    summary="Nommer une liste",
    status_code=201,
    response_model=ViewShown,
    responses=CREATING,
)
def save_view(session: SessionOf, response: Response, view: ViewGiven) -> Any:
    """Name a list for oneself, or for the staff of a territory."""
    access.check_territory(session, view.territory_id)
    saved = saved_views.save(session, view.territory_id, view.name, view.query, shared=view.shared)
    response.headers["ETag"] = f'"{saved.version}"'
    return asdict(saved)


@router.patch(
    "/saved-views/{view_id}",
    operation_id="rename_saved_view",
    summary="Renommer une liste",
    response_model=ViewShown,
    responses=CHANGING,
)
def rename_view(
    session: SessionOf, response: Response, view_id: str, version: Version, view: ViewChange
) -> Any:
    """Give a list another name."""
    renamed = saved_views.rename(session, view_id, view.name, version)
    response.headers["ETag"] = f'"{renamed.version}"'
    return asdict(renamed)


@router.delete(
    "/saved-views/{view_id}",
    operation_id="delete_saved_view",
    summary="Supprimer le nom d’une liste",
    status_code=204,
    responses=DELETING,
)
def delete_view(session: SessionOf, view_id: str, version: VersionIfNamed) -> None:
    """Forget the name; what it listed stays."""
    saved_views.delete(session, view_id, version)
