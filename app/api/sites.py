"""Sites."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response

from app.api.common import CHANGING, CREATING, DELETING, READING, created, new_router, tagged
from app.db.tables import Site
from app.dependencies import BoundingBox, PageSlice, SessionOf, Version, VersionIfNamed
from app.repositories.records import read_row
from app.repositories.sites import listed
from app.schemas.common import PageOf
from app.schemas.places import SiteChange, SiteGiven, SiteShown
from app.services import access, places

router = new_router("/sites", "Sites")
# Longitude and latitude tell it too.
PLACE = frozenset({"location"})


@router.post(
    "",
    operation_id="create_site",
    summary="Créer un site",
    status_code=201,
    response_model=SiteShown,
    responses=CREATING,
)
def create(session: SessionOf, response: Response, site: SiteGiven) -> Any:
    """Store a site; without a point it is placed by its address."""
    return created(response, places.create_site(session, site.model_dump()), "sites")


@router.get(
    "",
    operation_id="list_sites",
    summary="Lister les sites",
    response_model=PageOf[SiteShown],
    responses=READING,
)
def read_all(
    session: SessionOf,
    part: PageSlice,
    territory: Annotated[str | None, Query(description="Identifiant d’un territoire")] = None,
    park: Annotated[str | None, Query(description="Identifiant d’un parc")] = None,
    company: Annotated[str | None, Query(description="Identifiant d’une entreprise")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Mots du nom")] = None,
    box: BoundingBox = None,
) -> Any:
    """Return those of the territories open to the principal."""
    access.check_territory(session, territory)
    return listed(session, part, box, q, territory_id=territory, park_id=park, company_id=company)


@router.get(
    "/{site_id}",
    operation_id="read_site",
    summary="Lire un site",
    response_model=SiteShown,
    responses=READING,
)
def read(session: SessionOf, response: Response, site_id: str) -> Any:
    """Return one, with its ETag."""
    return tagged(response, read_row(session, Site, site_id, without=PLACE))


@router.patch(
    "/{site_id}",
    operation_id="change_site",
    summary="Modifier un site",
    response_model=SiteShown,
    responses=CHANGING,
)
def change(session: SessionOf, response: Response, site_id: str, version: Version, site: SiteChange) -> Any:
    """Keep the fields left out as they were."""
    return tagged(response, places.change_site(session, site_id, site.given(), version))


@router.delete(
    "/{site_id}",
    operation_id="delete_site",
    summary="Supprimer un site",
    status_code=204,
    responses=DELETING,
)
def delete(session: SessionOf, site_id: str, version: VersionIfNamed) -> None:
    """Delete a site with its flows, diagnostics and contacts."""
    places.delete_site(session, site_id, version)
