"""A database brought to the present schema, after a copy of what it was."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from app.db.backup import backup
from app.db.migrate import migrate
from app.settings import Backup, data_folder

PREFIX = "entreflux-before-"


def upgrade(engine: Engine, settings: Backup) -> Path | None:
    """Bring a database to the present schema; one that holds rows of an older schema is copied first.

    Returns
    -------
    Path | None
        The copy, or None when there was nothing to change.

    Raises
    ------
    BackupError
        When the copy could not be made: the database is left as it was.
    """
    made: list[Path] = []

    def copy(revision: str) -> None:
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
        target = folder_of(engine, settings) / f"{PREFIX}{revision}-{moment}.copy"
        backup(engine.url.render_as_string(hide_password=False), target, settings.passphrase)
        made.append(target)

    migrate(engine, before=copy if settings.before_migration else None)
    if made:
        _forget(made[0].parent, settings.keep)
    return made[0] if made else None


def folder_of(engine: Engine, settings: Backup) -> Path:
    """Return where copies go: as set, else beside a SQLite file, else the user's data folder."""
    if settings.folder:
        return Path(settings.folder)
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name:
        return Path(name).absolute().parent / "copies"
    return data_folder() / "copies"


def _forget(folder: Path, keep: int) -> None:
    """Remove the oldest copies made here, never those that somebody made or named otherwise."""
    copies = sorted(folder.glob(f"{PREFIX}*.copy"), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in copies[keep:]:
        old.unlink(missing_ok=True)
