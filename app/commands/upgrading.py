"""A database brought up to date by a command, and where the copy of what it was is."""

from __future__ import annotations

from typing import NoReturn

import typer

from app.commands.common import EXIT_INPUT_ERRORS
from app.db.backup_errors import BackupError
from app.db.engine import Database
from app.db.upgrade import upgrade
from app.settings import Settings
from app.translations import gettext
from matching.messages import N_


def upgraded(database: Database, settings: Settings, language: str) -> None:
    """Bring a database to the present schema, tell where its copy is; exit with 1 when none can be made."""
    try:
        copy = upgrade(database.engine, settings.backup)
    except BackupError as error:
        fail(error)
    if copy is not None:
        told = N_("The schema changed; the database as it was before is kept in {file}.")
        typer.echo(gettext(told, language, file=copy), err=True)


def fail(error: Exception) -> NoReturn:
    """Tell an error of the whole command and exit with 1."""
    typer.echo(f"\t\t\t{error}", err=True)
    raise typer.Exit(EXIT_INPUT_ERRORS) from error
