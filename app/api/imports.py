"""Imports: a file of flows in, with a report by row, and out again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import BackgroundTasks, File, Form, Response, UploadFile

from app.api.common import CREATING, DELETING, READING, created, new_router, refusals, tagged
from app.db.engine import Database
from app.db.tables import Import
from app.dependencies import DatabaseOf, Language, PageSlice, SessionOf, SettingsOf
from app.errors import TooLargeError
from app.exports.document import localised
from app.repositories.paging import listed
from app.repositories.records import find
from app.schemas.common import PageOf
from app.schemas.imports import ImportShown, Rehearsal
from app.services import access, import_queue, imports, layouts, undoing
from app.services.import_choices import Choices
from app.translations import translate

router = new_router("/imports", "Imports")
MAPPING = (
    "JSON : par signature de mise en page (« tables.layout » du rapport), ce que sont ses colonnes : "
    '{"<layout>": {"columns": {"C": {"field": "quantity", "unit": "t", "period": "year", "direction": '
    '"output"}}, "header_shift": 0, "ignored": false, "direction": ""}}'
)
ACCEPTED = "Fichier volumineux : l’import se poursuit, son avancement se lit à l’adresse de « Location »"


def _shown(database: Database, row: Import, language: str) -> dict[str, Any]:
    status, progress = import_queue.standing(database, row)
    failure = import_queue.failure_of(row, status)
    return {
        "id": row.id,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "territory_id": row.territory_id,
        "file_name": row.file_name,
        "actor": row.actor,
        "status": status,
        "progress": progress,
        "failure": None if failure is None else translate(failure, language),
        "report": localised(row.report, language),
    }


@router.post(
    "",
    operation_id="create_import",
    summary="Importer un classeur ou un CSV de flux",
    status_code=201,
    response_model=ImportShown | Rehearsal,
    responses=CREATING | refusals(413) | {202: {"model": ImportShown, "description": ACCEPTED}},
)
def create(
    session: SessionOf,
    database: DatabaseOf,
    after: BackgroundTasks,
    settings: SettingsOf,
    language: Language,
    response: Response,
    file: Annotated[UploadFile, File(description="CSV, XLSX ou ODS")],
    territory_id: Annotated[str | None, Form(description="Identifiant du territoire")] = None,
    dry_run: Annotated[bool, Form(description="Rapport seul, rien n’est enregistré")] = False,
    mapping: Annotated[str, Form(description=MAPPING)] = "",
    remember: Annotated[bool, Form(description="Retenir « mapping » pour les fichiers suivants")] = False,
) -> Any:
    """Store everything or nothing; rows already known are updated, never doubled.

    A large file is taken at once and imported afterwards: the answer is 202, and says where to ask.
    """
    limit = settings.web.max_upload_bytes
    content = file.file.read(limit + 1)
    if len(content) > limit:
        raise TooLargeError(limit)
    territory = access.territory_for(session, territory_id)
    file_name = (file.filename or "flux")[-300:]
    choices = Choices(mapping=layouts.parsed(mapping), remember=remember)
    if dry_run:
        response.status_code = 200
        report = imports.rehearse(session, territory, content, file_name, choices)
        return {"report": report.in_language(language)}
    if len(content) <= settings.web.large_upload_bytes:
        row = imports.import_table(session, territory, content, file_name, choices).row
        return _shown(database, created(response, row, "imports"), language)
    response.status_code = 202
    waiting = import_queue.take(database, session, territory, content, file_name, choices)
    # Tasks run once the answer is sent, hence once the record is committed.
    after.add_task(waiting.begin)
    return _shown(database, created(response, waiting.row, "imports"), language)


@router.get(
    "",
    operation_id="list_imports",
    summary="Lister les imports",
    response_model=PageOf[ImportShown],
    responses=READING,
)
def read_all(
    session: SessionOf,
    database: DatabaseOf,
    part: PageSlice,
    language: Language,
    territory: str | None = None,
) -> Any:
    """Return imports with their reports."""
    access.check_territory(session, territory)
    page = listed(session, Import, part, territory_id=territory)
    return {"items": [_shown(database, row, language) for row in page.items], "next": page.next}


@router.get(
    "/{import_id}",
    operation_id="read_import",
    summary="Lire un import et son rapport",
    response_model=ImportShown,
    responses=READING,
)
def read(
    session: SessionOf, database: DatabaseOf, response: Response, language: Language, import_id: str
) -> Any:
    """Return one import, with its progress while it runs."""
    return _shown(database, tagged(response, find(session, Import, import_id)), language)


@router.delete(
    "/{import_id}",
    operation_id="undo_import",
    summary="Annuler un import",
    response_model=ImportShown,
    responses=DELETING,
)
def undo(session: SessionOf, database: DatabaseOf, language: Language, import_id: str) -> Any:
    """Undo: new rows go, changed rows get back what they held, corrections made since are kept."""
    return _shown(database, undoing.undo_import(session, import_id), language)
