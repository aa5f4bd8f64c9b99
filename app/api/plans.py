"""Plans: started, followed, read, cancelled, deleted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import BackgroundTasks, Query, Request, Response

from app.api.common import CREATING, DELETING, READING, created, new_router, refusals, tagged
from app.db.tables import Plan
from app.dependencies import Language, PageSlice, SessionOf, VersionIfNamed
from app.repositories.plans import listed
from app.repositories.records import find
from app.schemas.common import PageOf
from app.schemas.plans import PlanDetail, PlanGiven, PlanStatusName, PlanSummary
from app.services import access, plan_files, stored_plans
from app.services.plan_files import PlanFormat

router = new_router("/plans", "Plans")


@router.post(
    "",
    operation_id="start_plan",
    summary="Lancer un plan : il se calcule en arrière-plan",
    status_code=202,
    response_model=PlanSummary,
    responses=CREATING | refusals(429),
)
def start(
    request: Request,
    session: SessionOf,
    response: Response,
    language: Language,
    plan: PlanGiven,
    afterwards: BackgroundTasks,
) -> Any:
    """Put a plan in the queue; the answer says where to read it."""
    territory_id = access.territory_id_for(session, plan.territory_id)
    asked = plan.model_dump(exclude={"territory_id", "planner"})
    row = stored_plans.start_plan(session, territory_id, plan.planner, asked)
    # The queue sees the plan once it is committed: the task runs after that.
    afterwards.add_task(request.app.state.plan_queue.wake)
    return stored_plans.plan_summary(created(response, row, "plans"), language)


@router.get(
    "",
    operation_id="list_plans",
    summary="Lister les plans, les derniers d’abord",
    response_model=PageOf[PlanSummary],
    responses=READING,
)
def read_all(
    session: SessionOf,
    part: PageSlice,
    language: Language,
    territory: Annotated[str | None, Query(description="Identifiant d’un territoire")] = None,
    planner: Annotated[str | None, Query(max_length=20)] = None,
    status: PlanStatusName | None = None,
) -> Any:
    """Return a page of plans, without their documents."""
    access.check_territory(session, territory)
    page = listed(session, part, territory, planner, status)
    return {"items": [stored_plans.plan_summary(row, language) for row in page.items], "next": page.next}


@router.get(
    "/{plan_id}",
    operation_id="read_plan",
    summary="Lire un plan et ses documents de résultat, ou l’exporter",
    response_model=PlanDetail,
    responses=READING
    | refusals(409)
    | {200: {"content": {form.media_type: {} for form in PlanFormat if form is not PlanFormat.JSON}}},
)
def read(
    session: SessionOf,
    response: Response,
    language: Language,
    plan_id: str,
    format: Annotated[
        PlanFormat, Query(description="geojson : la carte ; xlsx : le classeur")
    ] = PlanFormat.JSON,
) -> Any:
    """Return a plan; while it waits or is computed it has no document."""
    row = tagged(response, find(session, Plan, plan_id))
    if format is PlanFormat.JSON:
        return stored_plans.plan_detail(row, language)
    content = plan_files.plan_file(session, row, format, language)
    return _attached(content, format.media_type, f"plan-{row.id[:8]}.{format.value}")


@router.get(
    "/{plan_id}/sheet.pdf",
    operation_id="read_plan_sheet",
    summary="Le papier d’un plan pour le jour venu, en PDF",
    response_class=Response,
    responses=READING | refusals(409) | {200: {"content": {"application/pdf": {}}}},
)
def sheet(
    session: SessionOf,
    language: Language,
    plan_id: str,
    document: Annotated[int, Query(ge=0, le=100_000, description="Rang du document, à partir de 0")] = 0,
) -> Response:
    """Return the paper of one document; planners without a paper have none."""
    row = find(session, Plan, plan_id)
    content = plan_files.plan_sheet(session, row, document, language)
    return _attached(content, "application/pdf", f"plan-{row.id[:8]}-{document}.pdf")


def _attached(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


@router.post(
    "/{plan_id}/cancel",
    operation_id="cancel_plan",
    summary="Annuler un plan qui attend ou se calcule",
    response_model=PlanSummary,
    responses=refusals(400, 401, 403, 404, 409, 412, 422),
)
def cancel(
    session: SessionOf, response: Response, language: Language, plan_id: str, version: VersionIfNamed
) -> Any:
    """Cancel a plan; one that is finished stays as it is."""
    row = stored_plans.cancel_plan(session, plan_id, version)
    return stored_plans.plan_summary(tagged(response, row), language)


@router.delete(
    "/{plan_id}",
    operation_id="delete_plan",
    summary="Supprimer un plan",
    status_code=204,
    responses=DELETING,
)
def delete(session: SessionOf, plan_id: str, version: VersionIfNamed) -> None:
    """Delete a plan with its documents."""
    stored_plans.delete_plan(session, plan_id, version)
