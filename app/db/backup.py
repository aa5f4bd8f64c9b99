"""Whole copies of a database, out and in again, each read back before it counts as one."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, func, inspect, select, table, text
from sqlalchemy.engine import make_url

from app.db import backup_postgis as postgis
from app.db import row_security
from app.db.backup_errors import BackupError as BackupError
from app.db.base import Base
from app.db.engine import make_engine
from app.db.migrate import knows_revision
from app.db.sealing import SealError, is_sealed, seal, unseal
from app.settings import Database as DatabaseSettings

OWNER_ONLY = 0o600


def backup(url: str, target: Path, passphrase: str = "") -> None:
    """Write a copy of the database, sound even while others write to it, and readable by its owner alone.

    Parameters
    ----------
    passphrase
        What will open it again; empty: the copy is as readable as the database.

    Raises
    ------
    BackupError
        When the copy could not be made, or does not read back whole; nothing stands under ``target`` then,
        or what stood there before.
    """
    address = make_url(url)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Through a neighbour: a broken run must not leave half a copy under the name asked for.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            partial = Path(folder) / "copy"
            if _is_sqlite(address):
                _copy_sqlite(_file(address), partial)
                check_sqlite(partial)
            else:
                postgis.dump(address, partial)
            if passphrase:
                seal(partial, partial := Path(folder) / "sealed", passphrase)
            partial.chmod(OWNER_ONLY)
            _keep(partial, target)
    except OSError as error:
        raise BackupError(f"{target}: {error.strerror}") from error


@contextmanager
def opened(source: Path, passphrase: str = "") -> Iterator[Path]:
    """Yield a copy as it was before it was sealed; one that never was, as it is.

    Raises
    ------
    BackupError
        When it does not open with this passphrase.
    """
    if not is_sealed(source):
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="entreflux-copy-") as folder:
        plain = Path(folder) / "copy"
        try:
            unseal(source, plain, passphrase)
        except (SealError, OSError) as error:
            raise BackupError(f"{source}: {error}") from error
        yield plain


def restore(url: str, source: Path) -> Path | None:
    """Put a copy back in the place of the database; refused, the database stays as it was.

    Returns
    -------
    Path | None
        Where the SQLite database that stood there was set aside; None when there was none, or on PostGIS.
    """
    address = make_url(url)
    check(url, source)
    if not _is_sqlite(address):
        postgis.put_back(address, source)
        _guard_rows(url)
        return None
    target = _file(address)
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = None
    if target.exists():
        aside = target.with_name(f"{target.stem}-before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}{target.suffix}")
        _copy_sqlite(target, aside)
        aside.chmod(OWNER_ONLY)
    _copy_sqlite(source, target)
    return aside


def _guard_rows(url: str) -> None:
    """Let members act on the tables put back at once, not from the next start on: copies hold no rights."""
    engine = make_engine(DatabaseSettings(url=url))
    try:
        with engine.begin() as connection:
            row_security.prepare(connection)
    finally:
        engine.dispose()


def check(url: str, source: Path) -> None:
    """Raise ``BackupError`` unless a file is a sound copy of a database of ours, of a known schema."""
    if _is_sqlite(make_url(url)):
        check_sqlite(source)
        revision = _revision_of_file(source)
    else:
        postgis.counts_of_dump(source)
        revision = postgis.revision_of_dump(source)
    if not knows_revision(revision):
        raise BackupError(f"{source}: schema “{revision or '?'}”")


def check_sqlite(file: Path) -> None:
    """Raise ``BackupError`` unless a file is a sound SQLite database whose references all hold."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file}: {error}") from error
    if verdict != "ok" or orphans is not None:
        raise BackupError(f"{verdict}, {orphans}")


def verify(engine: Engine, source: Path) -> Mapping[str, int]:
    """Return the rows of each table; ``BackupError`` unless they are those of the copy, and sound."""
    if engine.dialect.name == "sqlite":
        check_sqlite(_file(engine.url))
        expected = counts_of_file(source)
    else:
        dumped = postgis.counts_of_dump(source)
        expected = {name: dumped[name] for name in dumped if name in Base.metadata.tables}
    restored = counts(engine, expected)
    wrong = [
        f"{name}: {restored[name]} != {count}" for name, count in expected.items() if restored[name] != count
    ]
    if wrong:
        raise BackupError(", ".join(wrong))
    return restored


def counts(engine: Engine, names: Collection[str] | None = None) -> Mapping[str, int]:
    """Return the number of rows of each of our tables, or of those named, that the database has."""
    present = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in sorted(Base.metadata.tables if names is None else names)
            if name in present
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


def _revision_of_file(file: Path) -> str:
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        return ""
    return "" if found is None else str(found[0])


def _is_sqlite(address: URL) -> bool:
    return address.get_backend_name() == "sqlite"


def _file(address: URL) -> Path:
    if not address.database or address.database == ":memory:":
        raise BackupError("a database in memory has no copy")
    return Path(address.database)


def _copy_sqlite(source: Path, target: Path) -> None:
    if not source.is_file():
        raise BackupError(f"{source}")
    try:
        with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as after:
            before.backup(after)
    except sqlite3.Error as error:
        raise BackupError(f"{target}: {error}") from error


def _keep(partial: Path, target: Path) -> None:
    """Put a file under its name once it is on the disk, so that a power cut cannot leave an empty one."""
    _flush(partial)
    partial.replace(target)
    _flush(target.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def ensure_postgis(engine: Engine) -> None:
    """Add PostGIS to a database that has it not."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
