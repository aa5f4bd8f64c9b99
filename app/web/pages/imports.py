"""Imports: the form, those made so far, one of them and the way it went, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

from app.db.base import now
from app.db.tables import Import
from app.errors import ConflictError
from app.exports.document import localised
from app.repositories import imports as import_rows
from app.repositories.records import find
from app.services import import_queue, undoing, waiting_files
from app.services.import_reading import GROUPS
from app.translations import translate
from app.web import overview
from app.web.import_view import PAGE_ROWS, elapsed, page_of
from app.web.import_words import ImportWords
from app.web.visit import Visit, VisitOf, see_other

router = APIRouter()


@router.get("/imports")
def show_all(visit: VisitOf) -> Response:
    """Show the form, the files that wait for their sender's word, and the imports made so far."""
    return form_page(visit)


def form_page(visit: Visit, status: int = 200, error: str = "") -> HTMLResponse:
    """Return the form that takes a file."""
    rows = overview.all_imports(visit.session, visit.territory.id)
    return visit.page(
        "imports.html",
        status,
        here="/imports",
        error=error,
        words=ImportWords(visit.language),
        imports=[(row, import_queue.standing(visit.database, row)[0]) for row in rows],
        waiting=waiting_files.own_files(visit.session, visit.territory.id),
        largest_mb=visit.settings.web.max_upload_bytes // (1024 * 1024),
    )


@router.get("/imports/{import_id}")
def show(visit: VisitOf, import_id: str, fait: str = "") -> Response:
    """Show an import: how far it is, or what it did."""
    return _page(visit, import_id, done=fait == "importe")


def _page(
    visit: Visit, import_id: str, error: str = "", done: bool = False, status: int = 200
) -> HTMLResponse:
    row = find(visit.session, Import, import_id)
    standing, progress = import_queue.standing(visit.database, row)
    failure = import_queue.failure_of(row, standing)
    report = localised(row.report, visit.language)
    context: dict[str, Any] = {
        "here": f"/imports/{import_id}",
        "imported": row,
        "state": standing,
        "running": standing == import_rows.RUNNING,
        "progress": progress,
        "elapsed": elapsed(now() - row.created_at),
        "failure": None if failure is None else translate(failure, visit.language),
        "report": report,
        "words": ImportWords(visit.language),
        **_rows(visit, row, report),
    }
    return visit.page("import.html", status, done=done, error=error, **context)


def _rows(visit: Visit, row: Import, report: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the rows of an import with their flows, and the remarks on the whole file."""
    query = visit.request.query_params
    kept = import_rows.row_counts(visit.session, row.id)
    groups = {group: kept.get(group, 0) for group in GROUPS}
    group = query.get("montrer", "")
    group = group if group in GROUPS else ""
    page, pages = page_of(query, groups[group] if group else sum(groups.values()))
    found = import_rows.rows_of(visit.session, row.id, group, (page - 1) * PAGE_ROWS, PAGE_ROWS)
    listed = [localised(one, visit.language) for one in found]
    return {
        "groups": groups,
        "group": group,
        "page": page,
        "pages": pages,
        "listed": listed,
        "rows": overview.flows_by_row(visit.session, row, [one["row"] for one in listed]),
        "whole": [one for one in report["findings"] if one["row"] is None],
    }


@router.post("/imports/{import_id}/annuler")
def undo(visit: VisitOf, import_id: str) -> Response:
    """Undo an import."""
    try:
        with visit.writing() as session:
            undoing.undo_import(session, import_id)
    except ConflictError as error:
        return _page(visit, import_id, translate(error.message, visit.language), status=409)
    return see_other(f"/imports/{import_id}")
