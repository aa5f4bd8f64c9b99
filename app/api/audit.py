"""The audit, for the staff of a territory and for each company about itself."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from app.api.common import CREATING, READING, new_router
from app.dependencies import SessionOf
from app.repositories.audit import newest
from app.schemas.trust import AuditPage, GlassBroken, SeatShown
from app.services import access, seats

router = new_router("/audit", "Journal")


@router.post(
    "/break-glass/{territory_id}",
    operation_id="break_glass",
    summary="Ouvrir un territoire à l’exploitant, un moment, au vu de tous",
    status_code=201,
    response_model=SeatShown,
    responses=CREATING,
)
def break_glass(session: SessionOf, territory_id: str, given: GlassBroken) -> Any:
    """Seat the operator who asks, and say so in the territory's audit."""
    return seats.break_glass(session, territory_id, given.reason, given.minutes)


@router.get(
    "",
    operation_id="read_audit",
    summary="Qui a lu ou changé quoi",
    response_model=AuditPage,
    responses=READING,
)
def read(
    session: SessionOf,
    territory: Annotated[str | None, Query(description="Identifiant d’un territoire")] = None,
    company: Annotated[str | None, Query(description="Identifiant d’une entreprise")] = None,
    before: Annotated[int | None, Query(ge=1, description="« next » de la page d’avant")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Any:
    """Return entries kept for a year, the newest first."""
    access.check_territory(session, territory)
    found = newest(session, limit + 1, territory, company, before)
    shown = found[:limit]
    return {"items": shown, "next": shown[-1].id if len(found) > limit else None}
