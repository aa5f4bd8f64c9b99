"""Whole copies of a database, out and in again."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, func, select, text
from sqlalchemy.engine import make_url

from app.db.base import Base


class BackupError(RuntimeError):
    """A copy that could not be made, read or put back."""


def backup(url: str, target: Path) -> None:
    """Write a copy of the database, sound even while others write to it."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        _run(["pg_dump", "--format=custom", f"--file={target}", _libpq(address)])
        return
    # Through a neighbour: a broken run must not leave half a copy under the name asked for.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        partial = Path(folder) / "copy.sqlite"
        _copy_sqlite(_file(address), partial)
        partial.replace(target)


def restore(url: str, source: Path) -> Path | None:
    """Put a copy back in the place of the database.

    Returns
    -------
    Path | None
        Where the SQLite database that stood there was set aside; None when there was none, or on PostGIS.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        _restore_postgis(_libpq(address), source)
        return None
    check_sqlite(source)
    target = _file(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = None
    if target.exists():
        aside = target.with_name(f"{target.stem}-before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}{target.suffix}")
        _copy_sqlite(target, aside)
    _copy_sqlite(source, target)
    return aside


def check_sqlite(file: Path) -> None:
    """Raise ``BackupError`` unless a file is a sound SQLite database whose references all hold."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(str(error)) from error
    if verdict != "ok" or orphans is not None:
        raise BackupError(f"{verdict}, {orphans}")


def counts(engine: Engine) -> Mapping[str, int]:
    """Return the number of rows of each table."""
    with engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in sorted(Base.metadata.tables.items())
        }


def counts_of_file(file: Path) -> Mapping[str, int]:
    """Return the number of rows of each of our tables in a SQLite copy."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        present = {
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - own names
            for name in sorted(Base.metadata.tables)
            if name in present
        }


def _file(address: URL) -> Path:
    if not address.database or address.database == ":memory:":
        raise BackupError("a database in memory has no copy")
    return Path(address.database)


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BackupError(f"{source}")
    with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as after:
        before.backup(after)


def _libpq(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def _restore_postgis(address: str, source: Path) -> None:
    """Put a dump back, all or nothing; extensions stay as the server has them."""
    listed = _run(["pg_restore", "--list", str(source)])
    wanted = "\n".join(line for line in listed.splitlines() if " EXTENSION " not in line)
    with tempfile.NamedTemporaryFile("w", suffix=".list") as contents:
        contents.write(wanted)
        contents.flush()
        options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _run(["pg_restore", *options, f"--use-list={contents.name}", f"--dbname={address}", str(source)])


def _run(command: Sequence[str]) -> str:
    if shutil.which(command[0]) is None:
        raise BackupError(f"{command[0]}?")
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - own arguments
    if done.returncode != 0:
        raise BackupError(done.stderr.strip())
    return done.stdout


def ensure_postgis(engine: Engine) -> None:
    """Add PostGIS to a database that has it not."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
