"""Teasers: what the companies of a territory offer and seek, told so that nobody is recognised."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query

from app.api.common import READING, new_router
from app.dependencies import DatabaseOf, Language, SessionOf
from app.schemas.trust import TeaserShown
from app.services import access, teasers

router = new_router("/teasers", "Confidentialité")


@router.get(
    "",
    operation_id="list_teasers",
    summary="Parcourir ce que le territoire offre et cherche, sans noms",
    response_model=list[TeaserShown],
    responses=READING,
)
def read(
    session: SessionOf,
    database: DatabaseOf,
    language: Language,
    territory: Annotated[str | None, Query(description="Identifiant d’un territoire")] = None,
    direction: Literal["input", "output"] | None = None,
    family: Annotated[str | None, Query(max_length=60, description="Famille de ressources")] = None,
) -> Any:
    """Return groups of at least three companies; there is no filter finer than a cell."""
    where = access.territory_id_for(session, territory)
    teasers.refresh(database, where)
    home = teasers.home_cell(session)
    found = [group.shown(language, home) for group in teasers.told(session, where)]
    return [one for one in found if direction in (None, one["direction"]) and family in (None, one["family"])]
