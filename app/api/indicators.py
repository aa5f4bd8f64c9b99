"""Indicators of a territory, as JSON or as a file for funders."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.api.common import READING, new_router, refusals
from app.api.formats import asked_format
from app.dependencies import Language, SessionOf
from app.errors import NotAcceptableError
from app.schemas.indicators import IndicatorsShown
from app.services import access
from app.services.exports import MEDIA_TYPES, Format
from app.services.indicators_told import FILES, file_of, told

router = new_router("/indicators", "Indicateurs")
OFFERED = (Format.JSON, *FILES)
MEDIA: dict[str, Any] = {MEDIA_TYPES[form].split(";")[0]: {} for form in FILES}


@router.get(
    "",
    operation_id="read_indicators",
    summary="Lire les indicateurs d’un territoire, ou les exporter",
    response_model=IndicatorsShown,
    responses=READING | refusals(406) | {200: {"content": MEDIA}},
)
def read(
    request: Request,
    session: SessionOf,
    language: Language,
    territory: Annotated[str | None, Query(max_length=36, description="Identifiant d’un territoire")] = None,
    format: Annotated[Format | None, Query(description="json, csv ou xlsx ; sinon l’en-tête Accept")] = None,
) -> Any:
    """Return each indicator with its definition, value, unit, method and date."""
    chosen = format or asked_format(request.headers.get("accept"))
    if chosen not in OFFERED:
        raise NotAcceptableError([form.value for form in OFFERED])
    named = access.territory_for(session, territory)
    if chosen is Format.JSON:
        return {"territory_id": named.id, "items": told(session, named.id, language)}
    name = f'attachment; filename="indicators.{chosen.value}"'
    content = file_of(session, named, chosen, language)
    return Response(content, media_type=MEDIA_TYPES[chosen], headers={"Content-Disposition": name})
