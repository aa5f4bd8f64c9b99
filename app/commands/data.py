"""``import``, ``export``, ``backup`` and ``restore``: what goes in and out of the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.accounts import TerritoryName, system_session, territory_named
from app.commands.common import (
    Language,
    Output,
    language_of,
    print_findings,
    read_bytes,
    write_bytes,
)
from app.commands.upgrading import fail
from app.db import backup as copies
from app.db.engine import open_database
from app.db.migrate import migrate
from app.repositories.synergy_criteria import Criteria
from app.services.access import territory_for
from app.services.exports import Format, export_synergies
from app.services.imports import import_table
from app.settings import Settings
from app.translations import gettext
from matching.messages import N_

BackupFile = Annotated[Path, typer.Argument(help="Fichier de la copie / the copy", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands to ``entreflux``."""
    app.command("import")(import_file)
    app.command("export")(export)
    app.command("backup")(backup)
    app.command("restore")(restore)


def import_file(
    file: Annotated[str, typer.Argument(help="CSV, XLSX ou ODS, ou - / CSV, XLSX or ODS, or -")],
    territory: TerritoryName = None,
    lang: Language = None,
) -> None:
    """Importer un tableau de flux, tout ou rien / import a flow table, all or nothing."""  # noqa: D401
    language = language_of(lang)
    content, name = read_bytes(file)
    with system_session(language) as session:
        where = territory_for(session, getattr(territory_named(session, territory), "id", None))
        imported = import_table(session, where, content, name)
    print_findings(imported.findings, language)
    done = imported.report.content["done"]
    told = gettext(
        N_("Import {id}: {created} flows created, {updated} updated, {unchanged} unchanged."),
        language,
        id=imported.row.id,
        created=done["flows_created"],
        updated=done["flows_updated"],
        unchanged=done["flows_unchanged"],
    )
    typer.echo(told, err=True)


def export(
    territory: TerritoryName = None,
    form: Annotated[Format, typer.Option("--format", help=" | ".join(Format))] = Format.JSON,
    out: Output = None,
    lang: Language = None,
) -> None:
    """Exporter les synergies enregistrées / export the stored synergies."""  # noqa: D401
    language = language_of(lang)
    with system_session(language) as session:
        where = territory_for(session, getattr(territory_named(session, territory), "id", None))
        content = export_synergies(session, Criteria(territory_id=where.id), form, language)
    write_bytes(content, out)


def backup(file: BackupFile, lang: Language = None) -> None:
    """Copier la base, même en service / copy the database, even while it serves."""
    settings = Settings()
    try:
        copies.backup(settings.database.url, file, settings.backup.passphrase)
    except copies.BackupError as error:
        fail(error)
    typer.echo(gettext(N_("Copied to {file}."), language_of(lang), file=file), err=True)


def restore(
    file: BackupFile,
    verify: Annotated[bool, typer.Option("--verify", help="Vérifier le résultat / check the result")] = False,
    lang: Language = None,
) -> None:
    """Remettre une copie à la place de la base / put a copy back in the place of the database."""
    language = language_of(lang)
    settings = Settings()
    database = open_database(settings.database)
    try:
        with copies.opened(file, settings.backup.passphrase) as plain:
            copies.ensure_postgis(database.engine)
            aside = copies.restore(settings.database.url, plain)
            if verify:
                copies.verify(database.engine, plain)
        # What was just put back is itself the copy to keep.
        migrate(database.engine)
    except copies.BackupError as error:
        fail(error)
    if aside is not None:
        typer.echo(gettext(N_("The former database is kept in {file}."), language, file=aside), err=True)
    counts = ", ".join(f"{name} {count}" for name, count in copies.counts(database.engine).items() if count)
    typer.echo(gettext(N_("Restored: {counts}."), language, counts=counts or "0"), err=True)
    database.close()
