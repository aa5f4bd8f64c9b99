"""Activity parks."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response

from app.api.common import CHANGING, CREATING, DELETING, READING, created, new_router, tagged
from app.db.tables import Park
from app.dependencies import PageSlice, SessionOf, Version, VersionIfNamed
from app.repositories.paging import listed
from app.repositories.records import find
from app.schemas.common import PageOf
from app.schemas.places import ParkChange, ParkGiven, ParkShown
from app.services import access, places

router = new_router("/parks", "Parcs")


@router.post(
    "",
    operation_id="create_park",
    summary="Créer un parc d’activités",
    status_code=201,
    response_model=ParkShown,
    responses=CREATING,
)
def create(session: SessionOf, response: Response, park: ParkGiven) -> Any:
    """Store a park; its outline is a GeoJSON point or polygon."""
    return created(response, places.create_park(session, park.model_dump()), "parks")


@router.get(
    "",
    operation_id="list_parks",
    summary="Lister les parcs d’activités",
    response_model=PageOf[ParkShown],
    responses=READING,
)
def read_all(
    session: SessionOf,
    part: PageSlice,
    territory: Annotated[str | None, Query(description="Identifiant d’un territoire")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Mots du nom")] = None,
) -> Any:
    """Return those of the territories open to the principal."""
    access.check_territory(session, territory)
    page = listed(session, Park, part, words=q, territory_id=territory)
    return {"items": [places.for_reader(session, row) for row in page.items], "next": page.next}


@router.get(
    "/{park_id}",
    operation_id="read_park",
    summary="Lire un parc d’activités",
    response_model=ParkShown,
    responses=READING,
)
def read(session: SessionOf, response: Response, park_id: str) -> Any:
    """Return one, with its ETag."""
    return places.for_reader(session, tagged(response, find(session, Park, park_id)))


@router.patch(
    "/{park_id}",
    operation_id="change_park",
    summary="Modifier un parc d’activités",
    response_model=ParkShown,
    responses=CHANGING,
)
def change(session: SessionOf, response: Response, park_id: str, version: Version, park: ParkChange) -> Any:
    """Keep the fields left out as they were."""
    return tagged(response, places.change_park(session, park_id, park.given(), version))


@router.delete(
    "/{park_id}",
    operation_id="delete_park",
    summary="Supprimer un parc d’activités",
    status_code=204,
    responses=DELETING,
)
def delete(session: SessionOf, park_id: str, version: VersionIfNamed) -> None:
    """Delete a park that holds no site."""
    places.delete_park(session, park_id, version)
