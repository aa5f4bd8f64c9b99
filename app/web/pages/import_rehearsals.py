"""A file before it is stored: what it would do, what was understood, what to settle or leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Response
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse

from app.db.tables import WaitingFile
from app.errors import InvalidInputError, MissingError, TooLargeError
from app.exports.document import localised
from app.readers import write_template
from app.repositories import waiting_files as kept_files
from app.services import import_queue, imports, layouts, waiting_files
from app.services.import_choices import Choices
from app.services.rehearsals import Rehearsal, standing
from app.services.waiting_files import FAILED, READ
from app.translations import translate
from app.web.import_view import Shown, typed_choices
from app.web.import_words import ImportWords
from app.web.pages.imports import form_page
from app.web.visit import Visit, VisitOf, see_other
from matching.messages import N_, Message

router = APIRouter()
NO_FILE = N_("Choose a file first.")
LONGEST_NAME = 300
NOTHING_READ: Mapping[str, Any] = {"tables": [], "rows": []}


@router.post("/imports/essai")
def rehearse(visit: VisitOf) -> Response:
    """Keep the file sent and tell what it would do; nothing else is stored."""
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return form_page(visit, 422, error=translate(Message(NO_FILE), visit.language))
    limit = visit.settings.web.max_upload_bytes
    content = file.file.read(limit + 1)
    if len(content) > limit:
        raise TooLargeError(limit)
    waiting_files.sweep(visit.database)
    with visit.writing() as session:
        row = waiting_files.keep(session, visit.territory.id, content, file.filename[-LONGEST_NAME:])
    _read(visit, row)
    return _go(visit, f"/imports/essai/{row.id}")


def _read(visit: Visit, row: WaitingFile) -> None:
    """Read a file: at once unless it is large."""
    rehearsal = Rehearsal(visit.database, visit.principal, row.territory_id, row.id)
    if row.size_bytes > visit.settings.web.large_upload_bytes:
        rehearsal.later()
    else:
        rehearsal.now()


def _go(visit: Visit, address: str) -> Response:
    """Send the browser to another page, htmx included."""
    if visit.is_fragment:
        return Response(status_code=200, headers={"HX-Redirect": address})
    return see_other(address)


@router.get("/imports/modele.xlsx")
def template(visit: VisitOf) -> Response:
    """Return the empty workbook that companies fill in."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": 'attachment; filename="flux.xlsx"'}
    return Response(write_template(), media_type=kind, headers=headers)


@router.get("/imports/essai/{file_id}")
def show(visit: VisitOf, file_id: str) -> Response:
    """Show what a file would do, or that it is still being read."""
    try:
        row = waiting_files.own_file(visit.session, visit.territory.id, file_id)
    except MissingError:
        return visit.page("import_gone.html", 404, here="/imports")
    return _page(visit, row)


def _page(visit: Visit, row: WaitingFile, status: int = 200, error: str = "") -> HTMLResponse:
    step = standing(visit.database, row)
    context: dict[str, Any] = {"file": row, "step": step, "error": error, "here": f"/imports/essai/{row.id}"}
    if step == READ:
        reading = localised(kept_files.reading_of(visit.session, row.id), visit.language)
        choices = waiting_files.choices_of(row)
        context["shown"] = Shown.of(reading, visit.request.query_params, choices)
        context["choices"] = choices
        # Corrected, and not by this form: earlier files taught it.
        context["remembered"] = [
            table["layout"]
            for table in reading.get("tables", [])
            if table["corrected"] and table["layout"] not in choices.mapping
        ]
    context["words"] = ImportWords(visit.language)
    return visit.page("import_rehearsal.html", status, READ=READ, FAILED=FAILED, **context)


@router.post("/imports/essai/{file_id}")
def choose(visit: VisitOf, file_id: str) -> Response:
    """Read the file again with the cells settled, the rows left out and the columns corrected."""
    _choose(visit, file_id)
    return _go(visit, _back(visit, file_id))


def _choose(visit: Visit, file_id: str) -> None:
    with visit.writing() as session:
        row = waiting_files.own_file(session, visit.territory.id, file_id)
        reading = kept_files.reading_of(session, row.id) or NOTHING_READ
        choices = typed_choices(waiting_files.choices_of(row), reading, visit.form)
        forgotten = visit.text("oublier")
        if forgotten:
            layouts.forget(session, visit.territory.id, forgotten)
            choices = choices.without(forgotten)
        waiting_files.choose(session, row, choices)
    _read(visit, row)


def _back(visit: Visit, file_id: str) -> str:
    query = visit.request.url.query
    return f"/imports/essai/{file_id}{'?' if query else ''}{query}#relu"


@router.post("/imports/essai/{file_id}/enregistrer")
def confirm(visit: VisitOf, file_id: str, after: BackgroundTasks) -> Response:
    """Store the file as it was rehearsed."""
    row = waiting_files.own_file(visit.session, visit.territory.id, file_id)
    content = kept_files.content_of(visit.session, row.id)
    choices = waiting_files.choices_of(row).ending(bool(visit.text("finir")), bool(visit.text("sans_refus")))
    try:
        if row.size_bytes > visit.settings.web.large_upload_bytes:
            address = _store_later(visit, row, content, choices, after)
        else:
            address = _store(visit, row, content, choices)
    except InvalidInputError as error:
        return _page(visit, row, 422, translate(error.errors[0].message, visit.language))
    return _go(visit, address)


def _store(visit: Visit, row: WaitingFile, content: bytes, choices: Choices) -> str:
    with visit.writing() as session:
        done = imports.import_table(session, visit.territory, content, row.file_name, choices)
        waiting_files.drop(session, visit.territory.id, row.id)
    return f"/imports/{done.row.id}?fait=importe"


def _store_later(
    visit: Visit, row: WaitingFile, content: bytes, choices: Choices, after: BackgroundTasks
) -> str:
    with visit.writing() as session:
        waiting = import_queue.take(visit.database, session, visit.territory, content, row.file_name, choices)
        waiting_files.drop(session, visit.territory.id, row.id)
    after.add_task(waiting.begin)
    return f"/imports/{waiting.row.id}"


@router.post("/imports/essai/{file_id}/abandonner")
def give_up(visit: VisitOf, file_id: str) -> Response:
    """Forget a file that was not stored."""
    with visit.writing() as session:
        waiting_files.drop(session, visit.territory.id, file_id)
    return _go(visit, "/imports")
