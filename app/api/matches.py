"""Matches that are not stored: of a flow not yet saved, or refused."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from app.api.common import READING, new_router, refusals
from app.dependencies import Language, SessionOf, SettingsOf
from app.exports.document import localised
from app.schemas.flows import FlowPreview
from app.schemas.synergies import Ranked
from app.services import flows, matches

router = new_router("/matches", "Appariement")


@router.post(
    "/preview",
    operation_id="preview_matches",
    summary="Ce qu’un flux pas encore enregistré pourrait devenir",
    response_model=Ranked,
    responses=READING | refusals(400, 503),
)
def preview(session: SessionOf, settings: SettingsOf, language: Language, flow: FlowPreview) -> Any:
    """Compute without storing anything."""
    found = flows.preview_flow(
        session, flow.site_id, flow.model_dump(exclude={"site_id"}), settings.matching.preview_top
    )
    return {"items": [localised(document, language) for document in found]}


@router.get(
    "/why-not",
    operation_id="explain_refusal",
    summary="Pourquoi deux flux ne sont pas proposés ensemble",
    response_model=dict[str, Any],
    responses=READING,
)
def why_not(
    session: SessionOf,
    language: Language,
    provider: Annotated[str, Query(max_length=36, description="Flux de l’émetteur")],
    receiver: Annotated[str, Query(max_length=36, description="Flux du receveur")],
) -> Any:
    """Return the gates and the criteria of the pair."""
    return matches.why_not(session, provider, receiver, language)
