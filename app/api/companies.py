"""Companies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response

from app.api.common import CHANGING, CREATING, DELETING, READING, created, new_router, tagged
from app.db.tables import Company
from app.dependencies import PageSlice, SessionOf, Version, VersionIfNamed
from app.repositories.paging import listed
from app.repositories.records import find
from app.schemas.common import PageOf
from app.schemas.places import CompanyChange, CompanyGiven, CompanyShown
from app.services import access, places

router = new_router("/companies", "Entreprises")


@router.post(
    "",
    operation_id="create_company",
    summary="Créer une entreprise",
    status_code=201,
    response_model=CompanyShown,
    responses=CREATING,
)
def create(session: SessionOf, response: Response, company: CompanyGiven) -> Any:
    """Store a company in the territory named, or the only one open to the principal."""
    return created(response, places.create_company(session, company.model_dump()), "companies")


@router.get(
    "",
    operation_id="list_companies",
    summary="Lister les entreprises",
    response_model=PageOf[CompanyShown],
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
    page = listed(session, Company, part, words=q, territory_id=territory)
    return {"items": [places.for_reader(session, row) for row in page.items], "next": page.next}


@router.get(
    "/{company_id}",
    operation_id="read_company",
    summary="Lire une entreprise",
    response_model=CompanyShown,
    responses=READING,
)
def read(session: SessionOf, response: Response, company_id: str) -> Any:
    """Return one, with its ETag."""
    return places.for_reader(session, tagged(response, find(session, Company, company_id)))


@router.patch(
    "/{company_id}",
    operation_id="change_company",
    summary="Modifier une entreprise",
    response_model=CompanyShown,
    responses=CHANGING,
)
def change(
    session: SessionOf, response: Response, company_id: str, version: Version, company: CompanyChange
) -> Any:
    """Keep the fields left out as they were."""
    row = places.change_company(session, company_id, company.given(), version)
    return places.for_reader(session, tagged(response, row))


@router.delete(
    "/{company_id}",
    operation_id="delete_company",
    summary="Supprimer une entreprise",
    status_code=204,
    responses=DELETING,
)
def delete(session: SessionOf, company_id: str, version: VersionIfNamed) -> None:
    """Delete a company that has no site."""
    places.delete_company(session, company_id, version)
