"""What companies agree to: charters, mandates, levels of flows."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from app.api.common import CREATING, DELETING, READING, new_router
from app.db.tables import Charter, Territory
from app.dependencies import SessionOf
from app.repositories.records import find, rows_of
from app.schemas.trust import CharterGiven, CharterShown, GrantGiven, GrantShown, MandateShown
from app.services import consent

router = new_router("", "Confidentialité")


@router.get(
    "/territories/{territory_id}/charters",
    operation_id="list_charters",
    summary="Lire les versions de la charte de confidentialité",
    response_model=list[CharterShown],
    responses=READING,
)
def charters(session: SessionOf, territory_id: str) -> Any:
    """Return the versions, the oldest first: the last one is in force."""
    find(session, Territory, territory_id)
    return rows_of(session, Charter, territory_id=territory_id)


@router.post(
    "/territories/{territory_id}/charters",
    operation_id="publish_charter",
    summary="Publier une version de la charte (coordination)",
    status_code=201,
    response_model=CharterShown,
    responses=CREATING,
)
def publish(session: SessionOf, territory_id: str, charter: CharterGiven) -> Any:
    """Add a version; none is ever changed."""
    return consent.publish_charter(session, territory_id, charter.body)


@router.get(
    "/companies/{company_id}/mandates",
    operation_id="list_mandates",
    summary="Lire les mandats d’une entreprise",
    response_model=list[MandateShown],
    responses=READING,
)
def mandates(session: SessionOf, company_id: str) -> Any:
    """Return the mandates, those taken back included."""
    return consent.mandates_of(session, company_id)


@router.post(
    "/companies/{company_id}/mandates",
    operation_id="give_mandate",
    summary="Donner mandat à l’équipe du territoire",
    status_code=201,
    response_model=MandateShown,
    responses=CREATING,
)
def give(session: SessionOf, company_id: str) -> Any:
    """Sign, as the company or with its paper in hand."""
    return consent.give_mandate(session, company_id)


@router.delete(
    "/companies/{company_id}/mandates",
    operation_id="withdraw_mandate",
    summary="Retirer son mandat à l’équipe du territoire",
    status_code=204,
    responses=DELETING,
)
def withdraw(session: SessionOf, company_id: str) -> Response:
    """Take the mandate back: the staff read nothing of the company any more."""
    consent.withdraw_mandate(session, company_id)
    return Response(status_code=204)


@router.get(
    "/flows/{flow_id}/grants",
    operation_id="list_grants",
    summary="Lire à qui un flux est montré",
    response_model=list[GrantShown],
    responses=READING,
)
def grants(session: SessionOf, flow_id: str) -> Any:
    """Return the levels given, those taken back included."""
    return consent.grants_of(session, flow_id)


@router.post(
    "/flows/{flow_id}/grants",
    operation_id="grant_level",
    summary="Donner un niveau de diffusion à un flux",
    status_code=201,
    response_model=GrantShown,
    responses=CREATING,
)
def grant(session: SessionOf, flow_id: str, given: GrantGiven) -> Any:
    """Give a level, instead of the one before."""
    return consent.set_level(session, flow_id, given.level, given.to_company_id)


@router.delete(
    "/grants/{grant_id}",
    operation_id="revoke_grant",
    summary="Retirer un niveau de diffusion",
    status_code=204,
    responses=DELETING,
)
def revoke(session: SessionOf, grant_id: str) -> Response:
    """Take a level back."""
    consent.revoke_grant(session, grant_id)
    return Response(status_code=204)
