"""Flows, what they could do, and the diagnostics they come from."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Query, Response

from app.api.common import CHANGING, CREATING, DELETING, READING, created, new_router, refusals, tagged
from app.db.tables import Flow
from app.db.visibility import principal_of
from app.dependencies import Language, PageSlice, SessionOf, SettingsOf, Version, VersionIfNamed
from app.exports.document import localised
from app.repositories.flows import find_placed
from app.repositories.paging import listed
from app.repositories.records import find
from app.schemas.common import PageOf
from app.schemas.flows import FlowChange, FlowGiven, FlowShown
from app.schemas.reference import OutletShown
from app.schemas.synergies import Ranked
from app.schemas.trust import BlindRanked
from app.services import access, declared, flows, matches, matching
from app.services.blind import blind_matches
from app.services.classification import outlet_rows
from app.services.directory import sites_near
from matching.model import Direction, Kind

router = new_router("/flows", "Flux")


@router.post(
    "",
    operation_id="create_flow",
    summary="Déclarer un flux",
    status_code=201,
    response_model=FlowShown,
    responses=CREATING,
)
def create(session: SessionOf, response: Response, flow: FlowGiven) -> Any:
    """Store a flow; the synergies of the territory follow at once."""
    row = flows.declare_flow(session, flow.site_id, flow.model_dump(exclude={"site_id"}))
    created(response, row, "flows")
    return declared.shown(session, [row])[0]


@router.get(
    "",
    operation_id="list_flows",
    summary="Lister les flux",
    response_model=PageOf[FlowShown],
    responses=READING,
)
def read_all(
    session: SessionOf,
    part: PageSlice,
    territory: Annotated[str | None, Query(description="Identifiant d’un territoire")] = None,
    site: Annotated[str | None, Query(description="Identifiant d’un site")] = None,
    direction: Direction | None = None,
    kind: Kind | None = None,
    q: Annotated[str | None, Query(max_length=200, description="Mots du libellé")] = None,
) -> Any:
    """Return flows as they were declared."""
    access.check_territory(session, territory)
    page = listed(
        session, Flow, part, words=q, territory_id=territory, site_id=site, direction=direction, kind=kind
    )
    return {"items": declared.shown(session, page.items), "next": page.next}


@router.get(
    "/{flow_id}",
    operation_id="read_flow",
    summary="Lire un flux",
    response_model=FlowShown,
    responses=READING,
)
def read(session: SessionOf, response: Response, flow_id: str) -> Any:
    """Return one flow, with its ETag."""
    stored = find_placed(session, flow_id)
    return declared.shown_with(session, [tagged(response, stored.row)], [stored.flow])[0]


@router.patch(
    "/{flow_id}",
    operation_id="change_flow",
    summary="Corriger un flux",
    response_model=FlowShown,
    responses=CHANGING,
)
def change(session: SessionOf, response: Response, flow_id: str, version: Version, flow: FlowChange) -> Any:
    """Keep the fields left out as they were declared."""
    row = tagged(response, flows.change_flow(session, flow_id, flow.given(), version))
    return declared.shown(session, [row])[0]


@router.delete(
    "/{flow_id}",
    operation_id="delete_flow",
    summary="Supprimer un flux",
    status_code=204,
    responses=DELETING,
)
def delete(session: SessionOf, flow_id: str, version: VersionIfNamed) -> None:
    """Delete a flow; its synergies go too, unless somebody follows them."""
    flows.delete_flow(session, flow_id, version)


@router.get(
    "/{flow_id}/matches",
    operation_id="read_flow_matches",
    summary="Ce que ce flux pourrait devenir, classé maintenant",
    response_model=Ranked | BlindRanked,
    responses=READING | refusals(503),
    tags=["Appariement"],
)
def read_matches(
    session: SessionOf,
    settings: SettingsOf,
    language: Language,
    flow_id: str,
    limit: Annotated[int | None, Query(ge=1, le=200)] = None,
) -> Any:
    """Compute with the flows of the territory as they stand; a company reads its matches without names."""
    stored = find_placed(session, flow_id)
    if not principal_of(session).is_staff_of(stored.territory.id):
        blind = blind_matches(session, flow_id)[: limit or settings.matching.preview_top]
        return {"blind": [one.shown(language) for one in blind]}
    found = matches.matches_of(session, stored, limit or settings.matching.preview_top)
    # Documents have the schema's shape: to check them again takes longer than to write them.
    content = orjson.dumps({"items": [localised(document, language) for document in found]})
    return Response(content, media_type="application/json")


@router.get(
    "/{flow_id}/outlets",
    operation_id="read_flow_outlets",
    summary="Quelles activités pourraient prendre ce flux",
    response_model=list[OutletShown],
    responses=READING,
    tags=["Appariement"],
)
def read_outlets(
    session: SessionOf,
    settings: SettingsOf,
    language: Language,
    flow_id: str,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Any:
    """Return outlets, whether or not a site has declared the need."""
    flow = flows.flow_of(session, find(session, Flow, flow_id))
    found = matching.outlets(flow.label, flow.waste_code, flow.site.activity_code, limit)
    return outlet_rows(found, language, sites_near(settings.matching, flow.site, found))
