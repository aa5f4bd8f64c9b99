"""Synergies: listed, read, moved, as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from app.api.common import CHANGING, READING, new_router, refusals, tagged
from app.api.formats import asked_format
from app.db.base import now
from app.db.tables import Synergy
from app.dependencies import BoundingBox, Language, PrincipalOf, SessionOf, Version, numbers
from app.errors import InvalidInputError
from app.repositories.desk import DeskCriteria
from app.repositories.paging import Slice
from app.repositories.records import find, read_row
from app.repositories.synergy_criteria import Criteria
from app.repositories.synergy_pages import page_of
from app.schemas.common import PageOf
from app.schemas.desk import Aside
from app.schemas.synergies import StatusChange, SynergyDetail, SynergyKindName, SynergyShown
from app.services import access, desk, exports, synergies
from app.services.exports import LARGEST_FILE, MEDIA_TYPES, Format
from app.services.statuses import Status
from matching.messages import N_, Message

router = new_router("/synergies", "Synergies")

Sort = Literal[
    "-score",
    "score",
    "-confidence",
    "confidence",
    "distance_km",
    "-distance_km",
    "-quantity_per_year",
    "quantity_per_year",
    "-saving_eur_per_year",
    "saving_eur_per_year",
    "-saving_tco2e_per_year",
    "saving_tco2e_per_year",
    "-created_at",
    "created_at",
]
FILES = {Format.JSON: None} | {
    form: MEDIA_TYPES[form].split(";")[0] for form in Format if form != Format.JSON
}


@dataclass(frozen=True, slots=True)
class Near:
    """A point and how far around it, in km."""

    lon: float
    lat: float
    within_km: float


async def near_point(
    near: Annotated[str | None, Query(max_length=100, description="longitude,latitude WGS 84")] = None,
    within_km: Annotated[float, Query(gt=0, le=1000, description="Rayon autour de « near », en km")] = 20.0,
) -> Near | None:
    """Return the point asked."""
    if near is None:
        return None
    lon, lat = numbers("near", near, 2)
    if abs(lat) > 90:
        raise InvalidInputError.on("near", Message(N_("Give the longitude first, then the latitude.")))
    return Near(lon, lat, within_km)


async def criteria_asked(
    principal: PrincipalOf,
    box: BoundingBox,
    territory: Annotated[str | None, Query(description="Identifiant d’un territoire")] = None,
    kind: SynergyKindName | None = None,
    form: Annotated[str | None, Query(max_length=30)] = None,
    status: Status | None = None,
    min_score: Annotated[float | None, Query(ge=0, le=100)] = None,
    min_quantity: Annotated[float | None, Query(ge=0, description="Quantité par an, au moins")] = None,
    site: Annotated[str | None, Query(description="Identifiant d’un site")] = None,
    park: Annotated[str | None, Query(description="Identifiant d’un parc")] = None,
    flow: Annotated[str | None, Query(description="Identifiant d’un flux")] = None,
    resource: Annotated[str | None, Query(max_length=120)] = None,
    stale: Annotated[bool | None, Query(description="Ce que le moteur ne propose plus")] = None,
    assigned_to: Annotated[
        str | None,
        Query(max_length=80, description="À qui elle est confiée : identifiant, « me » ou « nobody »"),
    ] = None,
    shelved: Annotated[bool | None, Query(description="Ce qui est mis de côté")] = None,
    unmoved_days: Annotated[
        int | None, Query(ge=1, le=9999, description="Commencée, et immobile depuis tant de jours")
    ] = None,
) -> Criteria:
    """Return what the list is narrowed to."""
    return Criteria(
        territory_id=territory,
        kind=kind,
        form=form,
        status=status,
        resource=resource,
        min_score=min_score,
        min_quantity=min_quantity,
        site_id=site,
        park_id=park,
        flow_id=flow,
        box=box,
        stale=stale,
        desk=DeskCriteria(
            {"me": principal.subject, "nobody": ""}.get(assigned_to or "", assigned_to),
            shelved,
            now() - timedelta(days=unmoved_days) if unmoved_days else None,
        ),
    )


@router.get(
    "",
    operation_id="list_synergies",
    summary="Lister les synergies, ou les exporter",
    response_model=PageOf[SynergyShown],
    responses=READING | refusals(406) | {200: {"content": {media: {} for media in FILES.values() if media}}},
)
def read_all(
    request: Request,
    session: SessionOf,
    language: Language,
    criteria: Annotated[Criteria, Depends(criteria_asked)],
    near: Annotated[Near | None, Depends(near_point)],
    sort: Sort = "-score",
    limit: Annotated[int | None, Query(ge=1, le=LARGEST_FILE)] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    format: Annotated[Format | None, Query(description="Sinon l’en-tête Accept décide")] = None,
) -> Any:
    """Return JSON page by page; files hold everything that fulfils the criteria."""
    chosen = format or asked_format(request.headers.get("accept"))
    access.check_territory(session, criteria.territory_id)
    if near is not None:
        criteria = exports.around(session, criteria, near.lon, near.lat, near.within_km)
    if chosen is not Format.JSON:
        content = exports.export_synergies(session, criteria, chosen, language, sort, limit or LARGEST_FILE)
        name = f'attachment; filename="synergies.{chosen.value}"'
        return Response(content, media_type=MEDIA_TYPES[chosen], headers={"Content-Disposition": name})
    request.state.gave_page = True
    page = page_of(session, criteria, Slice(min(limit or 100, 500), cursor), sort)
    # Stored documents have the schema's shape: to check them again takes longer than to read them.
    content = synergies.page_json(session, page.items, page.next, language)
    return Response(content, media_type="application/json")


@router.get(
    "/{synergy_id}",
    operation_id="read_synergy",
    summary="Lire une synergie et son histoire",
    response_model=SynergyDetail,
    responses=READING,
)
def read(session: SessionOf, response: Response, language: Language, synergy_id: str) -> Any:
    """Return a synergy with what is needed to replay its score."""
    row = tagged(response, read_row(session, Synergy, synergy_id))
    return synergies.detail_of(session, row, language)


@router.patch(
    "/{synergy_id}",
    operation_id="move_synergy",
    summary="Faire avancer une synergie",
    response_model=SynergyDetail,
    responses=CHANGING,
)
def move(
    session: SessionOf,
    response: Response,
    language: Language,
    synergy_id: str,
    version: Version,
    change: StatusChange,
) -> Any:
    """Move a synergy, give it to somebody, set it aside: all of it or nothing."""
    row = find(session, Synergy, synergy_id)
    synergies.check_version(row, version)
    given = change.given()
    if not given.keys() & {"status", "assignee", "shelved"}:
        raise InvalidInputError.on("status", Message(N_("This field is required: fill it in.")))
    if "status" in given:
        synergies.move(session, synergy_id, change.status, version, change.obstacle, change.comment)
    if "assignee" in given:
        desk.assign(session, [row], change.assignee or "")
    if change.shelved is False:
        desk.take_back(session, [row])
    elif isinstance(change.shelved, Aside):
        desk.shelve(session, [row], change.shelved.until, change.shelved.reason)
    elif change.shelved:
        desk.shelve(session, [row])
    return synergies.detail_of(session, tagged(response, row), language)
