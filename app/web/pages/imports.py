"""Imports: rehearse a file, confirm it, undo it."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse

from app.db.tables import Import
from app.errors import ConflictError, InvalidInputError, TooLargeError
from app.exports.document import localised
from app.repositories.records import find
from app.services import imports, undoing
from app.translations import translate
from app.web import overview
from app.web.visit import Visit, VisitOf, see_other
from matching.messages import N_, Message

router = APIRouter()
NO_FILE = N_("Choose a file first.")
LONGEST_NAME = 300


@router.get("/imports")
def show_all(visit: VisitOf) -> Response:
    """Show the form and the imports made so far."""
    return _form(visit)


def _form(visit: Visit, status: int = 200, **context: Any) -> HTMLResponse:
    shown = {
        "here": "/imports",
        "report": None,
        "error": "",
        "imports": overview.all_imports(visit.session, visit.territory.id),
        "largest_mb": visit.settings.web.max_upload_bytes // (1024 * 1024),
    }
    template = "import_report.html" if visit.is_fragment else "imports.html"
    return visit.page(template, status, **{**shown, **context})


@router.post("/imports/essai")
def rehearse(visit: VisitOf) -> Response:
    """Show what the file would do, row by row; nothing is stored."""
    given = _file(visit)
    if given is None:
        return _form(visit, 422, error=translate(Message(NO_FILE), visit.language))
    return _rehearsed(visit, *given)


@router.post("/imports")
def confirm(visit: VisitOf) -> Response:
    """Store the file that was rehearsed; another one is rehearsed first."""
    given = _file(visit)
    if given is None:
        return _form(visit, 422, error=translate(Message(NO_FILE), visit.language))
    content, name = given
    if visit.text("digest") != hashlib.sha256(content).hexdigest():
        return _rehearsed(visit, content, name)
    try:
        with visit.writing() as session:
            imported = imports.import_table(session, visit.territory, content, name).row
    except InvalidInputError:
        return _rehearsed(visit, content, name, 422)
    address = f"/imports/{imported.id}?fait=importe"
    if visit.is_fragment:
        return Response(status_code=200, headers={"HX-Redirect": address})
    return see_other(address)


def _file(visit: Visit) -> tuple[bytes, str] | None:
    """Return the content and the name of the file sent, None when there is none."""
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return None
    limit = visit.settings.web.max_upload_bytes
    content = file.file.read(limit + 1)
    if len(content) > limit:
        raise TooLargeError(limit)
    return content, file.filename[-LONGEST_NAME:]


def _rehearsed(visit: Visit, content: bytes, name: str, status: int = 200) -> HTMLResponse:
    # A rehearsal writes, then takes everything back: it needs a session that may write.
    with visit.writing() as session:
        report = imports.rehearse(session, visit.territory, content, name).in_language(visit.language)
    wrong = {(one["sheet"], one["row"]) for one in report["findings"] if one["severity"] == imports.ERROR}
    return _form(visit, status, report=report, wrong_rows=len(wrong))


@router.get("/imports/{import_id}")
def show(visit: VisitOf, import_id: str, fait: str = "") -> Response:
    """Show an import and its report."""
    return _page(visit, import_id, done=fait == "importe")


def _page(
    visit: Visit, import_id: str, error: str = "", done: bool = False, status: int = 200
) -> HTMLResponse:
    row = find(visit.session, Import, import_id)
    return visit.page(
        "import.html",
        status,
        here=f"/imports/{import_id}",
        imported=row,
        report=localised(row.report, visit.language),
        rows=overview.flows_by_row(visit.session, row),
        done=done,
        error=error,
    )


@router.post("/imports/{import_id}/annuler")
def undo(visit: VisitOf, import_id: str) -> Response:
    """Undo an import."""
    try:
        with visit.writing() as session:
            undoing.undo_import(session, import_id)
    except ConflictError as error:
        return _page(visit, import_id, translate(error.message, visit.language), status=409)
    return see_other(f"/imports/{import_id}")
