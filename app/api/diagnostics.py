"""Diagnostics: a visit with its flows, all or nothing."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from app.api.common import CREATING, DELETING, READING, created, new_router
from app.db.tables import Diagnostic, Site
from app.dependencies import PageSlice, SessionOf, VersionIfNamed
from app.repositories.paging import listed
from app.repositories.records import find
from app.schemas.common import PageOf
from app.schemas.flows import DiagnosticGiven, DiagnosticShown, DiagnosticStored
from app.services import declared, flows

router = new_router("", "Diagnostics")


@router.post(
    "/sites/{site_id}/diagnostics",
    operation_id="create_diagnostic",
    summary="Déclarer un diagnostic avec ses flux, tout ou rien",
    status_code=201,
    response_model=DiagnosticStored,
    responses=CREATING,
)
def create(session: SessionOf, response: Response, site_id: str, diagnostic: DiagnosticGiven) -> Any:
    """Store everything or nothing; errors name a flow by its position, from 0: ``flows.2.unit``."""
    about = diagnostic.model_dump(exclude={"flows"})
    row, stored = flows.declare_diagnostic(
        session, site_id, about, [flow.model_dump() for flow in diagnostic.flows]
    )
    created(response, row, "diagnostics")
    shown = DiagnosticShown.model_validate(row).model_dump()
    return shown | {"flows": declared.shown(session, stored)}


@router.get(
    "/sites/{site_id}/diagnostics",
    operation_id="list_diagnostics",
    summary="Lister les diagnostics d’un site",
    response_model=PageOf[DiagnosticShown],
    responses=READING,
)
def read_all(session: SessionOf, part: PageSlice, site_id: str) -> Any:
    """Return them in the order they were stored."""
    site = find(session, Site, site_id)
    return listed(session, Diagnostic, part, site_id=site.id)


@router.get(
    "/diagnostics/{diagnostic_id}",
    operation_id="read_diagnostic",
    summary="Lire un diagnostic avec ses flux",
    response_model=DiagnosticStored,
    responses=READING,
)
def read(session: SessionOf, diagnostic_id: str) -> Any:
    """Return one diagnostic."""
    row, stored = flows.read_diagnostic(session, diagnostic_id)
    shown = DiagnosticShown.model_validate(row).model_dump()
    return shown | {"flows": declared.shown(session, stored)}


@router.delete(
    "/diagnostics/{diagnostic_id}",
    operation_id="delete_diagnostic",
    summary="Supprimer un diagnostic et ses flux",
    status_code=204,
    responses=DELETING,
)
def delete(session: SessionOf, diagnostic_id: str, version: VersionIfNamed) -> None:
    """Delete a diagnostic with its flows."""
    flows.delete_diagnostic(session, diagnostic_id, version)
