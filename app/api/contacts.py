"""Contacts: personal data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response

from app.api.common import CHANGING, CREATING, DELETING, READING, created, new_router, tagged
from app.db.tables import Contact
from app.dependencies import PageSlice, SessionOf, Version, VersionIfNamed
from app.repositories.paging import listed
from app.repositories.records import find
from app.schemas.common import PageOf
from app.schemas.places import ContactChange, ContactGiven, ContactShown
from app.services import access, places

router = new_router("/contacts", "Contacts")


@router.post(
    "",
    operation_id="create_contact",
    summary="Créer un contact",
    status_code=201,
    response_model=ContactShown,
    responses=CREATING,
)
def create(session: SessionOf, response: Response, contact: ContactGiven) -> Any:
    """Store a person to call at a site."""
    return created(response, places.create_contact(session, contact.model_dump()), "contacts")


@router.get(
    "",
    operation_id="list_contacts",
    summary="Lister les contacts",
    response_model=PageOf[ContactShown],
    responses=READING,
)
def read_all(
    session: SessionOf,
    part: PageSlice,
    territory: Annotated[str | None, Query(description="Identifiant d’un territoire")] = None,
    site: Annotated[str | None, Query(description="Identifiant d’un site")] = None,
) -> Any:
    """Return those of the territories open to the principal."""
    access.check_territory(session, territory)
    return listed(session, Contact, part, territory_id=territory, site_id=site)


@router.get(
    "/{contact_id}",
    operation_id="read_contact",
    summary="Lire un contact",
    response_model=ContactShown,
    responses=READING,
)
def read(session: SessionOf, response: Response, contact_id: str) -> Any:
    """Return one, with its ETag."""
    return tagged(response, find(session, Contact, contact_id))


@router.patch(
    "/{contact_id}",
    operation_id="change_contact",
    summary="Modifier un contact",
    response_model=ContactShown,
    responses=CHANGING,
)
def change(
    session: SessionOf, response: Response, contact_id: str, version: Version, contact: ContactChange
) -> Any:
    """Keep the fields left out as they were."""
    return tagged(response, places.change_contact(session, contact_id, contact.given(), version))


@router.delete(
    "/{contact_id}",
    operation_id="delete_contact",
    summary="Supprimer un contact",
    status_code=204,
    responses=DELETING,
)
def delete(session: SessionOf, contact_id: str, version: VersionIfNamed) -> None:
    """Forget the person."""
    places.delete_contact(session, contact_id, version)
