"""Territories."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from app.api.common import CHANGING, CREATING, DELETING, READING, created, new_router, tagged
from app.db.tables import Territory
from app.dependencies import PageSlice, SessionOf, Version, VersionIfNamed
from app.repositories.paging import listed
from app.repositories.records import find
from app.schemas.common import PageOf
from app.schemas.places import TerritoryChange, TerritoryGiven, TerritoryShown
from app.services import places

router = new_router("/territories", "Territoires")


@router.post(
    "",
    operation_id="create_territory",
    summary="Créer un territoire",
    status_code=201,
    response_model=TerritoryShown,
    responses=CREATING,
)
def create(session: SessionOf, response: Response, territory: TerritoryGiven) -> Any:
    """Create a territory (operators only)."""
    return created(response, places.create_territory(session, territory.model_dump()), "territories")


@router.get(
    "",
    operation_id="list_territories",
    summary="Lister les territoires",
    response_model=PageOf[TerritoryShown],
    responses=READING,
)
def read_all(session: SessionOf, part: PageSlice) -> Any:
    """Return the territories open to the principal."""
    page = listed(session, Territory, part)
    return {"items": [places.for_reader(session, row) for row in page.items], "next": page.next}


@router.get(
    "/{territory_id}",
    operation_id="read_territory",
    summary="Lire un territoire",
    response_model=TerritoryShown,
    responses=READING,
)
def read(session: SessionOf, response: Response, territory_id: str) -> Any:
    """Return one territory, with its ETag."""
    return places.for_reader(session, tagged(response, find(session, Territory, territory_id)))


@router.patch(
    "/{territory_id}",
    operation_id="change_territory",
    summary="Modifier un territoire",
    response_model=TerritoryShown,
    responses=CHANGING,
)
def change(
    session: SessionOf, response: Response, territory_id: str, version: Version, territory: TerritoryChange
) -> Any:
    """Change a territory; new parameters compute its synergies again."""
    row = places.change_territory(session, territory_id, territory.given(), version)
    return tagged(response, row)


@router.delete(
    "/{territory_id}",
    operation_id="delete_territory",
    summary="Supprimer un territoire et tout ce qu’il contient",
    status_code=204,
    responses=DELETING,
)
def delete(session: SessionOf, territory_id: str, version: VersionIfNamed) -> None:
    """Delete a territory (operators only)."""
    places.delete_territory(session, territory_id, version)
