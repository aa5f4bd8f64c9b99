"""What the catalogue knows; the same for everybody who is signed in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query

from app.api.common import READING, new_router
from app.dependencies import Language, signed_in
from app.schemas.reference import (
    Classified,
    ObstacleShown,
    ResourceShown,
    RuleShown,
    TypicalFlowShown,
    UnitShown,
    WasteCodeShown,
)
from app.services import reference
from app.services.classification import classify_rows, typical_rows
from app.services.statuses import obstacles
from matching.model import Direction, Kind

router = new_router("", "Référentiels")
router.dependencies.append(Depends(signed_in))

Words = Annotated[str, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=2000)]


@router.get(
    "/classify",
    operation_id="classify_text",
    summary="Reconnaître un libellé",
    response_model=list[Classified],
    responses=READING,
)
def classify(
    language: Language,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    direction: Direction | None = None,
    kind: Kind | None = None,
    top: Annotated[int, Query(ge=1, le=50)] = 5,
) -> Any:
    """Return the waste codes and the resources it could be, best first."""
    return classify_rows(q, direction or "", kind or "", top, language)


@router.get(
    "/reference/typical-flows",
    operation_id="list_typical_flows",
    summary="Ce qu'une activité cède et cherche d'ordinaire",
    response_model=list[TypicalFlowShown],
    responses=READING,
)
def list_typical_flows(
    language: Language,
    naf: Annotated[str, Query(min_length=2, max_length=7)],
    top: Annotated[int, Query(ge=2, le=100)] = 20,
) -> Any:
    """Return questions to ask a firm of this activity, the most telling first."""
    return typical_rows(naf, top, language)


@router.get(
    "/reference/resources",
    operation_id="list_resources",
    summary="Les ressources du catalogue",
    response_model=list[ResourceShown],
    responses=READING,
)
def resources(language: Language, q: Words = "", kind: Kind | None = None, limit: Limit = 200) -> Any:
    """Return those whose names or synonyms hold the words."""
    return reference.resources(q, kind.value if kind else None, limit, language)


@router.get(
    "/reference/waste-codes",
    operation_id="list_waste_codes",
    summary="La liste européenne des déchets",
    response_model=list[WasteCodeShown],
    responses=READING,
)
def waste_codes(language: Language, q: Words = "", limit: Limit = 200) -> Any:
    """Return those that begin with the digits or whose label holds the words."""
    return reference.waste_codes(q, limit, language)


@router.get(
    "/reference/units",
    operation_id="list_units",
    summary="Les unités",
    response_model=list[UnitShown],
    responses=READING,
)
def units() -> Any:
    """Return each unit with its canonical one."""
    return reference.units()


@router.get(
    "/reference/rules",
    operation_id="list_rules",
    summary="Les règles de substitution",
    response_model=list[RuleShown],
    responses=READING,
)
def rules(
    language: Language,
    resource: Annotated[
        str | None, Query(max_length=120, description="Ressource de départ ou d’arrivée")
    ] = None,
    limit: Limit = 200,
) -> Any:
    """Return what may replace what, on what grounds."""
    return reference.rules(resource, limit, language)


@router.get(
    "/reference/obstacles",
    operation_id="list_obstacles",
    summary="Les freins qui arrêtent une synergie",
    response_model=list[ObstacleShown],
    responses=READING,
)
def list_obstacles(language: Language) -> Any:
    """Return what may pause or stop a synergy."""
    return [{"code": code, "label": label.in_language(language)} for code, label in obstacles().items()]
